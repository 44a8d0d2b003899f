import { z } from 'zod';
import type { AlertEventPayload } from '../events/alert.js';
import { alertSeverities } from '../values/alert.js';

/** Reads the payload of an event on `alerts`. */
export const alertEventPayload: z.ZodType<AlertEventPayload> = z.object({
  alertId: z.uuid(),
  severity: z.enum(alertSeverities),
  ruleId: z.uuid().nullable(),
  flowId: z.uuid().nullable(),
  assetId: z.uuid().nullable(),
  data: z.record(z.string(), z.unknown()),
});
