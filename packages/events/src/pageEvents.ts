import { CodedError } from '@tributary/contracts/errors';
import type { Statement } from '@tributary/data';
import { readBackward, readForward } from './eventLog.js';
import type { LoggedEvent } from './eventLog.js';
import type { StreamId } from '@tributary/contracts/events';
import { decodeStreamCursor, encodeStreamCursor, markOf, startOfStream } from './streamCursor.js';
import type { StreamPosition } from './streamCursor.js';

export interface EventPageRequest {
  readonly first: number | null;
  readonly after: string | null;
  readonly last: number | null;
  readonly before: string | null;
}

export interface EventPage {
  /** Oldest first. */
  readonly items: readonly { readonly event: LoggedEvent; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

const defaultFirst = 50;

/**
 * A page of a stream's log: the statement to read it, and what makes a page of its rows. Throws INVALID_INPUT for both `first` and
 * `last`, a size outside 1 to 100, and a cursor that is none of this stream's.
 */
export function eventPage(
  workspaceId: string,
  stream: StreamId,
  request: EventPageRequest,
): { statement: Statement<LoggedEvent>; toPage: (rows: readonly LoggedEvent[]) => EventPage } {
  if (request.first !== null && request.last !== null) {
    throw new CodedError('INVALID_INPUT', 'Give `first` or `last`, not both.', { field: 'last' });
  }
  const size = request.last ?? request.first ?? defaultFirst;
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    const field = request.last === null ? 'first' : 'last';
    throw new CodedError('INVALID_INPUT', `\`${field}\` must be 1 to 100.`, { field });
  }
  const after = positionOf(workspaceId, stream, request.after, 'after') ?? startOfStream;
  const before = positionOf(workspaceId, stream, request.before, 'before');
  const backward = request.last !== null;
  // A page begins at the event that its cursor names, so that a cursor which names none is found out.
  const [anchor, field] = backward ? ([before, 'before'] as const) : ([after, 'after'] as const);
  const anchored = anchor !== null && anchor.sequence > 0;
  const inRange = (event: LoggedEvent) =>
    event.sequence > after.sequence && (before === null || event.sequence < before.sequence);
  const limit = size + (anchored ? 2 : 1);
  return {
    statement: backward
      ? readBackward(stream, before && before.sequence + 1, limit)
      : readForward(stream, Math.max(0, after.sequence - 1), limit),
    toPage: (rows) => {
      const [first] = rows;
      if (anchor && (anchored ? !first || !isAt(first, anchor) : anchor.mark !== startOfStream.mark))
        throw foreignCursor(field);
      const read = anchored ? rows.slice(1) : rows;
      const inside = read.filter(inRange);
      const shown = inside.slice(0, size);
      const more = inside.length > size;
      if (backward) shown.reverse();
      return {
        items: shown.map((event) => ({
          event,
          cursor: encodeStreamCursor(workspaceId, stream, { sequence: event.sequence, mark: markOf(event.eventId) }),
        })),
        hasNextPage: backward ? before !== null : more || read.length > inside.length,
        hasPreviousPage: backward ? more || read.length > inside.length : after.sequence > 0,
      };
    },
  };
}

function isAt(event: LoggedEvent, position: StreamPosition): boolean {
  return event.sequence === position.sequence && markOf(event.eventId) === position.mark;
}

function foreignCursor(field: string): CodedError {
  return new CodedError('INVALID_INPUT', `\`${field}\` is no cursor of this stream. Start again without it.`, {
    field,
  });
}

function positionOf(
  workspaceId: string,
  stream: StreamId,
  cursor: string | null,
  field: string,
): StreamPosition | null {
  if (cursor === null) return null;
  const position = decodeStreamCursor(workspaceId, stream, cursor);
  if (!position) throw foreignCursor(field);
  return position;
}
