import type { MetricDimension } from '@tributary/contracts/values';
import type { Parameters } from '@tributary/data';
import { hourGrains, wholeGrains } from '../rollup/grain.js';
import { groupings, hasCellsOf, levels } from '../rollup/groupings.js';
import { batchesOfTail } from '../rollup/position.js';
import { firstIdAt } from '../traceId.js';
import { chosenSeries, filters } from '../traceSelection.js';
import type { TraceSelection } from '../traceSelection.js';
import { chooseGrouping } from './chooseGrouping.js';
import { fence, idOf, keyOfTrace, keysOfTraces, namesOf, namesOfTrace } from './traceFact.js';
import { wholeUnits } from './wholeUnits.js';

/** The coarsest cells that can be used: those of whole days, those of hours, or none, so that only traces are read. */
export type Coarsest = 'DAY' | 'HOUR' | 'TRACE';

export interface FactsRequest {
  readonly selection: TraceSelection;
  readonly groupBy: MetricDimension | null;
  readonly coarsest: Coarsest;
  /**
   * What is asked of them: groups alone, sums too, or also how long they took. What is not asked for is null, and costs nothing. For groups
   * alone a fact has series in place of a key where only its series tells that: who asks brings the names, once for each series.
   */
  readonly needs: 'KEYS' | 'SUMS' | 'DURATIONS';
  /** Whether it is asked when they were. Default false. */
  readonly withTime?: boolean;
  /** Whether it is asked of which agents they are. Default false. */
  readonly withAgents?: boolean;
}

export interface Facts {
  /** Steps of a WITH. */
  readonly steps: string;
  /** Whether they are traces alone, so that quantiles of them are exact. */
  readonly areTraces: boolean;
  /** Whether they tell the agents that were asked for: a fact has the agent, or the series where only that tells it. */
  readonly tellAgents: boolean;
}

/**
 * The steps of a WITH, the last of which is `facts`: everything that a selection holds, each trace once, either by itself or in a cell. A
 * fact has at, key (of its group; '' stands for null), requests, errors, the sums, duration_max, and either bins and counts or, of one
 * trace, duration_ms.
 *
 * What is read where: whole sealed days in their day cells; other whole hours in hour cells, where their day has such; the five minutes
 * before the first whole hour and behind the last in cells of their own, where their day has these; traces themselves in days that have no
 * cells and at the ragged ends that are left; and of what is read in cells, the traces that the roll-up has not come to. These are disjoint
 * and leave nothing out in any snapshot.
 */
