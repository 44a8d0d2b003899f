interface Waiting {
  readonly needsTurn: () => boolean;
  readonly go: () => void;
}

/** Hands out turns of the event loop, one at a time and in order, so that between two of them everything else is served. */
export class FairQueue {
  private readonly queue: Waiting[] = [];

  /** Resolves in a turn that is for nobody else who needs one. Who needs none any more by then goes along with others. */
  take(needsTurn: () => boolean): Promise<void> {
    return new Promise((go) => {
      this.queue.push({ needsTurn, go });
      if (this.queue.length === 1) setImmediate(this.handOut);
    });
  }

  private readonly handOut = (): void => {
    let count = 0;
    while (count < this.queue.length) {
      const { needsTurn, go } = this.queue[count]!;
      count += 1;
      go();
      if (needsTurn()) break;
    }
    this.queue.splice(0, count);
    if (this.queue.length > 0) setImmediate(this.handOut);
  };
}
