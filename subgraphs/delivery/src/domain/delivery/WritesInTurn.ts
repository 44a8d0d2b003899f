/**
 * Writes of one position, one after the other, and none behind one that failed. Each says how far all is done by the time it is asked for, so it
 * holds what those before it were to write: a dead letter whose write failed would be passed over by the next, and be nowhere.
 */
export class WritesInTurn {
  private last: Promise<unknown> = Promise.resolve();

  /** Rejects with the first failure, its own or that of a write before it. */
  write(write: () => Promise<void>): Promise<void> {
    const written = this.last.then(write);
    this.last = written;
    return written;
  }
}
