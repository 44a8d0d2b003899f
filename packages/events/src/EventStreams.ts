import { CodedError } from '@tributary/contracts/errors';
import { Repeating } from '@tributary/kernel';
import type { Database, Statement, TenantScope } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import type { Bus, Unsubscribe } from './Bus.js';
import { readForward, readHead } from './eventLog.js';
import type { EventPayload, LoggedEvent, StreamHead } from './eventLog.js';
import { hintChannel } from './hint.js';
import type { StreamId } from '@tributary/contracts/events';
import { decodeMergedCursor } from './merge/mergedCursor.js';
import { followMerged } from './merge/followMerged.js';
import type { MergedEvent } from './merge/followMerged.js';
import type { Merge } from './merge/Merge.js';
import { decodeStreamCursor, encodeStreamCursor, markOf, startOfStream } from './streamCursor.js';
import type { StreamPosition } from './streamCursor.js';
import { WatchedStream } from './WatchedStream.js';

/** What a subscriber gets: an event of the log, or word about the stream itself (`stream.snapshot`, `stream.reset`, `stream.bookmark`). */
export interface StreamEvent {
  readonly sequence: number;
  readonly cursor: string;
  /** The position that this follows on this subscription; null on the first `stream.*` event. */
  readonly previousCursor: string | null;
  readonly type: string;
  readonly payload: EventPayload;
  readonly occurredAt: Date;
}

export interface SubscribeOptions {
  /** Goes on behind this cursor; null starts with a snapshot of where the stream stands. */
  readonly after: string | null;
  /** Ends the subscription; so does `return` on the iterator. */
  readonly signal?: AbortSignal;
  /** Read in one snapshot with the stream's head: its row is the payload of `stream.snapshot` and `stream.reset`. */
  readonly snapshot?: Statement<EventPayload>;
  /** Lets an event through. May look only at facts that never change. Default: all. */
  readonly accepts?: (event: LoggedEvent) => boolean;
}

export interface EventStreamsOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  /** Between two looks at the heads of all watched streams, for hints that got lost. Default 1,000. */
  readonly safetyPollMs?: number;
  /** Silence after which a filtered stream sends `stream.bookmark`. Default 60,000. */
  readonly bookmarkMs?: number;
}

const pageSize = 256;
/** Fewer for a reader who catches up: of these there may be a thousand at once, and each holds a page. */
const catchUpPageSize = 64;

/**
 * Subscriptions to the event log. A subscriber is a cursor that reads the log, so nothing can be lost, doubled or reordered between
 * "old" and "new" events: there is no hand-over, and no queue that could overflow. Hints only say when to look.
 */
export class EventStreams implements AsyncDisposable {
  private readonly watched = new Map<string, { stream: Promise<WatchedStream>; unsubscribe: Promise<Unsubscribe> }>();
  private readonly safetyPoll: Repeating;
  private readonly stopGapListener: () => void;
  private readonly closing = new AbortController();

  constructor(private readonly options: EventStreamsOptions) {
    this.safetyPoll = new Repeating({
      everyMs: options.safetyPollMs ?? 1_000,
      work: () => this.lookAtHeads(),
      onFault: (err) => options.logger.debug({ err }, 'looking at the heads of the watched streams failed'),
    }).start();
    this.stopGapListener = options.bus.onGap(() => void this.pumpAll());
  }

  /**
   * The events of a stream, in order, each once, for ever. Throws INVALID_INPUT for a malformed cursor; a well-formed one that the
   * stream does not hold gives one `stream.reset` first.
   */
  subscribe(scope: TenantScope, stream: StreamId, options: SubscribeOptions): AsyncIterableIterator<StreamEvent> {
    // Before the first event is asked for, so that a client learns of it as the answer to its operation.
    if (options.after !== null) decodeStreamCursor(scope.workspaceId, stream, options.after);
    return this.returnable((signal) => this.read(scope, stream, options, signal), options.signal);
  }

  /**
   * The events of those of a merge's streams that are wanted, in the order in which they happened, for ever. Throws INVALID_INPUT for a
   * malformed cursor; one that the streams do not hold gives one `stream.reset` first.
   */
  subscribeMerged(
    scope: TenantScope,
    merge: Merge,
    streams: readonly StreamId[],
    after: string | null,
  ): AsyncIterableIterator<MergedEvent> {
    if (after !== null) decodeMergedCursor(scope.workspaceId, merge.name, merge.streams, after);
    return this.returnable((signal) => this.readMerged(scope, merge, streams, after, signal));
  }

