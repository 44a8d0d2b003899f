import { planOnce, sql } from '@tributary/data';
import type { RetentionEdges, Statement } from '@tributary/data';
import type { Grain } from './rollup/grain.js';
import { rollupName } from './rollup/position.js';

/** Makes the row that says how far back a workspace reaches; one row when there was none. */
export function beginRetention(): Statement<unknown> {
  return sql(
    'metrics.beginRetention',
    'insert into trace_retention (workspace_id) values ($1) on conflict (workspace_id) do nothing returning workspace_id',
    [],
  );
}

/** How far back a workspace reaches. Senders of old traces are waited for, and wait, until the end of the transaction. */
export function lockRetention(): Statement<RetentionEdges> {
  return sql(
    'metrics.lockRetention',
    'select traces_from::text, hours_from::text from trace_retention where workspace_id = $1 for update',
    [],
    (row) => ({ tracesFrom: row['traces_from'] as string, hoursFrom: row['hours_from'] as string }),
  );
}

export function moveRetention({ tracesFrom, hoursFrom }: RetentionEdges): Statement {
  return sql(
    'metrics.moveRetention',
    `update trace_retention set traces_from = $2::date, hours_from = $3::date, changed_at = now() where workspace_id = $1`,
    [tracesFrom, hoursFrom],
  );
}

/** The first day that is not sealed; null when all are. */
export function firstOpenDay(): Statement<string | null> {
  return sql(
    'metrics.firstOpenDay',
    'select min(day)::text as day from trace_day where workspace_id = $1 and not is_sealed',
    [],
    (row) => row['day'] as string | null,
  );
}

/** The first day of which the roll-up has not come to every trace; null when there is none. */
export function firstDayOfTail(): Statement<string | null> {
  return sql(
    'metrics.firstDayOfTail',
    `select left(min(e.payload ->> 'firstStartedAt'), 10) as day from event e
     where e.workspace_id = $1 and e.stream_id = 'traces' and e.type = 'traces.ingested' and e.seq > (
       select coalesce(max(p.seq), 0) from consumer_position p where p.workspace_id = $1 and p.consumer = $2 and p.stream_id = 'traces')`,
    [rollupName],
    (row) => row['day'] as string | null,
  );
}

/** From now on nobody reads the hour cells of sealed days before this one. */
export function forgetHours(before: string): Statement {
  return sql(
    'metrics.forgetHours',
    `update trace_day set grain = 'RAW' where workspace_id = $1 and day < $2::date and is_sealed and grain <> 'RAW'`,
    [before],
  );
}

/** Keeps this workspace's traces from being given up until the end of the transaction; no row while none ever was. */
export function holdRetention(): Statement<string> {
  return sql(
    'metrics.holdRetention',
    'select traces_from::text as day from trace_retention where workspace_id = $1 for share',
    [],
    (row) => row['day'] as string,
  );
}

const tracesFrom = 'select r.traces_from from trace_retention r where r.workspace_id = $1';

/** The day from which on hour cells are kept; no row while none were ever given up. */
export function hoursKeptFrom(): Statement<string> {
  return sql(
    'metrics.hoursKeptFrom',
    'select hours_from::text as day from trace_retention where workspace_id = $1',
    [],
    (row) => row['day'] as string,
  );
}

/** A day of which cells alone are left. */
export interface GoneDay {
  readonly begins: Date;
  /** How its hours are told: by cells, or not at all. */
  readonly grain: Grain;
  /** Groupings that it has no cells of. */
  readonly dropped: readonly number[];
}

/** Days with traces that are gone, of those that a period touches. */
export function goneDays(from: Date, to: Date): Statement<GoneDay> {
  return planOnce(
    sql(
      'metrics.goneDays',
      `select day::timestamp at time zone 'UTC' as begins, grain, dropped from trace_day
     where workspace_id = $1 and traces > 0 and day < (${tracesFrom})
       and day >= ($2::timestamptz at time zone 'UTC')::date and day::timestamp at time zone 'UTC' < $3::timestamptz
     order by day`,
      [from, to],
      toGoneDay,
    ),
  );
}

/** The same, and days before of which a trace may have ended in that period. */
export function goneDaysReaching(from: Date, to: Date): Statement<GoneDay> {
  return sql(
    'metrics.goneDaysReaching',
    `select day::timestamp at time zone 'UTC' as begins, grain, dropped from trace_day
     where workspace_id = $1 and traces > 0 and day < (${tracesFrom})
       and (day + 1)::timestamp at time zone 'UTC' + (longest_ms + 1) * interval '1 millisecond' >= $2::timestamptz
       and day::timestamp at time zone 'UTC' < $3::timestamptz
     order by day`,
    [from, to],
    toGoneDay,
  );
}

function toGoneDay(row: Record<string, unknown>): GoneDay {
  return {
    begins: row['begins'] as Date,
    grain: row['grain'] as Grain,
    dropped: row['dropped'] as number[],
  };
}
