import { setPriority } from 'node:os';

/** Half the share of a processor, for as long as others want it too: decision 0061 has what other values gave. */
const niceness = 3;

/**
 * Lets everybody else on this machine go first: phases take what is left of the processors, and nobody waits for them by the
 * millisecond. On Linux it is the calling thread alone that stands back, and threads that it starts later.
 */
export function standBack(): void {
  try {
    setPriority(niceness);
  } catch {
    // A sandbox may forbid it; then all run alike.
  }
}
