import type { Logger } from '@tributary/observability';

/** Something that is due, named so that it is not begun twice. */
export interface DueDelivery {
  readonly key: string;
  readonly work: () => Promise<void>;
}

export interface DeliveriesOptions {
  /** What is due now, so many at most. Some of it may be under way already. */
  readonly due: (most: number) => Promise<readonly DueDelivery[]>;
  readonly logger: Logger;
  /** What is worked on at once. Default 64. */
  readonly atOnce?: number;
}

/** Has everything delivered that is due: each position by one at a time, and none held up by another's receiver. */
export class Deliveries {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly atOnce: number;

  constructor(private readonly options: DeliveriesOptions) {
    this.atOnce = options.atOnce ?? 64;
  }

  /** Begins what is due, and does not wait for it. */
  async begin(): Promise<void> {
    if (this.underWay.size >= this.atOnce) return;
    for (const { key, work } of await this.options.due(this.atOnce)) {
      if (this.underWay.size >= this.atOnce) return;
      if (this.underWay.has(key)) continue;
      const ended = work()
        .catch((err: unknown) =>
          this.options.logger.warn({ err, delivery: key }, 'a delivery failed; it is tried again'),
        )
        .finally(() => this.underWay.delete(key));
      this.underWay.set(key, ended);
    }
  }
}
