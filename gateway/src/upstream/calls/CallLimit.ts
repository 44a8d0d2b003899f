/** What one try of a call was given, and who is told when it is given up. */
export class CallLimit {
  private tell: ((reason: unknown) => void) | null = null;

  constructor(
    readonly budgetMs: number,
    /** Aborted when the client has gone. */
    private readonly client: AbortSignal | undefined,
  ) {}

  /** `tell` lets go of what the try holds. Most hold nothing, so only one who asks listens for the client. */
  onGivenUp(tell: (reason: unknown) => void): void {
    this.tell = tell;
    this.client?.addEventListener('abort', this.onClientGone, { once: true });
  }

  giveUp(reason: unknown): void {
    this.tell?.(reason);
  }

  /** The try has its answer. A client that stays for days may go through many: none leaves a listener behind. */
  release(): void {
    if (this.tell) this.client?.removeEventListener('abort', this.onClientGone);
  }

  private readonly onClientGone = (): void => this.giveUp(this.client?.reason);
}
