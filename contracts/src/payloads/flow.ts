import { z } from 'zod';
import type { FlowEventPayload } from '../events/flow.js';
import { flowStatuses } from '../values/flow.js';

/**
 * Reads the payload of an event on `flows` or `flow:<uuid>`. Whoever reads the log may meet one that a newer version wrote: facts that
 * it does not know are left out.
 */
export const flowEventPayload: z.ZodType<FlowEventPayload> = z.object({
  flowId: z.uuid(),
  kind: z.string(),
  name: z.string(),
  status: z.enum(flowStatuses),
  phase: z.string().nullable(),
  progress: z.number().min(0).max(1),
  message: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  failure: z
    .object({ code: z.string(), message: z.string(), phase: z.string().nullable(), retryable: z.boolean() })
    .nullish(),
});
