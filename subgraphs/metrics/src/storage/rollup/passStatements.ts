import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { addedUpWithBins, cellColumns, cellsOfTraces } from './cellSql.js';
import { hasCellsOf, levels, slotOfTrace } from './groupings.js';
import type { Level } from './groupings.js';
import { grainOf } from './grain.js';
import type { Grain } from './grain.js';
import { addedToFlows, addedToSessions } from './wholeSql.js';

/** Batches, and ids between which all their traces are: without those every partition would be looked at. */
export interface Batches {
  readonly ids: readonly string[];
  readonly first: string;
  readonly end: string;
}

const ofBatches = 't.workspace_id = $1 and t.batch_id = any($2::uuid[]) and t.id >= $3::uuid and t.id < $4::uuid';
const valuesOf = ({ ids, first, end }: Batches) => [ids, first, end];

export interface TouchedDay {
  /** UTC, `2026-11-27`. */
  readonly day: string;
  readonly isSealed: boolean;
  /** Which cells it has meanwhile. */
  readonly grain: Grain;
}

/** Counts the traces of batches by day. A day that is new is rolled up as finely as the last whole day called for, or they themselves do. */
export function touchDays(batches: Batches, today: string): Statement<TouchedDay> {
  return sql(
    'metrics.touchDays',
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
     select t.workspace_id, (trace_at(t.id) at time zone 'UTC')::date, count(*), max(t.duration_ms),
       case when (trace_at(t.id) at time zone 'UTC')::date < (select r.hours_from from trace_retention r where r.workspace_id = $1) then 'RAW'
         else ${grainOf(`greatest(count(*), (select d.traces from trace_day d
           where d.workspace_id = $1 and d.day < $5::date order by d.day desc limit 1))`)} end
     from trace t where ${ofBatches} group by 1, 2 order by 2
     on conflict (workspace_id, day) do update
       set traces = trace_day.traces + excluded.traces, longest_ms = greatest(trace_day.longest_ms, excluded.longest_ms)
     returning day::text, is_sealed, grain`,
    [...valuesOf(batches), today],
    (row) => ({
      day: row['day'] as string,
      isSealed: row['is_sealed'] as boolean,
      grain: row['grain'] as Grain,
    }),
  );
}

/** Opens sealed days again. Their cells go first. */
export function unsealDays(days: readonly string[]): Statement {
  return sql(
    'metrics.unsealDays',
    'update trace_day set is_sealed = false where workspace_id = $1 and day = any($2::date[])',
    [days],
  );
}

/** Takes the traces of batches into the cells of a level, in days that have such. */
export function addToCells(batches: Batches, level: Level): Statement {
  const from = `from trace t where ${ofBatches}`;
  const allowed = `exists (select from trace_day d where d.workspace_id = $1 and d.day = (part.at at time zone 'UTC')::date
    and ${hasCellsOf(level, 'd.grain', 'fan.grouping')} and fan.grouping <> all (d.dropped))`;
  return sql(
    'metrics.addToCells',
    `insert into trace_cell (workspace_id, level, ${cellColumns})
     select $1, ${levels[level]}, ${cellColumns} from (${cellsOfTraces(from, slotOfTrace[level], allowed)}) as cell
     order by grouping, at, key, environment, kind, status
     on conflict (workspace_id, level, grouping, at, key, environment, kind, status) do update set ${addedUpWithBins('trace_cell')}`,
    valuesOf(batches),
  );
}

/** Takes the traces of batches into the totals of their flows. */
export function addToFlows(batches: Batches): Statement {
  return sql('metrics.addToFlows', addedToFlows(ofBatches), valuesOf(batches));
}

/** Takes the traces of batches into the totals of their sessions. */
export function addToSessions(batches: Batches): Statement {
  return sql('metrics.addToSessions', addedToSessions(ofBatches), valuesOf(batches));
}

/** Moves the first sight of series back to traces that began earlier. */
export function noteFirstSight(batches: Batches): Statement {
  return sql(
    'metrics.noteFirstSight',
    `update trace_series s set first_at = seen.at
     from (select t.series, trace_at(min(t.id::text collate "C")::uuid) as at from trace t
       where ${ofBatches} group by 1) seen
     where s.workspace_id = $1 and s.series = seen.series and s.first_at > seen.at`,
    valuesOf(batches),
  );
}
