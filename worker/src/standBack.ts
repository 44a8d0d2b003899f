import { constants, setPriority } from 'node:os';

/**
 * Lets everybody else on this machine go first: phases take what is left of the processors, and nobody waits for them by the
 * millisecond. On Linux it is the calling thread alone that stands back, and threads that it starts later.
 */
export function standBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it; then all run alike.
  }
}
