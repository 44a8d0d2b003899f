import { setImmediate as nextTurn } from 'node:timers/promises';
import { CatchUps } from './CatchUps.js';
import { EventRing, type Place } from './EventRing.js';
import type { Feed, LiveEvent } from './Feed.js';

export interface SharedStreamOptions {
  /** Executes the operation from a cursor, or null for a snapshot, until the signal is aborted. Throws a StreamFailure when it is refused. */
  readonly open: (after: string | null, signal: AbortSignal) => Promise<Feed>;
  readonly ringEvents: number;
  /** Called once, when it has ended for whatever reason. */
  readonly onEnd: () => void;
}

export interface StreamListener {
  /** Called at each event and at the end. */
  grew(): void;
}

/** Each place from which the log is read keeps so many events: thousands of watchers may stand at as many places. */
const maxCatchUpEvents = 64;

/**
 * One execution for all watchers of the same thing. It runs at the pace of its stream, whatever its watchers do, and keeps
 * the last events for them; each watcher has a place among these and takes event by event from there.
 */
export class SharedStream {
  private readonly ring: EventRing;
  private readonly catchUps: CatchUps;
  /** Behind this position every event is in the ring: nobody who stands before it can join. */
  private floor: { place: Place; sequence: number; cursor: string } | null = null;
  private last: string | null = null;
  private readonly places = new Map<string, Place>();
  private readonly listeners = new Set<StreamListener>();
  private readonly closing = new AbortController();
  private watchers = 0;
  private beginning: Promise<LiveEvent> | null = null;
  private underWay: Promise<LiveEvent> | null = null;
  private asked: Promise<LiveEvent> | null = null;
  /** Why no event will follow those in the ring. */
  failure: Error | null = null;

  constructor(private readonly options: SharedStreamOptions) {
    const { ringEvents } = options;
    this.ring = new EventRing(ringEvents);
    this.catchUps = new CatchUps({
      open: (after) => this.open(after),
      ringEvents: Math.min(ringEvents, maxCatchUpEvents),
    });
  }

  get isOver(): boolean {
    return this.failure !== null || this.closing.signal.aborted;
  }

  enter(): void {
    this.watchers += 1;
  }

  /** With the last watcher the execution ends. */
  leave(): void {
    this.watchers -= 1;
    if (this.watchers === 0) this.close();
  }

  /** Ends it for all watchers, after what is in the ring. */
  fail(failure: unknown): void {
    if (this.isOver) return;
    this.failure = failure instanceof Error ? failure : new Error('The stream failed.', { cause: failure });
    this.close();
    this.wake();
  }

  /** Resolves when the execution stands. */
  async begun(): Promise<void> {
    await (this.beginning ??= this.begin());
  }

  /**
   * A snapshot of the stream that was read after it was asked for. Those who ask while one is being read get the next one,
   * together: a crowd that arrives at once costs a few executions, not one each.
   */
  async snapshot(): Promise<LiveEvent> {
    if (!this.beginning) return (this.beginning = this.underWay = this.begin());
    return (this.asked ??= this.nextSnapshot());
  }

  /** The events behind a cursor, for somebody who stands before the ring, until it can join. */
  behind(cursor: string): Feed {
    return this.catchUps.behind(cursor);
  }

  /** Where somebody goes on whose last event had this cursor. Null: not from the ring. */
  placeOf(cursor: string): Place | null {
    return this.places.get(cursor) ?? null;
  }

  /** The same for somebody who is known to stand at this number of the stream, whatever cursor that has here. */
  placeBehind(sequence: number): Place | null {
    if (!this.floor || sequence < this.floor.sequence) return null;
    let place = this.ring.end;
    while (place > this.floor.place && this.at(place - 1)!.position.sequence > sequence) place -= 1;
    return place;
  }

  /** Null: not there yet. Undefined: not there any more. */
  at(place: Place): LiveEvent | null | undefined {
    return this.ring.at(place);
  }

  listen(listener: StreamListener): void {
    this.listeners.add(listener);
  }

  unlisten(listener: StreamListener): void {
    this.listeners.delete(listener);
  }

  private open(after: string | null): Promise<Feed> {
    return this.options.open(after, this.closing.signal);
  }

  private close(): void {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.options.onEnd();
  }

  private async begin(): Promise<LiveEvent> {
    try {
      const feed = await this.open(null);
      const first = await feed.next();
      if (!first) throw new Error('The stream was closed before it began.');
      this.floor = { place: 0, sequence: first.position.sequence, cursor: first.position.cursor };
      this.places.set(first.position.cursor, 0);
      this.last = first.position.cursor;
      void this.pump(feed);
      return first;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  private async nextSnapshot(): Promise<LiveEvent> {
    await this.underWay?.catch(() => undefined);
    this.asked = null;
    return (this.underWay = this.readSnapshot());
  }

  private async readSnapshot(): Promise<LiveEvent> {
    const feed = await this.open(null);
    try {
      const event = await feed.next();
      if (!event) throw this.failure ?? new Error('The stream was closed before its snapshot was read.');
      return event;
    } finally {
      await feed.close();
    }
  }

  private async pump(feed: Feed): Promise<void> {
    try {
      while (!this.isOver) {
        const event = await feed.next();
        if (!event) break;
        this.push(event);
        // One event a turn, so that those who keep up can write it before the next takes its place.
        await nextTurn();
      }
      this.fail(new Error('The stream ended.'));
    } catch (error) {
      this.fail(error);
    } finally {
      await feed.close();
    }
  }

  private push(event: LiveEvent): void {
    const { position } = event;
    const isWord = position.previousCursor === null;
    const left = this.ring.push(isWord ? { ...event, replaces: this.last } : event);
    const { end, size } = this.ring;
    const oldest = end - size;
    if (left && this.floor && oldest > this.floor.place) this.raiseFloor(oldest, left);
    this.last = position.cursor;
    // After a word about the stream itself numbers before it say nothing of those behind it.
    if (isWord) {
      this.places.clear();
      this.floor = { place: end, sequence: position.sequence, cursor: position.cursor };
    }
    this.places.set(position.cursor, end);
    this.wake();
  }

  private raiseFloor(place: Place, { position }: LiveEvent): void {
    if (this.floor!.cursor !== position.cursor) this.places.delete(this.floor!.cursor);
    this.floor = { place, sequence: position.sequence, cursor: position.cursor };
  }

  private wake(): void {
    for (const listener of this.listeners) listener.grew();
  }
}
