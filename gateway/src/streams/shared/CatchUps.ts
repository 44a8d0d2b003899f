import type { Feed, LiveEvent } from './Feed.js';
import { EventRing, type Place } from './EventRing.js';

export interface CatchUpsOptions {
  /** Executes the operation from a cursor. Throws a StreamFailure when it is refused. */
  readonly open: (after: string) => Promise<Feed>;
  readonly ringEvents: number;
}

/** What somebody reads next who stands at some cursor. */
interface JoinPoint {
  readonly run: CatchUp;
  readonly place: Place;
}

/**
 * The executions from older cursors, for watchers who stand before what the shared execution still has. Who stands where one of
 * them has been goes on with it, so a crowd that comes back together, or that reads again after it was stalled, reads the log a
 * few times and not once each.
 */
export class CatchUps {
  private readonly joinPoints = new Map<string, JoinPoint>();

  constructor(private readonly options: CatchUpsOptions) {}

  /** The events behind a cursor, for one reader. */
  behind(cursor: string): Feed {
    return new Reader(this, cursor);
  }

  joinPointAt(cursor: string): JoinPoint | null {
    return this.joinPoints.get(cursor) ?? null;
  }

  /** Of those who have been at a cursor the first is joined: it is ahead of the others. */
  claim(cursor: string, joinPoint: JoinPoint): void {
    if (!this.joinPoints.has(cursor)) this.joinPoints.set(cursor, joinPoint);
  }

  release(cursor: string, run: CatchUp): void {
    if (this.joinPoints.get(cursor)?.run === run) this.joinPoints.delete(cursor);
  }

  begin(cursor: string): JoinPoint {
    return { run: new CatchUp(this, cursor, this.options), place: 0 };
  }
}

/** One execution from an older cursor. It goes on when its foremost reader asks, and keeps its last events for the others. */
class CatchUp {
  private readonly ring: EventRing;
  /** By the slots of the ring: the cursor that each event follows. */
  private readonly cursors: string[] = [];
  private feed: Feed | null = null;
  private reading: Promise<boolean> | null = null;
  private readers = 0;
  private isOver = false;

  constructor(
    private readonly catchUps: CatchUps,
    private cursor: string,
    private readonly options: CatchUpsOptions,
  ) {
    this.ring = new EventRing(options.ringEvents);
    this.stand(cursor);
  }

  at(place: Place): LiveEvent | null | undefined {
    return this.ring.at(place);
  }

  enter(): void {
    this.readers += 1;
  }

  /** With the last reader the execution ends. */
  async leave(): Promise<void> {
    this.readers -= 1;
    if (this.readers > 0) return;
    this.retire();
    await this.feed?.close();
  }

  /** Resolves when there is another event; false: there will be none. */
  more(): Promise<boolean> {
    return (this.reading ??= this.read().finally(() => (this.reading = null)));
  }

  private async read(): Promise<boolean> {
    if (this.isOver) return false;
    try {
      this.feed ??= await this.opened();
      const event = await this.feed?.next();
      if (event && !this.isOver) this.push(event);
      else this.retire();
      return !this.isOver;
    } catch (error) {
      this.retire();
      throw error;
    }
  }

  private async opened(): Promise<Feed | null> {
    const feed = await this.options.open(this.cursor);
    // Those who left meanwhile must not keep it.
    if (!this.isOver) return feed;
    await feed.close();
    return null;
  }

  private push(event: LiveEvent): void {
    const slot = this.ring.end % this.ring.size;
    const left = this.cursors[slot];
    if (left !== undefined) this.catchUps.release(left, this);
    this.cursors[slot] = this.cursor;
    this.ring.push(event);
    this.stand(event.position.cursor);
  }

  private stand(cursor: string): void {
    this.cursor = cursor;
    this.catchUps.claim(cursor, { run: this, place: this.ring.end });
  }

  /** Nobody joins any more. */
  private retire(): void {
    this.isOver = true;
    for (const cursor of [...this.cursors, this.cursor]) this.catchUps.release(cursor, this);
  }
}

/** One reader's way over these executions, from its own cursor. */
class Reader implements Feed {
  private run: CatchUp | null = null;
  private place: Place = 0;
  private isClosed = false;

  constructor(
    private readonly catchUps: CatchUps,
    private cursor: string,
  ) {}

  async next(): Promise<LiveEvent | null> {
    while (!this.isClosed) {
      const event = this.run?.at(this.place);
      if (event) {
        this.place += 1;
        this.cursor = event.position.cursor;
        return event;
      }
      // At the end of its execution, or fallen behind what that keeps: perhaps another one holds what comes next.
      const joinPoint = this.catchUps.joinPointAt(this.cursor);
      if (event === undefined || (joinPoint && joinPoint.run !== this.run))
        await this.move(joinPoint ?? this.catchUps.begin(this.cursor));
      else if (!(await this.run!.more())) return null;
    }
    return null;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.run?.leave();
  }

  private async move({ run, place }: JoinPoint): Promise<void> {
    const left = this.run;
    run.enter();
    this.run = run;
    this.place = place;
    await left?.leave();
  }
}
