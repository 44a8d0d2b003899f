import { eventStreams, streamKind } from '@tributary/contracts/events';
import type { StreamId } from '@tributary/contracts/events';
import { sql } from '@tributary/data';
import type { Database, Statement, TenantScope } from '@tributary/data';
import { readForward, readHead } from './eventLog.js';
import type { LoggedEvent } from './eventLog.js';
import { decodeStreamCursor, encodeStreamCursor, markOf, startOfStream } from './streamCursor.js';

/** A place in a stream: behind the event of this number. */
export interface StreamPlace {
  readonly sequence: number;
  readonly cursor: string;
}

/** The number in a cursor; null when it is of another stream. Throws INVALID_INPUT when the text is no cursor of ours. */
export function sequenceOfCursor(workspaceId: string, stream: StreamId, cursor: string): number | null {
  return decodeStreamCursor(workspaceId, stream, cursor)?.sequence ?? null;
}

/** Behind the last event that there is. */
export async function placeAtEnd(database: Database, scope: TenantScope, stream: StreamId): Promise<StreamPlace> {
  const last = (await database.read(scope, readHead(stream)))[0]?.last ?? startOfStream;
  return { sequence: last.sequence, cursor: encodeStreamCursor(scope.workspaceId, stream, last) };
}

/** In front of the event `sequence`, or of the first one behind it that can still be read; never behind the last one. */
export async function placeInFrontOf(
  database: Database,
  scope: TenantScope,
  stream: StreamId,
  sequence: number,
): Promise<StreamPlace> {
  const [head] = await database.read(scope, readHead(stream));
  const oldest = eventStreams[streamKind(stream)].historyStays ? 1 : (head?.minSequence ?? 1);
  const wanted = Math.min(Math.max(sequence, oldest) - 1, head?.last.sequence ?? 0);
  const [event] = wanted < 1 ? [] : await database.read(scope, readForward(stream, wanted - 1, 1));
  return placeOf(scope.workspaceId, stream, event?.sequence === wanted ? event : undefined);
}

/** In front of the first event that happened at `at` or after it. */
export async function placeAtTime(
  database: Database,
  scope: TenantScope,
  stream: StreamId,
  at: Date,
): Promise<StreamPlace> {
  const [first] = await database.read(scope, firstSince(stream, at));
  return first === undefined ? placeAtEnd(database, scope, stream) : placeInFrontOf(database, scope, stream, first);
}

function placeOf(workspaceId: string, stream: StreamId, event: LoggedEvent | undefined): StreamPlace {
  const position = event ? { sequence: event.sequence, mark: markOf(event.eventId) } : startOfStream;
  return { sequence: position.sequence, cursor: encodeStreamCursor(workspaceId, stream, position) };
}

function firstSince(stream: StreamId, at: Date): Statement<number> {
  return sql(
    'event.firstSince',
    'select seq from event where workspace_id = $1 and stream_id = $2 and at >= $3 order by seq limit 1',
    [stream, at],
    (row) => Number(row['seq']),
  );
}
