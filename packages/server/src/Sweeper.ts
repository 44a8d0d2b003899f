import type { BackgroundWork } from './Subgraph.js';
import type { Logger } from '@tributary/observability';

/** Does a piece of work again and again, never twice at once. A failure is logged and tried again next time. */
export class Sweeper implements BackgroundWork {
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly sweep: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.now(), this.everyMs).unref();
  }

  /** Sweeps at once; joins a sweep that is under way. */
  now(): Promise<void> {
    this.sweeping ??= this.sweep()
      .catch((err: unknown) =>
        this.logger.warn({ err, sweeper: this.name }, 'a sweep failed; the next one tries again'),
      )
      .finally(() => {
        this.sweeping = null;
      });
    return this.sweeping;
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.sweeping;
  }
}