export function factsOf(parameters: Parameters, request: FactsRequest): Facts {
  const { selection, groupBy, coarsest, needs, withTime = false, withAgents = false } = request;
  const grouping = coarsest === 'TRACE' ? null : chooseGrouping(selection.filter, groupBy);
  const { firstSlot, endOfSlots, firstHour, endOfHours, firstDay, endOfDays } = wholeUnits(selection);
  const ofTraces = filters(parameters, selection.filter);
  const and = (conditions: readonly string[]) => conditions.map((condition) => ` and ${condition}`).join('');
  const areTraces = grouping === null || firstHour.getTime() >= endOfHours.getTime();
  const tellAgents = withAgents && (areTraces || grouping === chooseGrouping(selection.filter, 'AGENT'));
  const ofAgent = (agent: string) => (tellAgents ? `, ${agent} as agent, null::bigint as series` : '');
  const ofSeries = (series: string) => (tellAgents ? `, null::text collate "C" as agent, ${series} as series` : '');
  const tracesAs = `${withTime ? 'trace_at(t.id)' : noTime} as at, ${keyOfTrace(groupBy)} as key, ${sumsOfTrace},
    null::smallint[] as bins, null::integer[] as counts, ${needs === 'DURATIONS' ? 't.duration_ms' : 'null::float8 as duration_ms'}${ofSeries('t.series')}`;
  // Said once for each part that is read: thousands say the same.
  const traces = needs === 'KEYS' ? `distinct '' collate "C" as key, t.series` : tracesAs;
  const named = needs === 'KEYS' ? '' : namesOfTrace(groupBy);
  const id = (moment: Date) => parameters.add(firstIdAt(moment), 'uuid');
  if (areTraces)
    return {
      areTraces,
      tellAgents,
      steps: `facts as (
        select ${traces} from (
          select * from trace t where t.workspace_id = $1 and t.id >= ${id(selection.from)} and t.id < ${id(selection.to)}${and(ofTraces)} ${fence}
        ) t ${named}
      )`,
    };
  const [from, to, hour, hourEnd, slot, slotEnd] = [
    ...[selection.from, selection.to, firstHour, endOfHours, firstSlot, endOfSlots].map(id),
  ] as Six;
  const at = (moment: Date) => parameters.add(moment, 'timestamptz');
  const [hourAt, hourEndAt, slotAt, slotEndAt] = [firstHour, endOfHours, firstSlot, endOfSlots].map(at) as Four;
  const g = parameters.add(grouping, 'smallint');
  const isOfSeries = grouping === groupings.SERIES;
  const byDay =
    coarsest === 'DAY'
      ? `when d.is_sealed and d.begins >= ${at(firstDay)} and d.begins < ${at(endOfDays)} then 'DAY'`
      : '';
  const ofCells = cellFilters(parameters, selection, grouping);
  const bins = needs === 'DURATIONS' ? 'c.bins, c.counts' : 'null::smallint[] as bins, null::integer[] as counts';
  const keysOfCells = isOfSeries ? `'' collate "C" as key, c.key::bigint as series` : 'c.key, null::bigint as series';
  const cellsAs = `${withTime ? 'c.at' : `${noTime} as at`}, ${keyOfCells(groupBy, grouping)} collate "C" as key,
    ${sumsOfCell}, ${bins}, null::float8 as duration_ms${isOfSeries ? ofSeries('c.key::bigint') : ofAgent('c.key')}`;
  const cells = needs === 'KEYS' ? `distinct ${keysOfCells}` : cellsAs;
  const namedCells =
    needs !== 'KEYS' && isOfSeries && groupBy && groupBy !== 'STATUS' && groupBy !== 'KIND' && groupBy !== 'ENVIRONMENT'
      ? namesOf('c.key::bigint')
      : '';
  const steps = `day as materialized (
      select d.begins, case when ${g} = any (d.dropped) then 'TRACE' ${byDay} when d.grain = any (${parameters.add(isOfSeries ? wholeGrains : hourGrains)}::text[]) then 'HOUR' else 'TRACE' end as way,
        ${hasCellsOf('FIVE_MINUTES', 'd.grain', g)} and ${g} <> all (d.dropped) as is_fine
      from (select day::timestamp at time zone 'UTC' as begins, grain, is_sealed, dropped from trace_day
        where workspace_id = $1 and day >= (${slotAt} at time zone 'UTC')::date and day <= (${hourEndAt} at time zone 'UTC')::date) d
    ), edge as materialized (
      select case when is_fine_first then ${slot} else ${hour} end as first, case when is_fine_last then ${slotEnd} else ${hourEnd} end as last,
        case when is_fine_first then ${slotAt} else ${hourAt} end as first_at, case when is_fine_last then ${slotEndAt} else ${hourEndAt} end as last_at
      from (select ${isFine(slotAt)} as is_fine_first, ${isFine(hourEndAt)} as is_fine_last) ends
    ), span as materialized (
      select ${from} as first, first as last from edge union all select last, ${to} from edge
      union all select greatest(${idOf('d.begins')}, ${hour}), least(${idOf(`d.begins + interval '1 day'`)}, ${hourEnd})
      from day d where d.way = 'TRACE'
    ), facts as (
      select ${cells} from day d cross join lateral (
        select * from trace_day_cell c where c.workspace_id = $1 and c.grouping = ${g} and c.at = d.begins${and(ofCells)} ${fence}
      ) c ${namedCells} where d.way = 'DAY'
      union all
      select ${cells} from day d cross join lateral (
        select * from trace_cell c where c.workspace_id = $1 and c.level = ${levels.HOUR} and c.grouping = ${g}
          and c.at >= ${hourAt} and c.at < ${hourEndAt}
          and c.at >= greatest(d.begins, ${hourAt}) and c.at < least(d.begins + interval '1 day', ${hourEndAt})${and(ofCells)} ${fence}
      ) c ${namedCells} where d.way = 'HOUR'
      union all
      select ${cells} from (
        select first_at, ${hourAt} as last_at from edge union all select ${hourEndAt}, last_at from edge
      ) e cross join lateral (
        select * from trace_cell c where c.workspace_id = $1 and c.level = ${levels.FIVE_MINUTES} and c.grouping = ${g}
          and c.at >= ${slotAt} and c.at < ${slotEndAt} and c.at >= e.first_at and c.at < e.last_at${and(ofCells)} ${fence}
      ) c ${namedCells}
      union all
      select ${traces} from span cross join lateral (
        select * from trace t where t.workspace_id = $1 and t.id >= ${from} and t.id < ${to} and t.id >= span.first and t.id < span.last
          ${and(ofTraces)} ${fence}
      ) t ${named}
      union all
      select ${traces} from (${batchesOfTail}) tail cross join lateral (
        select * from trace t where t.workspace_id = $1 and t.batch_id = tail.batch_id ${fence}
      ) t ${named}
      where t.id >= (select first from edge) and t.id < (select last from edge)${and(ofTraces)}
        and date_trunc('day', trace_at(t.id), 'UTC') <> all (array(select d.begins from day d where d.way = 'TRACE'))
    )`;
  return { steps, areTraces, tellAgents };
}

