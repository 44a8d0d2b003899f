import type { Logger } from '@tributary/observability';

/** Something that is due, named so that it is not begun twice. */
export interface DueDelivery {
  readonly key: string;
  /** The workspace that it is of: none has all places. */
  readonly owner: string;
  readonly work: () => Promise<void>;
}

export interface DeliveriesOptions {
  /** What is due now, so many at most. Some of it may be under way already. */
  readonly due: (most: number) => Promise<readonly DueDelivery[]>;
  readonly logger: Logger;
  /** What is worked on at once. Default 400: most of it waits for a receiver. */
  readonly atOnce?: number;
  /** Of one owner, so that its receivers that keep waiting hold nobody else up. Default 100. */
  readonly ofOneAtOnce?: number;
}

/** Has everything delivered that is due: each position by one at a time, and none held up by another's receiver. */
export class Deliveries {
  private readonly underWay = new Map<string, DueDelivery>();
  private readonly byOwner = new Map<string, number>();
  /** Found due when there was no place, in its order. */
  private waiting: DueDelivery[] = [];
  /** Whether more may be due than was found. */
  private isMore = false;
  private readonly atOnce: number;
  private readonly ofOneAtOnce: number;
  /** How often it was said that something may be due. */
  private said = 0;
  private wanted = false;
  private looking: Promise<void> | null = null;

  constructor(private readonly options: DeliveriesOptions) {
    this.atOnce = options.atOnce ?? 400;
    this.ofOneAtOnce = options.ofOneAtOnce ?? 100;
  }

  /** Begins what is due, and does not wait for it. What is said while it looks, it looks for again. */
  begin(): Promise<void> {
    this.said += 1;
    return this.lookSoon();
  }

  private lookSoon(): Promise<void> {
    this.wanted = true;
    this.looking ??= this.lookWhileWanted().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookWhileWanted(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      await this.look();
    }
  }

  private async look(): Promise<void> {
    if (this.underWay.size >= this.atOnce) return;
    const said = this.said;
    const due = await this.options.due(this.atOnce);
    this.isMore = due.length >= this.atOnce;
    this.waiting = due.filter(({ key }) => !this.underWay.has(key));
    this.beginWaiting(said);
  }

  private beginWaiting(said: number): void {
    const left: DueDelivery[] = [];
    for (const delivery of this.waiting) {
      if (this.underWay.has(delivery.key)) continue;
      if (this.underWay.size >= this.atOnce || this.countOf(delivery) >= this.ofOneAtOnce) {
        left.push(delivery);
        continue;
      }
      this.underWay.set(delivery.key, delivery);
      this.byOwner.set(delivery.owner, this.countOf(delivery) + 1);
      void this.finish(delivery, said);
    }
    this.waiting = left;
  }

  private async finish(delivery: DueDelivery, said: number): Promise<void> {
    const { key, owner } = delivery;
    await delivery
      .work()
      .catch((err: unknown) =>
        this.options.logger.warn({ err, delivery: key }, 'a delivery failed; it is tried again'),
      );
    this.underWay.delete(key);
    const left = this.countOf(delivery) - 1;
    if (left > 0) this.byOwner.set(owner, left);
    else this.byOwner.delete(owner);
    this.beginWaiting(said);
    // What happened meanwhile may be this one's, which nobody else could begin.
    if (said !== this.said || (this.isMore && this.waiting.length === 0)) await this.lookSoon().catch(() => undefined);
  }

  private countOf({ owner }: DueDelivery): number {
    return this.byOwner.get(owner) ?? 0;
  }
}
