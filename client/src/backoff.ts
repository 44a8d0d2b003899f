export interface Backoff {
  /** Longest wait before the first new try, in ms. Default 250. */
  readonly minDelayMs?: number;
  /** No wait is longer, in ms. Default 10,000. */
  readonly maxDelayMs?: number;
}

/**
 * How long to wait before try `attempt` (1, 2, 3 …): anything from 0 to a bound that doubles each time. The whole range is
 * drawn from, so that clients that were cut off together do not come back together.
 */
export function backoffMs(attempt: number, { minDelayMs = 250, maxDelayMs = 10_000 }: Backoff): number {
  return Math.random() * Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(attempt - 1, 30));
}

/** A wait that `wake` ends early. */
export class Pause {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resolve: (() => void) | undefined;

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      // Without a bound it waits for `wake` alone.
      if (Number.isFinite(ms)) this.timer = setTimeout(() => this.wake(), ms);
    });
  }

  wake(): void {
    clearTimeout(this.timer);
    this.resolve?.();
    this.resolve = undefined;
  }
}
