import { CodedError } from '@tributary/kernel';
import type { Statement } from '@tributary/data';
import { readBackward, readForward } from './eventLog.js';
import type { LoggedEvent } from './eventLog.js';
import type { StreamId } from './StreamId.js';
import { decodeStreamCursor, encodeStreamCursor, markOf } from './streamCursor.js';

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
  const after = sequenceOf(workspaceId, stream, request.after, 'after') ?? 0;
  const before = sequenceOf(workspaceId, stream, request.before, 'before');
  const backward = request.last !== null;
  const inRange = (event: LoggedEvent) => event.sequence > after && (before === null || event.sequence < before);
  return {
    statement: backward
      ? readBackward(workspaceId, stream, before, size + 1)
      : readForward(workspaceId, stream, after, size + 1),
    toPage: (rows) => {
      const inside = rows.filter(inRange);
      const shown = inside.slice(0, size);
      const more = inside.length > size;
      if (backward) shown.reverse();
      return {
        items: shown.map((event) => ({
          event,
          cursor: encodeStreamCursor(workspaceId, stream, { sequence: event.sequence, mark: markOf(event.eventId) }),
        })),
        hasNextPage: backward ? before !== null : more || rows.length > inside.length,
        hasPreviousPage: backward ? more || rows.length > inside.length : after > 0,
      };
    },
  };
}

function sequenceOf(workspaceId: string, stream: StreamId, cursor: string | null, field: string): number | null {
  if (cursor === null) return null;
  const position = decodeStreamCursor(workspaceId, stream, cursor);
  if (!position)
    throw new CodedError('INVALID_INPUT', `\`${field}\` is a cursor of another stream. Start again without it.`, {
      field,
    });
  return position.sequence;
}
