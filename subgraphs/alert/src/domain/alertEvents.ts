import type { AlertEventPayload } from '@tributary/contracts/events';
import { alertEventPayload } from '@tributary/contracts/payloads';
import type { AlertRow } from '../storage/AlertRow.js';

/** What watchers of stream `alerts` are told of a change. */
export function payloadOfAlert(alert: AlertRow, facts: Readonly<Record<string, unknown>>): AlertEventPayload {
  const { id: alertId, severity, firedSeverity, ruleId, flowId, assetId, status, value, occurrences, version } = alert;
  const data = { status, severity, value, occurrences, version, ...facts };
  return { alertId, severity: firedSeverity ?? severity, ruleId, flowId, assetId, data };
}

/** Null for a payload that is not an alert's. */
export function readAlertEvent(payload: unknown): AlertEventPayload | null {
  const parsed = alertEventPayload.safeParse(payload);
  return parsed.success ? parsed.data : null;
}
