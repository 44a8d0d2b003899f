import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { addedUpWithBins, cellColumns, cellsOfTraces } from './cellSql.js';
import { groupings, hasCellsOf, levels, slotOfTrace } from './groupings.js';
import type { Level } from './groupings.js';
import { batchesOfTail } from './position.js';
import type { Grain } from './grain.js';
import type { DayToSeal } from './sealStatements.js';

export interface StoredDay extends DayToSeal {
  readonly isSealed: boolean;
}

const ofDay = (column: string) =>
  `${column} >= $2::date::timestamp at time zone 'UTC' and ${column} < ($2::date + 1)::timestamp at time zone 'UTC'`;
const isRolledUp = `not exists (select from (${batchesOfTail}) tail where tail.batch_id = t.batch_id)`;

/** A day, held until the end of the transaction; no row when nothing of it is rolled up. */
export function lockDay(day: string): Statement<StoredDay> {
  return sql(
    'metrics.lockDay',
    'select grain, traces, dropped, is_sealed from trace_day where workspace_id = $1 and day = $2::date for update',
    [day],
    (row) => ({
      grain: row['grain'] as Grain,
      traces: Number(row['traces']),
      dropped: row['dropped'] as number[],
      isSealed: row['is_sealed'] as boolean,
    }),
  );
}

/** Takes away the cells of a day's hours and five minutes. */
export function deleteHourCells(day: string): Statement {
  return sql(
    'metrics.deleteHourCells',
    `delete from trace_cell where workspace_id = $1 and level = any(array[${Object.values(levels).join(', ')}]::smallint[])
     and grouping = any(array[${Object.values(groupings).join(', ')}]::smallint[]) and ${ofDay('at')}`,
    [day],
  );
}

/**
 * Counts the traces of a day, between two ids, that the roll-up has read: none makes no row. The day is open from then on, and what it was
 * rolled up by stays.
 */
export function recountDay(day: string, first: string, end: string): Statement<number> {
  return sql(
    'metrics.recountDay',
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
     select $1, $2::date, count(*), max(t.duration_ms), 'RAW' from trace t
     where t.workspace_id = $1 and t.id >= $3::uuid and t.id < $4::uuid and ${isRolledUp} having count(*) > 0
     on conflict (workspace_id, day) do update
       set traces = excluded.traces, longest_ms = excluded.longest_ms, is_sealed = false, dropped = '{}'
     returning traces`,
    [day, first, end],
    (row) => Number(row['traces']),
  );
}

/** Forgets a day that has no traces. */
export function forgetDay(day: string): Statement {
  return sql('metrics.forgetDay', 'delete from trace_day where workspace_id = $1 and day = $2::date', [day]);
}

/** Takes a day's traces behind `after` up to `last`, those that the roll-up has read, into its cells of a level, of what its grain says. */
export function cellsFromTraces(after: string, last: string, grain: Grain, level: Level): Statement {
  const from = `from trace t where t.workspace_id = $1 and t.id > $2::uuid and t.id <= $3::uuid and ${isRolledUp}`;
  return sql(
    'metrics.cellsFromTraces',
    `insert into trace_cell (workspace_id, level, ${cellColumns})
     select $1, ${levels[level]}, ${cellColumns} from (${cellsOfTraces(from, slotOfTrace[level], hasCellsOf(level, '$4', 'fan.grouping'))}) as cell
     order by grouping, at, key, environment, kind, status
     on conflict (workspace_id, level, grouping, at, key, environment, kind, status) do update set ${addedUpWithBins('trace_cell')}`,
    [after, last, grain],
  );
}

/** The first and the last day with traces, also of what is not rolled up; no row without any. */
export function daysWithTraces(): Statement<{ readonly first: string; readonly last: string }> {
  return sql(
    'metrics.daysWithTraces',
    `select min(day)::text as first, max(day)::text as last from (
       select day from trace_day where workspace_id = $1
       union all
       (select (trace_at(t.id) at time zone 'UTC')::date from trace t where t.workspace_id = $1 order by t.id limit 1)
       union all
       (select (trace_at(t.id) at time zone 'UTC')::date from trace t where t.workspace_id = $1 order by t.id desc limit 1)
     ) known having count(*) > 0`,
    [],
    (row) => ({ first: row['first'] as string, last: row['last'] as string }),
  );
}
