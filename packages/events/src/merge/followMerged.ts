import { setTimeout as delay } from 'node:timers/promises';
import type { StreamId } from '@tributary/contracts/events';
import type { Database, TenantScope } from '@tributary/data';
import type { LoggedEvent } from '../eventLog.js';
import { markOf, startOfStream } from '../streamCursor.js';
import type { StreamPosition } from '../streamCursor.js';
import { itemsOf, mostOfLine } from './foldEvents.js';
import { isBefore, sumOf } from './Merge.js';
import type { Merge } from './Merge.js';
import { decodeMergedCursor, encodeMergedCursor } from './mergedCursor.js';
import { excerptsOf, readExcerpts } from './readMerged.js';
import type { StreamExcerpt } from './readMerged.js';
import { readHeads } from './readHeads.js';

/** What a follower of several streams is handed: an item, or word about the merge itself (`stream.snapshot`, `stream.reset`). */
export interface MergedEvent {
  /** How many events of its streams are behind it: it grows with each. */
  readonly sequence: number;
  readonly cursor: string;
  /** The position that this follows; null on word about the merge. */
  readonly previousCursor: string | null;
  /** Null on word about the merge. */
  readonly stream: StreamId | null;
  /** Of its last event. */
  readonly type: string;
  readonly at: Date;
  readonly events: readonly LoggedEvent[];
  /** With `stream.reset`: the streams that could not be gone on with where the reader stood. */
  readonly lost: readonly StreamId[];
}

export interface FollowMergedOptions {
  readonly merge: Merge;
  /** Those of the merge that this reader may see. */
  readonly streams: readonly StreamId[];
  /** Goes on behind this cursor; null: from now on. */
  readonly after: string | null;
  readonly signal: AbortSignal;
  /** Resolves when one of the streams has grown beyond what was seen of it. */
  readonly grown: (seen: ReadonlyMap<StreamId, number>, signal: AbortSignal) => Promise<void>;
}

/** A line and the event that ends it fit in. */
const pageSize = mostOfLine * 2;

interface Due {
  readonly stream: StreamId;
  readonly at: Date;
  readonly events: readonly LoggedEvent[];
}

/**
 * The events of several streams, each stream's in its order and each once, and all in the order in which they happened. The reader is
 * nothing but its positions: what is not due yet is read again, so a cursor tells all, wherever it is gone on with.
 */
export async function* followMerged(
  database: Database,
  { workspaceId }: TenantScope,
  { merge, streams, after, signal, grown }: FollowMergedOptions,
): AsyncGenerator<MergedEvent, undefined, undefined> {
  const positions = new Map<StreamId, StreamPosition>();
  let cursor = '';
  const moveTo = (at: StreamId | null) =>
    (cursor = encodeMergedCursor(workspaceId, merge.name, merge.streams, { at, positions }));
  const word = (type: string, lost: readonly StreamId[]): MergedEvent => {
    moveTo(null);
    return {
      ...{ sequence: sumOf(positions), cursor, previousCursor: null, stream: null, type },
      ...{ at: new Date(), events: [], lost },
    };
  };
  const toHeads = async (of: readonly StreamId[]) => {
    const heads = await database.read({ workspaceId }, readHeads(of));
    const known = new Map(heads.map(({ stream, position }) => [stream, position]));
    for (const stream of of) positions.set(stream, known.get(stream) ?? startOfStream);
  };

  const wanted = after === null ? null : decodeMergedCursor(workspaceId, merge.name, merge.streams, after);
  if (wanted === null || after === null) {
    await toHeads(streams);
    yield word(after === null ? 'stream.snapshot' : 'stream.reset', after === null ? [] : streams);
  } else {
    // What the cursor says of streams that are not read now is handed on as it is.
    for (const [stream, position] of wanted.positions) positions.set(stream, position);
    await toHeads(streams.filter((stream) => !wanted.positions.has(stream)));
    const lost = await goneOf(database, workspaceId, streams, positions);
    cursor = after;
    if (lost.length > 0) {
      await toHeads(lost);
      yield word('stream.reset', lost);
    }
  }

  while (!signal.aborted) {
    const from = new Map(streams.map((stream) => [stream, positions.get(stream)!.sequence]));
    const rows = await database.read({ workspaceId }, readExcerpts(from, pageSize, false, merge.leaveOut));
    if (signal.aborted) return;
    const excerpts = [...excerptsOf(rows, false).values()];
    const lost = excerpts.filter((excerpt) => hasGap(excerpt, from.get(excerpt.stream)!)).map(({ stream }) => stream);
    if (lost.length > 0) {
      await toHeads(lost);
      yield word('stream.reset', lost);
      continue;
    }
    const { due, isComplete, waitMs } = dueOf(excerpts, merge);
    for (const { stream, at, events } of due) {
      const previousCursor = cursor;
      const last = events.at(-1)!;
      positions.set(stream, { sequence: last.sequence, mark: markOf(last.eventId) });
      moveTo(stream);
      yield {
        ...{ sequence: sumOf(positions), cursor, previousCursor, stream, type: last.type },
        ...{ at, events, lost: [] },
      };
      if (signal.aborted) return;
    }
    if (!isComplete && due.length > 0) continue;
    const seen = new Map(excerpts.map(({ stream, events }) => [stream, events.at(-1)?.sequence ?? from.get(stream)!]));
    const waiting = new AbortController();
    const either = AbortSignal.any([signal, waiting.signal]);
    const timer = waitMs === null ? [] : [delay(waitMs, undefined, { signal: either }).catch(() => undefined)];
    await Promise.race([grown(seen, either), ...timer]);
    waiting.abort();
  }
  return undefined;
}

