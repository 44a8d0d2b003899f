import type { ClientEvents, EventSink, FormattedResult } from '../../result/operationOutcome.js';
import type { Authority } from '../../callers/Authority.js';
import type { Place } from './EventRing.js';
import type { Feed, LiveEvent } from './Feed.js';
import type { SharedStream, StreamListener } from './SharedStream.js';
import type { ShareableOperation } from '../../operations/shareableOperation.js';
import type { StreamPosition } from '../../result/StreamPosition.js';
import { InterruptibleEvents } from '../../result/InterruptibleEvents.js';

export interface WatcherOptions {
  readonly shared: SharedStream;
  readonly operation: ShareableOperation;
  readonly after: string | null;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Whether this client may see more, asked right before each event is handed out. */
  readonly authority: Authority;
  /** What a client is told when its stream cannot go on. */
  readonly failureOf: (error: unknown) => Error;
}

/**
 * One client's way through a stream that others watch, too. Where the ring holds what comes next, it takes that; else it
 * reads the log from its own cursor, until it can join. Its place depends on nobody else's, and nobody's on it.
 *
 * What an event needs of it stands in the object itself: of thousands of watchers each further one costs a look at cold memory.
 */
export class Watcher extends InterruptibleEvents<FormattedResult> implements ClientEvents, StreamListener {
  cursor: string | null;
  private sequence: number | null = null;
  /** In the ring; null: not joined. */
  private place: Place | null = null;
  private feed: Feed | null = null;
  private ended = false;
  private readonly shared: SharedStream;
  private readonly authority: Authority;
  /** Where events go as soon as the ring has them. Null: `next` is being read. */
  private sink: EventSink | null = null;
  private isWriting = false;
  /** Ends what it waits for. */
  private wake: (() => void) | null = null;
  private readonly onGone = (): void => void this.return();

  constructor(private readonly options: WatcherOptions) {
    super();
    this.cursor = options.after;
    this.shared = options.shared;
    this.authority = options.authority;
    this.shared.enter();
    if (options.signal.aborted) void this.return();
    else options.signal.addEventListener('abort', this.onGone, { once: true });
  }

  async next(): Promise<IteratorResult<FormattedResult, void>> {
    try {
      const event = await this.read();
      if (!event || this.ended) return { value: undefined, done: true };
      const refusal = this.authority.refusal();
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
  follow(sink: EventSink): Promise<void> {
    this.sink = sink;
    const woken = this.untilWoken();
    this.handOut();
    return woken;
  }

  /** The ring has another event, or the shared execution has ended. */
  grew(): void {
    if (this.sink) this.handOut();
    else this.wake?.();
  }

  async return(): Promise<IteratorResult<FormattedResult, void>> {
    if (!this.ended) {
      this.ended = true;
      this.options.signal.removeEventListener('abort', this.onGone);
      this.wake?.();
      this.shared.leave();
      await this.leaveFeed();
    }
    return { value: undefined, done: true };
  }

  private async read(): Promise<LiveEvent | null> {
    const { shared } = this;
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
        await this.untilWoken();
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
    const { shared } = this;
    if (this.ended || this.feed || this.cursor === null) return undefined;
    if (this.place === null && !this.join()) return undefined;
    for (;;) {
      const event = shared.at(this.place!);
      if (event === null) return shared.failure === null ? null : undefined;
      if (event === undefined || event.position.previousCursor === null) return undefined;
      if (this.isNews(event)) return this.authority.refusal() === null ? event : undefined;
      this.place! += 1;
    }
  }

  private handOut(): void {
    if (this.isWriting || !this.sink) return;
    const event = this.inRing();
    if (event === undefined) this.wake?.();
    if (!event) return;
    this.place! += 1;
    const result = this.shaped(event);
    this.stand(event.position);
    this.isWriting = true;
    this.sink.write(result, this.taken);
  }

  private readonly taken = (): void => {
    this.isWriting = false;
    this.handOut();
  };

  private stand({ cursor, sequence }: StreamPosition): void {
    this.cursor = cursor;
    this.sequence = sequence;
  }

  private join(): boolean {
    const { shared } = this;
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
    if (position.previousCursor === null || this.cursor === null || position.previousCursor === this.cursor)
      return result;
    const { rootKey, previousCursorKeys } = this.options.operation;
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

  /** Listens to the ring until then. */
  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.sink = null;
        this.shared.unlisten(this);
        resolve();
      };
      this.shared.listen(this);
    });
  }
}
