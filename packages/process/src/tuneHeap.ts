import { setFlagsFromString } from 'node:v8';
import type { readHeapConfig } from './config.js';

/**
 * Fits the heap of this process to a server that shares its machine with PostgreSQL.
 *
 * It is collected before it has grown by more than a half. V8 lets it grow fourfold on a machine with memory to spare: under
 * load that takes twice the memory for a twentieth less of CPU. This limits nothing: what is alive may be as large as ever.
 *
 * And objects are made in the young generation, wherever their kind has lived long before. V8 learns the places whose objects
 * survived and makes the next ones in the old generation at once. Here the same places make documents that are
 * kept and documents that are refused, and an old one, although dead, keeps all that it refers to until the
 * next full collection: the short collections then copied nearly everything, in 20 ms each where they now take 1.
 */
export function tuneHeap({ HEAP_GROWTH_PERCENT: growth }: ReturnType<typeof readHeapConfig>): void {
  setFlagsFromString(`--heap-growing-percent=${growth}`);
  setFlagsFromString('--no-allocation-site-pretenuring');
}
