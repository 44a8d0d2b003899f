import { alertEventTypes } from './alert.js';
import { deliveryEventTypes } from './delivery.js';
import { flowEventTypes, flowLifeEventTypes } from './flow.js';
import { notificationEventTypes } from './notification.js';
import { traceEventTypes } from './traces.js';

/** The stream of one flow, by the flow's bare uuid. */
export function flowStream(flowUuid: string): StreamId {
  return `flow:${flowUuid}`;
}

export interface EventStreamDefinition {
  readonly types: readonly string[];
  /** Whether its events can be read for ever. Otherwise they are deleted once they are older than the retention. */
  readonly historyStays: boolean;
  readonly description: string;
}

/** Every kind of stream that there is. */
export const eventStreams = {
  flow: { types: flowEventTypes, historyStays: true, description: 'One flow, step by step.' },
  flows: {
    types: flowLifeEventTypes,
    historyStays: false,
    description: 'The life of all flows of a workspace, without progress within a phase.',
  },
  alerts: { types: alertEventTypes, historyStays: false, description: 'What happens to the alerts of a workspace.' },
  traces: { types: traceEventTypes, historyStays: false, description: 'Which traces came in, batch by batch.' },
  notifications: {
    types: notificationEventTypes,
    historyStays: false,
    description: 'Of which alerts people are told, and by which channels.',
  },
  deliveries: {
    types: deliveryEventTypes,
    historyStays: false,
    description: 'What becomes of the webhooks and channels of a workspace.',
  },
} as const satisfies Record<string, EventStreamDefinition>;

/**
 * A stream of one workspace: one flow's events, or one of those that the whole workspace has. Sequences count 1, 2, 3 … within
 * (workspace, stream).
 */
export type StreamId = `flow:${string}` | Exclude<keyof typeof eventStreams, 'flow'>;

/** The kind of a stream. */
export function streamKind(stream: StreamId): keyof typeof eventStreams {
  return stream in eventStreams ? (stream as keyof typeof eventStreams) : 'flow';
}

/** Word about the stream itself; these are sent and never stored. */
export const streamEventTypes = ['stream.snapshot', 'stream.reset', 'stream.bookmark'] as const;
export type StreamEventType = (typeof streamEventTypes)[number];

/** Which log a field of Subscription reads, by the field's name; `flow` is the log of the flow in its argument `flowId`. */
export const logOfStreamField: Readonly<Record<string, keyof typeof eventStreams>> = {
  flowUpdates: 'flows',
  flowProgress: 'flow',
  alertUpdates: 'alerts',
  webhookUpdates: 'deliveries',
};
