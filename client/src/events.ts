// The part of the contract that streams speak, written out by hand: what is left out can be had by `selection`.
import type * as contractEvents from '@tributary/contracts/events';
import type { StreamEventType } from '@tributary/contracts/events';
import { endedFlowStatuses } from '@tributary/contracts/values';
import type * as contract from '@tributary/contracts/values';
import type { GraphqlError } from './TributaryError.js';

export type JsonObject = { readonly [key: string]: unknown };

/** What this version of the contract names. More may be added: ignore what you do not know. */
type OrLater<Known extends string> = Known | (string & {});

export type FlowStatus = OrLater<contract.FlowStatus>;
export type AlertSeverity = OrLater<contract.AlertSeverity>;
export type AlertStatus = OrLater<contract.AlertStatus>;
export type { StreamEventType };
export type FlowEventType = OrLater<StreamEventType | contractEvents.FlowEventType>;
export type AlertEventType = OrLater<StreamEventType | contractEvents.AlertEventType>;

export interface StreamEvent {
  /** 1, 2, 3 … within the stream, without a gap; a filtered subscription shows some of them. */
  readonly sequence: number;
  /** Keep it to go on behind this event later, as `after`. */
  readonly cursor: string;
  /** What this follows on this subscription; null on the first `stream.*` event and on a reset. */
  readonly previousCursor: string | null;
  readonly type: string;
  readonly data: JsonObject;
  /** RFC 3339, UTC. */
  readonly occurredAt: string;
  /** Why joined fields of this event are null; absent when nothing is missing. */
  readonly errors?: readonly GraphqlError[];
}

export interface FlowFailure {
  readonly code: string;
  readonly message: string;
  readonly phase: string | null;
  readonly retryable: boolean;
}

export interface Flow {
  readonly id: string;
  /** "discovery", or the kind that an outside runner gave. */
  readonly kind: string;
  readonly name: string;
  readonly status: FlowStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly failure: FlowFailure | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly version: number;
}

/** `status`, `phase` and `progress` are as of the event; `flow` is as of delivery and may be newer. */
export interface FlowEvent extends StreamEvent {
  readonly type: FlowEventType;
  /** Null only on a `stream.*` event of flowUpdates. */
  readonly flow: Flow | null;
  readonly phase: string | null;
  readonly status: FlowStatus | null;
  /** Of the whole flow, 0 to 1. */
  readonly progress: number | null;
  readonly message: string | null;
}

export interface Alert {
  readonly id: string;
  readonly fingerprint: string;
  readonly severity: AlertSeverity;
  readonly status: AlertStatus;
  readonly title: string;
  readonly description: string;
  readonly labels: JsonObject;
  readonly value: number | null;
  readonly occurrences: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly acknowledgedAt: string | null;
  readonly comment: string | null;
  readonly resolvedAt: string | null;
  readonly version: number;
}

export interface AlertEvent extends StreamEvent {
  readonly type: AlertEventType;
  /** As of delivery. Null only on a `stream.*` event. */
  readonly alert: Alert | null;
}

/** The position of this reader is gone, and events may have been missed: query again what is shown, then go on reading. */
export type ResetEvent<Event extends StreamEvent = StreamEvent> = Event & {
  readonly type: 'stream.reset';
  /** POSITION_GONE: too old; POSITION_UNKNOWN: never of this stream. More may be added. */
  readonly data: { readonly reason: string };
};

export function isReset<Event extends StreamEvent>(event: Event): event is ResetEvent<Event> {
  return event.type === 'stream.reset';
}

/** Whether a flow with this status stands at its end. `retryFlow` can start a failed one again. */
export function hasEnded(status: FlowStatus | null | undefined): boolean {
  return endedFlowStatuses.some((ended) => ended === status);
}

export interface FlowUpdatesFilter {
  readonly kind?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
}

export interface AlertUpdatesFilter {
  readonly minSeverity?: AlertSeverity | null;
  readonly ruleId?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
  readonly assetId?: readonly string[] | null;
}
