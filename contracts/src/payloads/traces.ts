import { z } from 'zod';
import type { TracesIngestedPayload } from '../events/traces.js';

const spans = z.array(z.tuple([z.number().int(), z.number().int()]));
const nano = z.string().regex(/^\d+$/);

/** Reads what a batch brought and cost, and leaves the rest of the payload alone. */
export const batchCostsPayload: z.ZodType<Pick<TracesIngestedPayload, 'accepted' | 'costs' | 'restNano'>> = z.object({
  accepted: z.number().int(),
  costs: z.array(z.object({ agent: z.string(), nano })),
  restNano: nano,
});

/** Reads the payload of an event on `traces`. */
export const tracesIngestedPayload: z.ZodType<TracesIngestedPayload> = z.object({
  batchId: z.uuid(),
  accepted: z.number().int(),
  firstStartedAt: z.iso.datetime(),
  lastStartedAt: z.iso.datetime(),
  hours: spans,
  minutesStarted: spans,
  minutesEnded: spans,
  costs: z.array(z.object({ agent: z.string(), nano })),
  restNano: nano,
});
