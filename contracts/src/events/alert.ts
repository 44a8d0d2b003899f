import type { AlertSeverity } from '../values/alert.js';

/** What is written to stream `alerts`. */
export const alertEventTypes = [
  'alert.fired',
  'alert.repeated',
  'alert.reopened',
  'alert.recovering',
  'alert.flapping',
  'alert.settled',
  'alert.escalated',
  'alert.corrected',
  'alert.acknowledged',
  'alert.unacknowledged',
  'alert.assigned',
  'alert.commented',
  'alert.suppressed',
  'alert.unsuppressed',
  'alert.resolved',
] as const;
export type AlertEventType = (typeof alertEventTypes)[number];

/**
 * The payload of an event on stream `alerts`. What filters look at (severity, rule, flow, asset) never changes in the life of an
 * alert, so that a watcher who saw it fire also sees it end. Ids are bare uuids.
 */
export type AlertEventPayload = {
  readonly alertId: string;
  readonly severity: AlertSeverity;
  readonly ruleId: string | null;
  readonly flowId: string | null;
  readonly assetId: string | null;
  /** What clients get as `data`. */
  readonly data: Readonly<Record<string, unknown>>;
};
