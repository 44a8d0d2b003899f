import type { FlowStatus } from '../values/flow.js';

/** What is written to stream `flows`, and to the flow's own stream. */
export const flowLifeEventTypes = [
  'flow.created',
  'flow.started',
  'flow.awaiting_approval',
  'flow.approved',
  'flow.paused',
  'flow.resumed',
  'flow.retried',
  'flow.cancelled',
  'flow.finished',
  'flow.failed',
  'phase.started',
  'phase.finished',
  'phase.failed',
] as const;
export type FlowLifeEventType = (typeof flowLifeEventTypes)[number];

/** What is written to the stream of one flow. */
export const flowEventTypes = [...flowLifeEventTypes, 'phase.progressed'] as const;
export type FlowEventType = (typeof flowEventTypes)[number];

/** Why a flow failed. */
export interface FlowFailureFacts {
  /** One of the source, runner or flow error codes; it may be one that this reader does not know. */
  readonly code: string;
  readonly message: string;
  /** Name of the phase that failed; null when it failed between phases. */
  readonly phase: string | null;
  readonly retryable: boolean;
}

/** The payload of an event on `flows` and `flow:<uuid>`: what stood when it happened. */
export type FlowEventPayload = {
  /** Bare uuid. */
  readonly flowId: string;
  /** "discovery", or what an outside runner gave. */
  readonly kind: string;
  readonly name: string;
  readonly status: FlowStatus;
  /** Name of the phase that it is about; null when it is about the whole flow and no phase stands. */
  readonly phase: string | null;
  /** Of the whole flow, 0 to 1. */
  readonly progress: number;
  readonly message: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** With flow.failed and phase.failed; otherwise absent or null. */
  readonly failure?: FlowFailureFacts | null | undefined;
};