const noTime = 'null::timestamptz';
const sumsOfTrace = `1::bigint as requests, (t.status <> 'OK')::integer::bigint as errors, t.input_tokens::bigint, t.output_tokens::bigint,
    t.cached_input_tokens::bigint, t.cost_nano::numeric, (t.cost_source = 'UNPRICED')::integer::bigint as unpriced, t.duration_ms as duration_max`;
const sumsOfCell = `c.requests, case when c.status <> 'OK' then c.requests else 0 end as errors, c.input_tokens, c.output_tokens, c.cached_input_tokens,
    c.cost_nano, c.unpriced, c.duration_max`;

type Four = [string, string, string, string];
type Six = [string, string, string, string, string, string];

/** Whether the day of a moment has cells of five minutes. */
const isFine = (moment: string) =>
  `exists (select from day d where d.is_fine and d.begins = date_trunc('day', ${moment}, 'UTC'))`;

function keyOfCells(groupBy: MetricDimension | null, grouping: number): string {
  if (groupBy === null) return `''::text`;
  if (groupBy === 'ENVIRONMENT') return 'c.environment';
  if (groupBy === 'STATUS') return 'c.status';
  if (groupBy === 'KIND') return 'c.kind';
  return grouping === groupings.SERIES ? keysOfTraces[groupBy] : 'c.key';
}

/** The conditions of a filter on cells of a grouping, as `c`. */
function cellFilters(parameters: Parameters, { filter }: TraceSelection, grouping: number): string[] {
  const { environment, kind, status } = filter;
  const conditions: string[] = [];
  const isOne = (column: string, wanted: readonly string[] | null | undefined) => {
    // '' stands for null there, and nobody can ask for that.
    const storable = wanted?.filter((value) => value !== '' && !value.includes('\0'));
    if (storable) conditions.push(`${column} = any (${parameters.add(storable)}::text[])`);
  };
  isOne('c.environment', environment);
  isOne('c.kind', kind);
  isOne('c.status', status);
  if (grouping === groupings.AGENT) isOne('c.key', filter.agent);
  if (grouping === groupings.DEPARTMENT) isOne('c.key', filter.department);
  if (grouping === groupings.MODEL) isOne('c.key', filter.model);
  if (grouping === groupings.VERSION) isOne('c.key', filter.version);
  if (grouping === groupings.SERIES) {
    const chosen = chosenSeries(parameters, filter, 'f.series::text');
    if (chosen) conditions.push(`c.key = any (array(${chosen}))`);
  }
  return conditions;
}
