import { z } from 'zod';
import type { AlertRow } from '../storage/AlertRow.js';

export type AlertEventType = 'alert.fired' | 'alert.repeated' | 'alert.acknowledged' | 'alert.resolved';

/**
 * The payload of an event on stream `alerts`. What filters look at (severity, rule, flow, asset) never changes in the life of an
 * alert, so that a watcher who saw it fire also sees it end.
 */
const payloadSchema = z.object({
  alertId: z.uuid(),
  severity: z.enum(['INFO', 'WARNING', 'CRITICAL']),
  ruleId: z.uuid().nullable(),
  flowId: z.uuid().nullable(),
  assetId: z.uuid().nullable(),
  /** What clients get as `data`. */
  data: z.record(z.string(), z.unknown()),
});
export type AlertEventPayload = z.infer<typeof payloadSchema>;

export function alertEventPayload(alert: AlertRow, facts: Readonly<Record<string, unknown>>): AlertEventPayload {
  const { id: alertId, severity, ruleId, flowId, assetId, status, value, occurrences } = alert;
  return { alertId, severity, ruleId, flowId, assetId, data: { status, severity, value, occurrences, ...facts } };
}

/** Null for a payload that is not an alert's. */
export function readAlertEvent(payload: unknown): AlertEventPayload | null {
  const parsed = payloadSchema.safeParse(payload);
  return parsed.success ? parsed.data : null;
}