  private async *readMerged(
    scope: TenantScope,
    merge: Merge,
    streams: readonly StreamId[],
    after: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<MergedEvent, undefined, undefined> {
    const { workspaceId } = scope;
    await using opened = new AsyncDisposableStack();
    const watched: WatchedStream[] = [];
    for (const stream of streams) {
      const one = await this.acquire(workspaceId, stream);
      opened.defer(() => this.release(workspaceId, stream, one));
      watched.push(one);
    }
    const grown = (seen: ReadonlyMap<StreamId, number>, until: AbortSignal) =>
      Promise.race([aborted(until), ...watched.map((each) => each.grown(seen.get(each.stream) ?? 0, until))]);
    return yield* followMerged(this.options.database, scope, { merge, streams, after, signal, grown });
  }

  /** A generator that waits for the next event would not see `return` before that event comes. */
  private returnable<Event>(
    read: (signal: AbortSignal) => AsyncGenerator<Event, undefined, undefined>,
    given?: AbortSignal,
  ): AsyncIterableIterator<Event> {
    const left = new AbortController();
    const events = read(AbortSignal.any([left.signal, this.closing.signal, ...(given ? [given] : [])]));
    return {
      next: () => events.next(),
      return: () => {
        left.abort();
        return events.return(undefined);
      },
      throw: (error) => {
        left.abort();
        return events.throw(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  private async *read(
    scope: TenantScope,
    stream: StreamId,
    options: SubscribeOptions,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent, undefined, undefined> {
    const { workspaceId } = scope;
    const bookmarkMs = this.options.bookmarkMs ?? 60_000;
    const wanted = options.after === null ? null : decodeStreamCursor(workspaceId, stream, options.after);
    const watched = await this.acquire(workspaceId, stream);
    try {
      let read: number;
      let cursor: string;
      const held = wanted && (await this.holds(scope, stream, wanted));
      if (wanted && held && options.after !== null) {
        read = wanted.sequence;
        cursor = options.after;
      } else {
        const reason = wanted ? 'POSITION_GONE' : 'POSITION_UNKNOWN';
        const standing = await this.standing(scope, stream, options.snapshot, options.after === null ? null : reason);
        read = standing.sequence;
        cursor = standing.cursor;
        yield standing;
      }
      let passed: { sequence: number; cursor: string } | null = null;
      let silentSince = Date.now();
      while (!signal.aborted) {
        const events = watched.after(read) ?? (await this.page(scope, stream, read));
        if (events === null) {
          const standing = await this.standing({ workspaceId }, stream, options.snapshot, 'POSITION_GONE');
          read = standing.sequence;
          cursor = standing.cursor;
          passed = null;
          silentSince = Date.now();
          yield standing;
          continue;
        }
        for (const event of events) {
          if (signal.aborted) return;
          read = event.sequence;
          const here = encodeStreamCursor(workspaceId, stream, {
            sequence: event.sequence,
            mark: markOf(event.eventId),
          });
          if (options.accepts && !options.accepts(event)) {
            passed = { sequence: event.sequence, cursor: here };
            continue;
          }
          passed = null;
          yield {
            sequence: event.sequence,
            cursor: here,
            previousCursor: cursor,
            type: event.type,
            payload: event.payload,
            occurredAt: event.at,
          };
          cursor = here;
          silentSince = Date.now();
        }
        const silentMs = Date.now() - silentSince;
        if (passed && silentMs >= bookmarkMs) {
          yield { ...passed, previousCursor: cursor, type: 'stream.bookmark', payload: {}, occurredAt: new Date() };
          cursor = passed.cursor;
          passed = null;
          silentSince = Date.now();
        }
        await watched.grown(
          read,
          passed ? AbortSignal.any([signal, AbortSignal.timeout(bookmarkMs - silentMs)]) : signal,
        );
      }
      return;
    } finally {
      await this.release(workspaceId, stream, watched);
    }
  }

  /** Where the stream stands now; undefined while nothing was written to it. */
  async head(scope: TenantScope, stream: StreamId): Promise<StreamHead | undefined> {
    return (await this.options.database.read(scope, readHead(stream)))[0];
  }

  /** Ends all subscriptions. */
  async close(): Promise<void> {
    this.closing.abort();
    const polling = this.safetyPoll.stop();
    this.stopGapListener();
    const unsubscribing = [...this.watched.values()].map(async (entry) => (await entry.unsubscribe)());
    this.watched.clear();
    await Promise.allSettled([...unsubscribing, polling]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The event that says where the stream stands: `stream.snapshot`, or with a reason `stream.reset`. */
  private async standing(
    scope: TenantScope,
    stream: StreamId,
    snapshot: Statement<EventPayload> | undefined,
    resetReason: 'POSITION_GONE' | 'POSITION_UNKNOWN' | null,
  ): Promise<StreamEvent> {
    const head = readHead(stream);
    const [heads, states] = snapshot
      ? await this.options.database.readBatch(scope, [head, snapshot])
      : [await this.options.database.read(scope, head), []];
    const position = heads[0]?.last ?? startOfStream;
    const state = states[0] ?? {};
    return {
      sequence: position.sequence,
      cursor: encodeStreamCursor(scope.workspaceId, stream, position),
      previousCursor: null,
      type: resetReason === null ? 'stream.snapshot' : 'stream.reset',
      payload: resetReason === null ? state : { ...state, reason: resetReason },
      occurredAt: new Date(),
    };
  }

  private async holds(scope: TenantScope, stream: StreamId, position: StreamPosition): Promise<boolean> {
    const [heads, at] = await this.options.database.readBatch(scope, [
      readHead(stream),
      readForward(stream, position.sequence - 1, 1),
    ]);
    const head = heads[0];
    if (position.sequence === 0) return position.mark === startOfStream.mark && (head?.minSequence ?? 1) <= 1;
    if (!head || position.sequence + 1 < head.minSequence) return false;
    const event = at[0];
    return event?.sequence === position.sequence && markOf(event.eventId) === position.mark;
  }

  /** The events behind `sequence`; null when the stream no longer holds the next one. */
  private async page(scope: TenantScope, stream: StreamId, sequence: number): Promise<LoggedEvent[] | null> {
    // A subscription outlives the request that opened it, so it reads without the request's deadline.
    const [heads, events] = await this.options.database.readBatch({ workspaceId: scope.workspaceId }, [
      readHead(stream),
      readForward(stream, sequence, catchUpPageSize),
    ]);
    if (events[0]?.sequence === sequence + 1) return events;
    if (heads[0] && sequence + 1 < heads[0].minSequence) return null;
    throw new CodedError(
      'INTERNAL_ERROR',
      'The log of this stream could not be read without a gap. Subscribe again with your last cursor.',
    );
  }

  private async acquire(workspaceId: string, stream: StreamId): Promise<WatchedStream> {
    if (this.closing.signal.aborted)
      throw new CodedError(
        'SERVICE_UNAVAILABLE',
        'This process is shutting down. Subscribe again with your last cursor.',
      );
    const key = hintChannel(workspaceId, stream);
    let entry = this.watched.get(key);
    if (!entry) {
      const opened = this.open(workspaceId, stream);
      const unsubscribe = this.options.bus.subscribe(
        key,
        () =>
          void opened.then(
            (open) => open.pump(),
            () => undefined,
          ),
      );
      entry = { stream: opened, unsubscribe };
      this.watched.set(key, entry);
      // What could not be opened leaves nothing behind: the next who asks opens it anew.
      Promise.all([opened, unsubscribe]).catch(async () => {
        this.watched.delete(key);
        await unsubscribe.then((stop) => stop()).catch(() => undefined);
      });
    }
    const [watched] = await Promise.all([entry.stream, entry.unsubscribe]);
    watched.watchers += 1;
    // What was committed before the hint channel stood would otherwise wait for the next hint.
    void watched.pump();
    return watched;
  }

  private async open(workspaceId: string, stream: StreamId): Promise<WatchedStream> {
    const { database, logger } = this.options;
    const head = await this.head({ workspaceId }, stream);
    return new WatchedStream(
      workspaceId,
      stream,
      head?.last.sequence ?? 0,
      (sequence) => database.read({ workspaceId }, readForward(stream, sequence, pageSize)),
      (err) =>
        logger.warn({ err, workspaceId, stream }, 'reading the event log failed; the safety poll will try again'),
    );
  }

  private async release(workspaceId: string, stream: StreamId, watched: WatchedStream): Promise<void> {
    watched.watchers -= 1;
    const key = hintChannel(workspaceId, stream);
    const entry = this.watched.get(key);
    if (watched.watchers > 0 || !entry || (await entry.stream) !== watched || watched.watchers > 0) return;
    this.watched.delete(key);
    await (
      await entry.unsubscribe
    )();
  }

  private async pumpAll(): Promise<void> {
    const streams = await Promise.allSettled([...this.watched.values()].map((entry) => entry.stream));
    for (const opened of streams) if (opened.status === 'fulfilled') await opened.value.pump();
  }

  private async lookAtHeads(): Promise<void> {
    if (this.watched.size === 0) return;
    const streams = new Map<string, WatchedStream>();
    for (const [key, entry] of this.watched) streams.set(key, await entry.stream);
    const all = [...streams.values()];
    const heads = await this.options.database.lookup('stream_heads', [
      all.map((watched) => watched.workspaceId),
      all.map((watched) => watched.stream),
    ]);
    for (const head of heads) {
      const watched = streams.get(hintChannel(head['workspace_id'] as string, head['stream_id'] as StreamId));
      if (watched && Number(head['last_seq']) > watched.head) void watched.pump();
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
