import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** The roll-up's name among the consumers of stream `traces`: its places are stored under it, so it can never change. */
export const rollupName = 'rollup';

/** Says that the roll-up of this workspace is still to read: events that it has not read are kept. */
export function beginRollup(): Statement {
  return sql(
    'metrics.beginRollup',
    `insert into consumer_position (workspace_id, consumer, stream_id, seq) values ($1, $2, 'traces', 0)
     on conflict (workspace_id, consumer, stream_id) do nothing`,
    [rollupName],
  );
}

/** Keeps the roll-up of this workspace from moving until the end of the transaction; no row while it is at work. */
export function holdRollup(): Statement {
  return sql(
    'metrics.holdRollup',
    `select seq from consumer_position where workspace_id = $1 and consumer = $2 and stream_id = 'traces' for update skip locked`,
    [rollupName],
  );
}

/**
 * Batches that the roll-up has not read, as a query of the column batch_id: their traces are in no cell. Its place is joined: in a
 * condition it would be looked at for each event, since a policy stands before it.
 */
export const batchesOfTail = `select (e.payload ->> 'batchId')::uuid as batch_id from (
    select coalesce(max(p.seq), 0) as seq from consumer_position p
    where p.workspace_id = $1 and p.consumer = '${rollupName}' and p.stream_id = 'traces'
  ) place cross join lateral (
    select * from event e where e.workspace_id = $1 and e.stream_id = 'traces' and e.seq > place.seq and e.type = 'traces.ingested' offset 0
  ) e`;

export interface Tail {
  readonly traces: number;
  readonly ageSeconds: number;
}

/** How many traces the roll-up of this workspace has not come to, and how old the first of them is; no row when there are none. */
export function tailOfRollup(): Statement<Tail> {
  return sql(
    'metrics.tailOfRollup',
    `select sum((e.payload ->> 'accepted')::bigint) as traces, extract(epoch from clock_timestamp() - min(e.at))::float8 as age
     from (
       select coalesce(max(p.seq), 0) as seq from consumer_position p
       where p.workspace_id = $1 and p.consumer = $2 and p.stream_id = 'traces'
     ) place cross join lateral (
       select * from event e where e.workspace_id = $1 and e.stream_id = 'traces' and e.seq > place.seq and e.type = 'traces.ingested' offset 0
     ) e having count(*) > 0`,
    [rollupName],
    (row) => ({ traces: Number(row['traces']), ageSeconds: Number(row['age']) }),
  );
}
