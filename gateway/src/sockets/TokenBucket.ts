/** Lets through a burst, and then so many a second. */
export class TokenBucket {
  private tokens: number;
  private filledAt = performance.now();

  constructor(
    private readonly burst: number,
    private readonly refillPerSecond: number,
  ) {
    this.tokens = burst;
  }

  /** Null when let through, else the seconds to wait, at least 1. */
  take(): number | null {
    const now = performance.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.refillPerSecond);
    this.filledAt = now;
    if (this.tokens < 1) return Math.max(1, Math.ceil((1 - this.tokens) / this.refillPerSecond));
    this.tokens -= 1;
    return null;
  }
}