/** What can be handed out for good, in order: settled, and not ahead of what its stream or another one may still hold. */
function dueOf(excerpts: readonly StreamExcerpt[], merge: Merge) {
  const bounds: Pick<Due, 'at' | 'stream'>[] = [];
  let waitMs: number | null = null;
  const queues: Due[][] = [];
  let settled = Number.POSITIVE_INFINITY;
  for (const { stream, now, events } of excerpts) {
    settled = Math.min(settled, now.getTime() - merge.settleMs);
    const items = itemsOf(events, merge.folded.has(stream)).map((item) => ({ ...item, stream }));
    queues.push(items);
    // What is behind a full page is not older than its last item, and of a line there may be more.
    if (events.length === pageSize) bounds.push(merge.folded.has(stream) ? items.pop()! : items.at(-1)!);
  }
  const due: Due[] = [];
  for (;;) {
    let first: Due[] | null = null;
    for (const queue of queues) if (queue[0] && (!first || isBefore(queue[0], first[0]!))) first = queue;
    const next = first?.[0];
    if (!next) break;
    if (next.at.getTime() > settled) {
      waitMs = next.at.getTime() - settled + 1;
      break;
    }
    if (bounds.some((bound) => isBefore(bound, next))) break;
    due.push(first!.shift()!);
  }
  return { due, isComplete: bounds.length === 0, waitMs };
}

function hasGap({ minSequence, events }: StreamExcerpt, after: number): boolean {
  return events[0] ? events[0].sequence !== after + 1 : after + 1 < minSequence;
}

/** Those of the streams that do not hold the position, or not all that follows it. */
async function goneOf(
  database: Database,
  workspaceId: string,
  streams: readonly StreamId[],
  positions: ReadonlyMap<StreamId, StreamPosition>,
): Promise<StreamId[]> {
  const before = new Map(streams.map((stream) => [stream, positions.get(stream)!.sequence - 1]));
  const rows = await database.read({ workspaceId }, readExcerpts(before, 1, false, []));
  return [...excerptsOf(rows, false).values()]
    .filter(({ stream, minSequence, events }) => {
      const { sequence, mark } = positions.get(stream)!;
      // Before the first that is left there is none that could be recognised.
      if (mark === startOfStream.mark) return sequence + 1 !== minSequence;
      return events[0]?.sequence !== sequence || markOf(events[0].eventId) !== mark;
    })
    .map(({ stream }) => stream);
}
