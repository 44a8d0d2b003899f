import { z } from 'zod';
import type { DeliveryEventPayload } from '../events/delivery.js';

/** Reads the payload of an event on `deliveries`. */
export const deliveryEventPayload: z.ZodType<DeliveryEventPayload> = z.object({
  webhookId: z.uuid().nullable(),
  channelId: z.uuid().nullable(),
  name: z.string(),
  data: z.record(z.string(), z.unknown()),
});
