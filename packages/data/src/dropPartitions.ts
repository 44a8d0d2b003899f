import type pg from 'pg';
import { sqlState } from './databaseError.js';
import { daysAfter, monthOf, mondayOf } from './partitionDays.js';
import { withClient } from './withClient.js';

/** Days before which traces, and hour cells, may be dropped. UTC, `2026-11-27`. */
export interface RetentionEdges {
  readonly tracesFrom: string;
  readonly hoursFrom: string;
}

/** How long ago the last reader must have been told that they are gone: longer than any statement takes. */
const restMs = 10 * 60_000;
const rowsOfBatch = 10_000;
const lockNotAvailable = '55P03';

/**
 * Drops the partitions of weeks and months that every workspace has given up, and deletes what else is as old. What somebody is in the way
 * of goes the next time. `workerUrl` logs in as role `worker`. Answers how many partitions went.
 */
export async function dropPartitions(workerUrl: string, wanted: RetentionEdges, now = new Date()): Promise<number> {
  return withClient(workerUrl, async (client) => {
    const { rows } = await client.query<{ of_traces: string | null; of_hours: string | null }>(
      'select of_traces::text, of_hours::text from lookup.oldest_trace_days($1)',
      [new Date(now.getTime() - restMs)],
    );
    const [kept] = rows;
    const tracesFrom = mondayOf(earlier(wanted.tracesFrom, kept?.of_traces));
    const hoursFrom = monthOf(earlier(wanted.hoursFrom, kept?.of_hours));
    let dropped = 0;
    for (const monday of await partitions(client, 'trace', 'trace_', 'YYYYMMDD'))
      if (daysAfter(monday, 7) <= tracesFrom)
        dropped += await act(client, 'select upkeep.drop_trace_week($1::date)::integer as done', [monday]);
    for (const first of await partitions(client, 'trace_cell', 'trace_cell_', 'YYYYMM'))
      if (monthOf(daysAfter(first, 31)) <= hoursFrom)
        dropped += await act(client, 'select upkeep.drop_cell_month($1::date)::integer as done', [first]);
    await deleteStray(client, 'upkeep.delete_stray_traces', tracesFrom);
    await deleteStray(client, 'upkeep.delete_stray_cells', hoursFrom);
    return dropped;
  });
}

function earlier(day: string, other: string | null | undefined): string {
  return other && other < day ? other : day;
}

/** The first days of a table's partitions, which their names tell; the default one has no day. */
async function partitions(client: pg.Client, table: string, prefix: string, form: string): Promise<string[]> {
  const { rows } = await client.query<{ day: string }>(
    `select to_date(substr(c.relname, length($2) + 1), $3)::text as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass and substr(c.relname, length($2) + 1) ~ '^[0-9]+$' order by 1`,
    [table, prefix, form],
  );
  return rows.map((row) => row.day);
}

async function deleteStray(client: pg.Client, name: string, before: string): Promise<void> {
  for (;;) {
    const done = await act(client, `select ${name}($1::date, $2) as done`, [before, rowsOfBatch]);
    if (done < rowsOfBatch) return;
  }
}

async function act(client: pg.Client, text: string, values: readonly unknown[]): Promise<number> {
  try {
    const { rows } = await client.query<{ done: number }>(text, [...values]);
    return rows[0]!.done;
  } catch (error) {
    if (sqlState(error) === lockNotAvailable) return 0;
    throw error;
  }
}
