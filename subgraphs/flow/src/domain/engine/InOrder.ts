/**
 * Runs pieces of work side by side, at most `width` at a time, and hands over their results in the order in which they were started:
 * so that a checkpoint never passes a piece that is still under way.
 */
export class InOrder<Result> {
  private readonly running: Promise<Result>[] = [];

  constructor(
    private readonly width: number,
    private readonly onResult: (result: Result) => Promise<void>,
  ) {}

  /** Waits for a free place, then starts `work`. Throws what an earlier piece threw. */
  async start(work: () => Promise<Result>): Promise<void> {
    while (this.running.length >= this.width) await this.settleOldest();
    const piece = work();
    // It is awaited in its turn; until then a failure must not count as unhandled.
    piece.catch(() => undefined);
    this.running.push(piece);
  }

  /** Waits for all that was started. */
  async finish(): Promise<void> {
    while (this.running.length > 0) await this.settleOldest();
  }

  private async settleOldest(): Promise<void> {
    const oldest = this.running.shift();
    if (oldest) await this.onResult(await oldest);
  }
}
