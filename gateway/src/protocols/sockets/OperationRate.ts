/** Over how many seconds the rate is kept, whatever the burst. */
const keptForSeconds = 5;

/** Lets through a burst, and then so many a second; and never more than that rate over five seconds. */
export class OperationRate {
  private tokens: number;
  private filledAt = performance.now();
  /** When the last of them were let through, in a ring. */
  private readonly taken: number[] = [];
  private readonly most: number;
  private next = 0;

  constructor(
    private readonly burst: number,
    private readonly refillPerSecond: number,
  ) {
    this.tokens = burst;
    this.most = Math.max(burst, Math.floor(refillPerSecond * keptForSeconds));
  }

  /** Null when let through, else the seconds to wait, at least 1. */
  take(): number | null {
    const now = performance.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.refillPerSecond);
    this.filledAt = now;
    if (this.tokens < 1) return Math.max(1, Math.ceil((1 - this.tokens) / this.refillPerSecond));
    const oldest = this.taken[this.next];
    const waitMs = oldest === undefined ? 0 : oldest + keptForSeconds * 1000 - now;
    if (waitMs > 0) return Math.max(1, Math.ceil(waitMs / 1000));
    this.tokens -= 1;
    this.taken[this.next] = now;
    this.next = (this.next + 1) % this.most;
    return null;
  }
}
