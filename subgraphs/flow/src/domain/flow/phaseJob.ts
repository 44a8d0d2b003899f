import { defineJob } from '@tributary/jobs';
import { z } from 'zod';

/** A phase of a flow that is due. Only the job of the flow's current `run` counts. */
export const phaseJob = defineJob({
  name: 'phase',
  runs: 'phases',
  payload: z.object({ flowId: z.uuid(), phase: z.string(), run: z.number().int() }),
  maxAttempts: 100,
});
