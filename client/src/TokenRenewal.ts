export interface TokenRenewalOptions {
  /** The payload of a ping with new credentials. May reject: then it is asked again. */
  readonly ask: () => Promise<Record<string, string>>;
  readonly send: (payload: Record<string, string>) => void;
}

/** New credentials are asked for one to two minutes before the old ones expire, or in the last half of a shorter life. */
const marginMs = 60_000;
/** What holds for less is not worth a message: the server will say that it has expired. */
const leastMs = 500;
/** The longest wait of a timer. */
const longestMs = 2_147_483_647;

/**
 * Brings new credentials over the open socket before those that it was opened with expire, so that nothing on it has to
 * begin again. When that fails the server closes the socket, and the next connection comes with new ones.
 */
export class TokenRenewal {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells what was asked for a socket that is gone. */
  private round = 0;
  private retryMs = 0;

  constructor(private readonly options: TokenRenewalOptions) {}

  /** Told what the server said with `connection_ack`, or with the pong to new credentials. */
  heard(payload: unknown): void {
    const { expiresInSeconds, refusal } = (payload ?? {}) as { expiresInSeconds?: unknown; refusal?: unknown };
    if (typeof refusal === 'string') this.schedule(this.retryMs);
    if (typeof expiresInSeconds !== 'number') return;
    const leftMs = expiresInSeconds * 1000;
    const margin = Math.min(marginMs, leftMs / 4);
    this.retryMs = margin / 4;
    // Never all clients of one morning in the same second.
    if (leftMs >= leastMs) this.schedule(leftMs - margin * (1 + Math.random()));
  }

  stop(): void {
    this.round += 1;
    clearTimeout(this.timer);
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renew(), Math.min(longestMs, ms));
  }

  private async renew(): Promise<void> {
    const { round } = this;
    try {
      const payload = await this.options.ask();
      if (round === this.round) this.options.send(payload);
    } catch {
      // Whoever hands out tokens may be back before the old one has expired.
      if (round === this.round) this.schedule(this.retryMs);
    }
  }
}
