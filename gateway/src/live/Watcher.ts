import type { CodedError } from '@tributary/kernel';
import type { ClientEvents, FormattedResult } from '../operations/operationOutcome.js';
import type { Place } from './EventRing.js';
import type { Feed, LiveEvent } from './Feed.js';
import type { SharedStream } from './SharedStream.js';
import type { ShareableOperation } from './sharedOperation.js';
import type { StreamPosition } from './StreamPosition.js';
import { InterruptibleEvents } from './InterruptibleEvents.js';

export interface WatcherOptions {
  readonly shared: SharedStream;
  readonly operation: ShareableOperation;
  readonly after: string | null;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Why this client may see nothing more; null while it may. Asked for each event, right before it is handed out. */
  readonly refusal: () => CodedError | null;
  /** What a client is told when its stream cannot go on. */
  readonly failureOf: (error: unknown) => Error;
}

/**
 * One client's way through a stream that others watch, too. Where the ring holds what comes next, it takes that; else it
 * reads the log from its own cursor, until it can join. Its place depends on nobody else's, and nobody's on it.
 */
export class Watcher extends InterruptibleEvents<FormattedResult> implements ClientEvents {
  cursor: string | null;
  private sequence: number | null = null;
  /** In the ring; null: not joined. */
  private place: Place | null = null;
  private feed: Feed | null = null;
  private ended = false;
  private wake: (() => void) | null = null;
  private readonly onGone = (): void => void this.return();

  constructor(private readonly options: WatcherOptions) {
    super();
    this.cursor = options.after;
    options.shared.enter();
    if (options.signal.aborted) void this.return();
    else options.signal.addEventListener('abort', this.onGone, { once: true });
  }

  async next(): Promise<IteratorResult<FormattedResult, void>> {
    try {
      const event = await this.read();
      if (!event || this.ended) return { value: undefined, done: true };
      const refusal = this.options.refusal();
      if (refusal) throw refusal;
      const result = this.shaped(event);
      this.stand(event.position);
      return { value: result, done: false };
    } catch (error) {
      if (this.ended) return { value: undefined, done: true };
      await this.return();
      throw this.options.failureOf(error);
    }
  }

  /**
   * Hands out what the ring has, each event in the very turn of the event loop in which it comes, and the next one when
   * `taken` is called: without a promise, since thousands of these run for each event. Resolves when what comes next is not to
   * be had in this way; then it is for `next` to tell.
   */
  follow(write: (result: FormattedResult, taken: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const { shared } = this.options;
      let isWriting = false;
      const step = (): void => {
        if (isWriting) return;
        const event = this.inRing();
        if (event === undefined) return stop();
        if (event === null) return;
        this.place! += 1;
        const result = this.shaped(event);
        this.stand(event.position);
        isWriting = true;
        write(result, taken);
      };
      const taken = (): void => {
        isWriting = false;
        step();
      };
      const stop = (): void => {
        shared.unlisten(step);
        resolve();
      };
      this.wake = stop;
      shared.listen(step);
      step();
    });
  }

  async return(): Promise<IteratorResult<FormattedResult, void>> {
    if (!this.ended) {
      this.ended = true;
      this.options.signal.removeEventListener('abort', this.onGone);
      this.wake?.();
      this.options.shared.leave();
      await this.leaveFeed();
    }
    return { value: undefined, done: true };
  }

  private async read(): Promise<LiveEvent | null> {
    const { shared } = this.options;
    while (!this.ended) {
      if (this.place !== null) {
        const event = shared.at(this.place);
        if (event === undefined) {
          this.place = null;
          continue;
        }
        // What the shared execution was told of its own position says nothing to those who stand elsewhere.
        if (event && event.position.previousCursor === null && event.replaces !== this.cursor) {
          this.place = null;
          if (!this.join()) this.feed = shared.behind(this.cursor!);
          continue;
        }
        if (event) {
          this.place += 1;
          if (this.isNews(event)) return event;
          continue;
        }
        if (shared.failure !== null) throw shared.failure;
        await this.grown();
        continue;
      }
      if (this.cursor === null) return this.orGone(shared.snapshot());
      if (this.join()) {
        await this.leaveFeed();
        continue;
      }
      if (this.feed) {
        const event = await this.orGone(this.feed.next());
        if (event) return event;
        await this.leaveFeed();
        continue;
      }
      // With the end of the shared execution those who read on their own end, too.
      if (shared.failure !== null) throw shared.failure;
      if (this.sequence === null && !(await this.orGone(shared.begun().then(() => true)))) return null;
      if (!this.join()) this.feed = shared.behind(this.cursor);
    }
    return null;
  }

  /** What this client gets next from the ring. Null: it is yet to come. Undefined: it needs more than a look. */
  private inRing(): LiveEvent | null | undefined {
    const { shared, refusal } = this.options;
    if (this.ended || this.feed || this.cursor === null) return undefined;
    if (this.place === null && !this.join()) return undefined;
    for (;;) {
      const event = shared.at(this.place!);
      if (event === null) return shared.failure === null ? null : undefined;
      if (event === undefined || event.position.previousCursor === null) return undefined;
      if (this.isNews(event)) return refusal() === null ? event : undefined;
      this.place! += 1;
    }
  }

  private stand({ cursor, sequence }: StreamPosition): void {
    this.cursor = cursor;
    this.sequence = sequence;
  }

  private join(): boolean {
    const { shared } = this.options;
    this.place = this.cursor === null ? null : shared.placeOf(this.cursor);
    if (this.place === null && this.sequence !== null) this.place = shared.placeBehind(this.sequence);
    return this.place !== null;
  }

  /** Somebody who joined from an execution of its own may be ahead of the shared one. */
  private isNews({ position }: LiveEvent): boolean {
    return position.previousCursor === null || this.sequence === null || position.sequence > this.sequence;
  }

  /** The first event after a join may follow another cursor here than for everybody else. */
  private shaped({ result, position }: LiveEvent): FormattedResult {
    const { rootKey, previousCursorKeys } = this.options.operation;
    if (position.previousCursor === null || this.cursor === null || position.previousCursor === this.cursor)
      return result;
    const data = result.data as Record<string, Record<string, unknown>>;
    const event = { ...data[rootKey] };
    for (const key of previousCursorKeys) if (key in event) event[key] = this.cursor;
    return { ...result, data: { ...data, [rootKey]: event } };
  }

  private async leaveFeed(): Promise<void> {
    const { feed } = this;
    this.feed = null;
    await feed?.close();
  }

  /** Null: the client has gone meanwhile. */
  private orGone<T>(work: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.wake = () => resolve(null);
      work.then(resolve, reject);
    });
  }

  /** Until the next event or the end. */
  private grown(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.options.shared.unlisten(done);
        resolve();
      };
      this.wake = done;
      this.options.shared.listen(done);
    });
  }
}
