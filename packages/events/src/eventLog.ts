import { newUuid } from '@tributary/kernel';
import { planOnce, sql } from '@tributary/data';
import type { Row, Statement, WorkspaceTransaction } from '@tributary/data';
import { hintChannel } from './hint.js';
import { streamKind } from '@tributary/contracts/events';
import type { StreamId } from '@tributary/contracts/events';
import { encodeStreamCursor, markOf, startOfStream } from './streamCursor.js';
import type { StreamPosition } from './streamCursor.js';

export type EventPayload = Readonly<Record<string, unknown>>;

export interface NewEvent {
  readonly type: string;
  readonly payload: EventPayload;
}

/** An event as the log holds it. */
export interface LoggedEvent extends NewEvent {
  readonly sequence: number;
  readonly eventId: string;
  readonly at: Date;
}

const pending = new WeakMap<WorkspaceTransaction, Map<StreamId, NewEvent[]>>();

/**
 * Writes to the log in the transaction that makes the events true. The rows go in behind everything else, streams in sorted order, so
 * that the order of commits is the order of numbers and a rollback leaves no gap. A hint goes out after COMMIT.
 */
export function appendEvents(transaction: WorkspaceTransaction, stream: StreamId, events: readonly NewEvent[]): void {
  if (events.length === 0) return;
  let streams = pending.get(transaction);
  if (!streams) {
    const collected = new Map<StreamId, NewEvent[]>();
    pending.set(transaction, collected);
    transaction.beforeCommit('streamHeads', () => writeStreams(transaction, collected));
    streams = collected;
  }
  const known = streams.get(stream);
  if (known) known.push(...events);
  else streams.set(stream, [...events]);
}

async function writeStreams(transaction: WorkspaceTransaction, streams: Map<StreamId, NewEvent[]>): Promise<void> {
  const sorted = [...streams].sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [stream, events] of sorted) {
    const head = await transaction.queryOne(append(stream, events));
    const lastSequence = Number(head?.['last_seq']);
    transaction.hintAfterCommit(hintChannel(transaction.workspaceId, stream), String(lastSequence));
  }
}

function append(stream: StreamId, events: readonly NewEvent[]): Statement {
  return sql(
    'event.append',
    `with head as (
       insert into stream_head as head (workspace_id, stream_id, last_seq, changed_at)
       values ($1, $2, $3, case when $7::boolean then clock_timestamp() end)
       on conflict (workspace_id, stream_id) do update
         set last_seq = head.last_seq + excluded.last_seq, changed_at = excluded.changed_at
       returning last_seq
     ), written as (
       insert into event (workspace_id, stream_id, seq, event_id, type, payload)
       select w.workspace_id, $2, head.last_seq - $3 + n, id, type, payload::jsonb
       from workspace w cross join head cross join unnest($4::uuid[], $5::text[], $6::text[]) with ordinality as new (id, type, payload, n)
       where w.workspace_id = $1
     )
     select last_seq from head`,
    [
      stream,
      events.length,
      events.map(() => newUuid()),
      events.map((event) => event.type),
      events.map((event) => JSON.stringify(event.payload)),
      // Nobody consumes the stream of one flow, and its head would no longer be updated in place.
      streamKind(stream) !== 'flow',
    ],
  );
}

/** Events behind `sequence`, oldest first, at most `limit`. */
export function readForward(stream: StreamId, sequence: number, limit: number): Statement<LoggedEvent> {
  return sql(
    'event.readForward',
    `select seq, event_id, type, payload, at from event
     where workspace_id = $1 and stream_id = $2 and seq > $3 order by seq limit $4`,
    [stream, sequence, limit],
    toEvent,
  );
}

/** Events before `sequence` (null: from the end), newest first, at most `limit`. */
export function readBackward(stream: StreamId, sequence: number | null, limit: number): Statement<LoggedEvent> {
  return sql(
    'event.readBackward',
    `select seq, event_id, type, payload, at from event
     where workspace_id = $1 and stream_id = $2 and seq < $3 order by seq desc limit $4`,
    [stream, sequence ?? Number.MAX_SAFE_INTEGER, limit],
    toEvent,
  );
}

/** An event and the stream that it is of, where several streams are read at once. */
export interface StreamedEvent {
  readonly stream: StreamId;
  readonly event: LoggedEvent;
}

/** The first (or, `backward`, the last, newest first) `limit` events of each of several streams, in one statement. */
export function readStreams(streams: readonly StreamId[], limit: number, backward: boolean): Statement<StreamedEvent> {
  return sql(
    'event.readStreams',
    `select wanted.stream_id, e.* from unnest($2::text[]) as wanted (stream_id)
     cross join lateral (
       select seq, event_id, type, payload, at from event
       where workspace_id = $1 and stream_id = wanted.stream_id collate "C" order by seq ${backward ? 'desc' : ''} limit $3
     ) e`,
    [streams, limit],
    (row) => ({ stream: row['stream_id'] as StreamId, event: toEvent(row) }),
  );
}

export interface StreamHead {
  readonly last: StreamPosition;
  /** The oldest sequence that can still be replayed. */
  readonly minSequence: number;
}

/** Where a stream stands; no row for a stream that nothing was written to. Part of a list's own snapshot, it gives `streamCursor`. */
export function readHead(stream: StreamId): Statement<StreamHead> {
  return planOnce(
    sql(
      'event.readHead',
      `select h.last_seq, h.min_seq, e.event_id from stream_head h
     left join event e on e.workspace_id = h.workspace_id and e.stream_id = h.stream_id and e.seq = h.last_seq
     where h.workspace_id = $1 and h.stream_id = $2`,
      [stream],
      (row) => {
        const sequence = Number(row['last_seq']);
        const eventId = row['event_id'] as string | null;
        return {
          last: eventId === null ? { ...startOfStream, sequence } : { sequence, mark: markOf(eventId) },
          minSequence: Number(row['min_seq']),
        };
      },
    ),
  );
}

/** The cursor of a head that `readHead` found, or of the empty stream. */
export function headCursor(workspaceId: string, stream: StreamId, head: StreamHead | undefined): string {
  return encodeStreamCursor(workspaceId, stream, head?.last ?? startOfStream);
}

function toEvent(row: Row): LoggedEvent {
  return {
    sequence: Number(row['seq']),
    eventId: row['event_id'] as string,
    type: row['type'] as string,
    payload: row['payload'] as EventPayload,
    at: row['at'] as Date,
  };
}
