import type { Logger } from '@tributary/observability';

/** Runs `work` again and again, `pauseMs` after each end, until it is stopped. A failure is logged and work goes on. */
export class Repeating {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;

  constructor(
    private readonly name: string,
    private readonly pauseMs: number,
    private readonly work: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.wait(0);
  }

  /** Resolves when the work that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private wait(pauseMs: number): void {
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, pauseMs);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (err) {
      this.logger.warn({ err }, `${this.name} failed and will try again`);
    }
    if (!this.stopped) this.wait(this.pauseMs);
  }
}
