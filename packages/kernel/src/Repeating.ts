export interface RepeatingOptions {
  /** Between two starts. A run that takes longer lets the starts pass that fall into it. */
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  /** Is told what `work` throws; the next run comes as if nothing had happened. */
  readonly onFault: (error: unknown) => void;
}

/** Does a piece of work again and again, never twice at once, and holds no process open. */
export class Repeating implements AsyncDisposable {
  private timer: ReturnType<typeof setInterval> | null = null;
  private running: Promise<void> | null = null;

  constructor(private readonly options: RepeatingOptions) {}

  /** The first run comes after `everyMs`: call `now` for one at once. */
  start(): this {
    if (this.timer === null) {
      this.timer = setInterval(() => void this.now(), this.options.everyMs);
      this.timer.unref();
    }
    return this;
  }

  /** Runs at once, or joins the run that is under way. Never rejects. */
  now(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Resolves when the run that is under way has ended. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private async run(): Promise<void> {
    try {
      await this.options.work();
    } catch (error) {
      this.options.onFault(error);
    }
  }
}
