import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { StreamId } from '@tributary/contracts/events';
import type { LoggedEvent } from '../eventLog.js';

/** What one snapshot holds of one of several streams. */
export interface StreamExcerpt {
  readonly stream: StreamId;
  /** When the snapshot was taken, by the clock that events are dated with. */
  readonly now: Date;
  /** The oldest sequence that can still be replayed. */
  readonly minSequence: number;
  /** In the order of reading. */
  readonly events: readonly LoggedEvent[];
}

interface ExcerptRow {
  readonly stream: StreamId;
  readonly now: Date;
  readonly minSequence: number;
  readonly event: LoggedEvent | null;
}

/** Of each stream the events behind `from`, oldest first, or with `backward` those up to and including it, newest first. */
export function readExcerpts(
  from: ReadonlyMap<StreamId, number>,
  limit: number,
  backward: boolean,
  leaveOut: readonly string[],
): Statement<ExcerptRow> {
  return sql(
    backward ? 'event.readExcerptsBackward' : 'event.readExcerpts',
    `select clock_timestamp() as now, wanted.stream_id, coalesce(h.min_seq, 1) as min_seq, e.*
     from unnest($2::text[], $3::bigint[]) as wanted (stream_id, from_seq)
     left join stream_head h on h.workspace_id = $1 and h.stream_id = wanted.stream_id collate "C"
     left join lateral (
       select seq, event_id, type, payload - $5::text[] as payload, at from event
       where workspace_id = $1 and stream_id = wanted.stream_id collate "C"
         and seq ${backward ? '<=' : '>'} wanted.from_seq
       order by seq ${backward ? 'desc' : ''} limit $4
     ) e on true`,
    [[...from.keys()], [...from.values()], limit, leaveOut],
    (row) => ({
      stream: row['stream_id'] as StreamId,
      now: row['now'] as Date,
      minSequence: Number(row['min_seq']),
      event:
        row['seq'] === null
          ? null
          : {
              sequence: Number(row['seq']),
              eventId: row['event_id'] as string,
              type: row['type'] as string,
              payload: row['payload'] as LoggedEvent['payload'],
              at: row['at'] as Date,
            },
    }),
  );
}

/** The rows of such a statement by stream. */
export function excerptsOf(rows: readonly ExcerptRow[], backward: boolean): Map<StreamId, StreamExcerpt> {
  const excerpts = new Map<StreamId, StreamExcerpt>();
  for (const [stream, of] of Map.groupBy(rows, (row) => row.stream)) {
    const events = of.flatMap(({ event }) => event ?? []);
    events.sort((one, other) => (one.sequence - other.sequence) * (backward ? -1 : 1));
    excerpts.set(stream, { stream, now: of[0]!.now, minSequence: of[0]!.minSequence, events });
  }
  return excerpts;
}
