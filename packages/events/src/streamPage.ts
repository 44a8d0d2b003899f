import { CodedError } from '@tributary/contracts/errors';
import { eventStreams, streamKind } from '@tributary/contracts/events';
import type { StreamId } from '@tributary/contracts/events';
import type { Database, TenantScope } from '@tributary/data';
import { checkedFirst } from '@tributary/data';
import { readForward, readHead } from './eventLog.js';
import type { LoggedEvent } from './eventLog.js';
import type { StreamEvent } from './EventStreams.js';
import { decodeStreamCursor, encodeStreamCursor, markOf, startOfStream } from './streamCursor.js';
import type { StreamPosition } from './streamCursor.js';

export interface StreamPageRequest {
  /** Events at most, 1 to 100. */
  readonly first: number;
  /** Goes on behind this cursor; null begins with the oldest event that can be read. */
  readonly after: string | null;
  /** Lets an event through. May look only at facts that never change. Default: all. */
  readonly accepts?: (event: LoggedEvent) => boolean;
}

/** Events of a stream as a subscription with the same filter shows them. */
export interface StreamPage {
  readonly items: readonly StreamEvent[];
  /** The position read up to, also when the filter let nothing through: the next page's `after`, and good for a subscription. */
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

const chunkSize = 256;
/** Events that one page looks at: a filter that lets next to nothing through must not read the whole log in one request. */
const mostLookedAt = 2_048;

/**
 * The page form of a stream. A position in front of what can still be read gives one `stream.reset` first, which says what numbers are
 * missing, and goes on with the oldest event there is. Throws INVALID_INPUT for a size outside 1 to 100, and for a cursor that is none
 * of this stream's.
 */
export async function readStreamPage(
  database: Database,
  scope: TenantScope,
  stream: StreamId,
  request: StreamPageRequest,
): Promise<StreamPage> {
  const { workspaceId } = scope;
  const first = checkedFirst(request.first);
  const asked = request.after === null ? null : decodeStreamCursor(workspaceId, stream, request.after);
  if (request.after !== null && !asked) throw foreignCursor();
  const [heads, start] = await database.readBatch(scope, [
    readHead(stream),
    readForward(stream, Math.max(0, (asked?.sequence ?? 0) - 1), chunkSize),
  ]);
  const oldest = eventStreams[streamKind(stream)].historyStays ? 1 : (heads[0]?.minSequence ?? 1);
  const cursorAt = (position: StreamPosition) => encodeStreamCursor(workspaceId, stream, position);
  const items: StreamEvent[] = [];
  // The event right in front of the oldest one stays, so that a position on it can be told from a made-up one.
  const inFront = start.find(({ sequence }) => sequence === oldest - 1);
  let read = inFront ? positionOf(inFront) : startOfStream;
  if (asked && asked.sequence >= oldest - 1) {
    if (asked.sequence === 0 ? asked.mark !== startOfStream.mark : !isAt(start[0], asked)) throw foreignCursor();
    read = asked;
  } else if (asked) {
    items.push({
      sequence: read.sequence,
      cursor: cursorAt(read),
      previousCursor: null,
      type: 'stream.reset',
      payload: { reason: 'POSITION_GONE', fromSequence: asked.sequence + 1, toSequence: oldest - 1 },
      occurredAt: new Date(),
    });
  }
  let previousCursor = asked || items.length > 0 ? cursorAt(read) : null;
  let lookedAt = 0;
  let chunk = start;
  for (;;) {
    for (const event of chunk) {
      if (event.sequence <= read.sequence) continue;
      if (items.length === first) return pageUpTo(true);
      read = positionOf(event);
      lookedAt += 1;
      if (request.accepts && !request.accepts(event)) continue;
      const cursor = cursorAt(read);
      const { sequence, type, payload, at } = event;
      items.push({ sequence, cursor, previousCursor, type, payload, occurredAt: at });
      previousCursor = cursor;
    }
    if (chunk.length < chunkSize) return pageUpTo(false);
    if (lookedAt >= mostLookedAt) return pageUpTo(true);
    chunk = await database.read(scope, readForward(stream, read.sequence, chunkSize));
  }

  function pageUpTo(hasNextPage: boolean): StreamPage {
    return { items, endCursor: cursorAt(read), hasNextPage, hasPreviousPage: (asked?.sequence ?? 0) > 0 };
  }
}

function positionOf(event: LoggedEvent): StreamPosition {
  return { sequence: event.sequence, mark: markOf(event.eventId) };
}

function isAt(event: LoggedEvent | undefined, position: StreamPosition): boolean {
  return event?.sequence === position.sequence && markOf(event.eventId) === position.mark;
}

function foreignCursor(): CodedError {
  return new CodedError('INVALID_INPUT', '`after` is no cursor of this stream. Start again without it.', {
    field: 'after',
  });
}
