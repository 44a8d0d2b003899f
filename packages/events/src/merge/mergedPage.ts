import { CodedError } from '@tributary/contracts/errors';
import type { StreamId } from '@tributary/contracts/events';
import type { Database, TenantScope } from '@tributary/data';
import type { LoggedEvent } from '../eventLog.js';
import { markOf, startOfStream } from '../streamCursor.js';
import type { StreamPosition } from '../streamCursor.js';
import { itemsOf, mostOfLine } from './foldEvents.js';
import type { MergedItem } from './foldEvents.js';
import { isBefore, sumOf } from './Merge.js';
import type { Merge } from './Merge.js';
import { decodeMergedCursor, encodeMergedCursor } from './mergedCursor.js';
import { excerptsOf, readExcerpts } from './readMerged.js';

export interface MergedPageRequest {
  readonly merge: Merge;
  /** Those of the merge that this reader may see. */
  readonly streams: readonly StreamId[];
  readonly first: number;
  readonly after: string | null;
}

export interface MergedPage {
  /** Newest first. A cursor is good for the next page, and for following what comes behind the item. */
  readonly items: readonly {
    readonly stream: StreamId;
    readonly at: Date;
    readonly events: readonly LoggedEvent[];
    readonly cursor: string;
    /** How many events of its streams are behind the cursor. */
    readonly sequence: number;
  }[];
  readonly hasNextPage: boolean;
  /** Following with it gives what is newer than the page, and nothing of it. */
  readonly streamCursor: string;
}

/** Reads for one page: of a stream that is told of in short it may end earlier, and says that there is more. */
const mostReads = 20;

interface Queue {
  readonly stream: StreamId;
  /** Newest first. */
  items: MergedItem[];
  /** Where the next read of the stream begins. */
  upTo: number;
  /** The oldest sequence that is left, once it is reached. */
  end: number | null;
}

/**
 * What has happened in several streams, newest first, in the order in which a follower is told of it: both may go on with a cursor of the
 * other. Throws INVALID_INPUT for a cursor that is none of this merge's, or that says nothing of one of the streams.
 */
export async function readMergedPage(
  database: Database,
  scope: TenantScope,
  { merge, streams, first, after }: MergedPageRequest,
): Promise<MergedPage> {
  const from = after === null ? null : decodeMergedCursor(scope.workspaceId, merge.name, merge.streams, after);
  const isKnown = from && from.at !== null && streams.every((stream) => from.positions.has(stream));
  if (after !== null && !(isKnown && streams.includes(from.at))) throw notOurs();
  const queues = streams.map((stream): Queue => {
    const upTo = from?.positions.get(stream)?.sequence ?? Number.MAX_SAFE_INTEGER;
    return { stream, items: [], upTo, end: null };
  });
  await fill(database, scope, merge, queues, first, from === null);
  if (from) dropItemAt(queues, from.at!, from.positions.get(from.at!)!);

  const taken: MergedPage['items'][number][] = [];
  const cursorAt = (at: StreamId | null) =>
    encodeMergedCursor(scope.workspaceId, merge.name, merge.streams, { at, positions: positionsOf(queues) });
  for (let reads = 1; ;) {
    if (queues.some(({ items, end }) => items.length === 0 && end === null)) {
      if (reads >= mostReads) break;
      reads += 1;
      await fill(database, scope, merge, queues, first, false);
      continue;
    }
    const newest = newestOf(queues);
    if (!newest || taken.length === first) break;
    const cursor = cursorAt(newest.stream);
    const sequence = sumOf(positionsOf(queues));
    const item = newest.items.shift()!;
    taken.push({ stream: newest.stream, at: item.at, events: item.events, cursor, sequence });
  }
  return {
    items: taken,
    hasNextPage: queues.some(({ items, end }) => items.length > 0 || end === null),
    streamCursor: taken[0]?.cursor ?? after ?? cursorAt(null),
  };
}

/** Reads on in those queues that ran empty. `isNewest`: without what has not settled yet. */
async function fill(
  database: Database,
  scope: TenantScope,
  merge: Merge,
  queues: readonly Queue[],
  first: number,
  isNewest: boolean,
): Promise<void> {
  const empty = queues.filter(({ items, end }) => items.length === 0 && end === null);
  const limit = Math.max(first + 2, mostOfLine * 2);
  const rows = await database.read(
    scope,
    readExcerpts(new Map(empty.map(({ stream, upTo }) => [stream, upTo])), limit, true, merge.leaveOut),
  );
  const excerpts = excerptsOf(rows, true);
  for (const queue of empty) {
    const { now, minSequence, events } = excerpts.get(queue.stream)!;
    const isLast = events.length < limit;
    const items = itemsOf(events.toReversed(), merge.folded.has(queue.stream));
    // The oldest may be a part of a line only.
    if (!isLast && merge.folded.has(queue.stream)) items.shift();
    queue.upTo = (items[0]?.events[0]?.sequence ?? minSequence) - 1;
    if (isLast) queue.end = minSequence;
    const settled = now.getTime() - merge.settleMs;
    queue.items = (isNewest ? items.filter(({ at }) => at.getTime() <= settled) : items).toReversed();
  }
}

/** The item that a page goes on behind: of it nothing is shown again. */
function dropItemAt(queues: readonly Queue[], stream: StreamId, { sequence, mark }: StreamPosition): void {
  const queue = queues.find((each) => each.stream === stream)!;
  const last = queue.items.shift()?.events.at(-1);
  if (last?.sequence !== sequence || markOf(last.eventId) !== mark) throw notOurs();
}

function newestOf(queues: readonly Queue[]): Queue | null {
  let newest: Queue | null = null;
  for (const queue of queues) {
    const [item] = queue.items;
    if (!item) continue;
    const other = newest?.items[0];
    if (!newest || isBefore({ at: other!.at, stream: newest.stream }, { at: item.at, stream: queue.stream }))
      newest = queue;
  }
  return newest;
}

/** Everything that is not newer than the first items of the queues. */
function positionsOf(queues: readonly Queue[]): Map<StreamId, StreamPosition> {
  return new Map(
    queues.map(({ stream, items, end }) => {
      const last = items[0]?.events.at(-1);
      const position = last
        ? { sequence: last.sequence, mark: markOf(last.eventId) }
        : { ...startOfStream, sequence: (end ?? 1) - 1 };
      return [stream, position];
    }),
  );
}

function notOurs(): CodedError {
  return new CodedError('INVALID_INPUT', '`after` is no cursor of an item of this list. Start again without it.', {
    field: 'after',
  });
}
