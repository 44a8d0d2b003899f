import { z } from 'zod';
import { readConfig } from '@tributary/kernel';

/** Of the heap of every server. */
export const heapSettings = z.object({
  HEAP_GROWTH_PERCENT: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(50)
    .describe(
      'by how much a process’s heap may grow over what a full collection left before the next one; 0: as far as V8 likes, which takes twice the memory under load for less CPU',
    ),
});

export function readHeapConfig(env: NodeJS.ProcessEnv = process.env): z.infer<typeof heapSettings> {
  return readConfig(heapSettings, env);
}
