import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { addedUpWithBins, cellColumns, cellsOfCells, cellsOfTraces } from './cellSql.js';
import type { Grain } from './grain.js';
import { groupings, levels } from './groupings.js';
import type { Grouping } from './groupings.js';
import { batchesOfTail } from './position.js';

const all = Object.values(groupings).join(', ');

export interface DayToSeal {
  readonly grain: Grain;
  readonly traces: number;
  readonly dropped: readonly number[];
}

/** A day that is open, held until the end of the transaction. */
export function lockOpenDay(day: string): Statement<DayToSeal> {
  return sql(
    'metrics.lockOpenDay',
    'select grain, traces, dropped from trace_day where workspace_id = $1 and day = $2::date and not is_sealed for update',
    [day],
    (row) => ({
      grain: row['grain'] as Grain,
      traces: Number(row['traces']),
      dropped: row['dropped'] as number[],
    }),
  );
}

/** Takes away what days were sealed with. */
export function deleteDayCells(days: readonly string[]): Statement {
  return sql(
    'metrics.deleteDayCells',
    `delete from trace_day_cell where workspace_id = $1 and grouping = any(array[${all}]::smallint[])
     and at = any(array(select day::timestamp at time zone 'UTC' from unnest($2::date[]) as day))`,
    [days],
  );
}

const upsert = `on conflict (workspace_id, grouping, at, key, environment, kind, status)
  do update set ${addedUpWithBins('trace_day_cell')}`;

/** Makes a day's cells of one grouping from its hour cells. */
export function sealFromHours(day: string, grouping: number): Statement {
  const from = `from trace_cell c where c.workspace_id = $1 and c.level = ${levels.HOUR} and c.grouping = $3::smallint
    and c.at >= $2::date::timestamp at time zone 'UTC' and c.at < ($2::date + 1)::timestamp at time zone 'UTC'`;
  return sql(
    'metrics.sealFromHours',
    `insert into trace_day_cell (workspace_id, ${cellColumns})
     select $1, ${cellColumns} from (${cellsOfCells(from, `$2::date::timestamp at time zone 'UTC'`)}) as cell ${upsert}`,
    [day, grouping],
  );
}

/** The last id of the next `limit` traces of a day behind `after`, and how many they are; no row behind the last. */
export function nextTraces(
  after: string,
  before: string,
  limit: number,
): Statement<{ readonly last: string; readonly number: number }> {
  return sql(
    'metrics.nextTraces',
    `select max(next.id::text collate "C") as last, count(*)::integer as number from (
       select t.id from trace t where t.workspace_id = $1 and t.id > $2::uuid and t.id < $3::uuid order by t.id limit $4) next
     having count(*) > 0`,
    [after, before, limit],
    (row) => ({ last: row['last'] as string, number: row['number'] as number }),
  );
}

/** Takes the traces behind `after` up to `last`, those that the roll-up has read, into their day's cells of these groupings. */
export function sealFromTraces(day: string, after: string, last: string, wanted: readonly Grouping[]): Statement {
  const from = `from trace t where t.workspace_id = $1 and t.id > $3::uuid and t.id <= $4::uuid
    and not exists (select from (${batchesOfTail}) tail where tail.batch_id = t.batch_id)`;
  return sql(
    'metrics.sealFromTraces',
    `insert into trace_day_cell (workspace_id, ${cellColumns})
     select $1, ${cellColumns} from (${cellsOfTraces(from, `$2::date::timestamp at time zone 'UTC'`, 'fan.grouping = any($5::smallint[])')}) as cell
     order by grouping, key, environment, kind, status ${upsert}`,
    [day, after, last, wanted],
  );
}

/** Groupings of a day with more cells than `limit`. */
export function largeGroupings(day: string, limit: number): Statement<number> {
  return sql(
    'metrics.largeGroupings',
    `select grouping from trace_day_cell where workspace_id = $1 and grouping = any(array[${all}]::smallint[])
     and at = $2::date::timestamp at time zone 'UTC' group by grouping having count(*) > $3 order by grouping`,
    [day, limit],
    (row) => row['grouping'] as number,
  );
}

/** Takes away all cells of groupings that do not compress a day: those who need them read its traces. */
export function dropGroupings(day: string, dropped: readonly number[]): Statement {
  return sql(
    'metrics.dropGroupings',
    `with gone as (
       delete from trace_day_cell where workspace_id = $1 and grouping = any($3::smallint[]) and at = $2::date::timestamp at time zone 'UTC'
     )
     delete from trace_cell where workspace_id = $1 and level = any(array[${Object.values(levels).join(', ')}]::smallint[])
       and grouping = any($3::smallint[])
       and at >= $2::date::timestamp at time zone 'UTC' and at < ($2::date + 1)::timestamp at time zone 'UTC'`,
    [day, dropped],
  );
}

/** Seals a day, whose cells are made. */
export function sealDay(day: string, grain: Grain, dropped: readonly number[]): Statement {
  return sql(
    'metrics.sealDay',
    `update trace_day set is_sealed = true, seal = seal + 1, grain = $3, dropped = $4::smallint[] where workspace_id = $1 and day = $2::date`,
    [day, grain, dropped],
  );
}
