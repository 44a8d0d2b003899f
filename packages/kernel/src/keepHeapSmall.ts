import { setFlagsFromString } from 'node:v8';

/** By how much a heap may grow behind what a full collection left before the next one, in per cent. */
const mostGrowth = 75;

/**
 * Has the heap of this process collected before it has grown by more than three quarters. V8 lets it grow fourfold on a machine with
 * memory to spare, and a process of ours shares its machine with PostgreSQL: under load that takes twice the memory for
 * a twentieth less of CPU. It limits nothing: what is alive may be as large as ever.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${mostGrowth}`);
}
