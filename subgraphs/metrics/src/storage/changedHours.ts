import type { ChangesRead, MomentSpan } from '@tributary/cache';
import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { TimeSpan } from '@tributary/contracts/events';

const hourMs = 3_600_000;

interface ChangedHours {
  readonly last: number;
  readonly oldest: number;
  readonly change: { readonly sequence: number; readonly spans: readonly MomentSpan[] } | null;
}

/** Hours in which traces began that came with the batches behind `after`, one row for each batch; and where their log stands. */
export function changedHours(after: number, limit: number): Statement<ChangedHours> {
  return sql(
    'metrics.changedHours',
    `select h.last_seq, h.min_seq, e.seq, e.hours from stream_head h
     left join lateral (
       select seq, payload -> 'hours' as hours from event
       where workspace_id = $1 and stream_id = 'traces' and seq > $2 order by seq limit $3
     ) e on true
     where h.workspace_id = $1 and h.stream_id = 'traces'`,
    [after, limit],
    toChange,
  );
}

/** What the rows of such a statement say together. */
export function changesRead(rows: readonly ChangedHours[]): ChangesRead {
  const changes = rows.flatMap(({ change }) => change ?? []).sort((one, other) => one.sequence - other.sequence);
  return { last: rows[0]?.last ?? 0, oldest: rows[0]?.oldest ?? 1, changes };
}

function toChange(row: Row): ChangedHours {
  const hours = row['hours'] as readonly TimeSpan[] | null;
  return {
    last: Number(row['last_seq']),
    oldest: Number(row['min_seq']),
    change: hours && {
      sequence: Number(row['seq']),
      spans: hours.map(([from, to]) => ({ from: from * hourMs, to: to * hourMs })),
    },
  };
}
