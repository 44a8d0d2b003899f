import { z } from 'zod';
import type { NotificationPayload } from '../events/notification.js';
import { alertSeverities, alertStatuses } from '../values/alert.js';
import { notificationKinds } from '../values/delivery.js';

const facts = z.record(z.string(), z.unknown());

const notifiedAlert = z.object({
  alertId: z.uuid(),
  fingerprint: z.string(),
  title: z.string(),
  description: z.string(),
  severity: z.enum(alertSeverities),
  status: z.enum(alertStatuses),
  labels: facts,
  value: z.number().nullable(),
  firedAt: z.string(),
  resolvedAt: z.string().nullable(),
  runbookUrl: z.string().nullable(),
});

export const notificationPayload = z.object({
  kind: z.enum(notificationKinds),
  route: z.string(),
  groupKey: z.string(),
  group: facts,
  step: z.number().int(),
  channelIds: z.array(z.uuid()),
  alerts: z.array(notifiedAlert),
  total: z.number().int(),
}) satisfies z.ZodType<NotificationPayload>;
