import type { Metric, MetricDimension, TimeBasis } from '@tributary/contracts/values';
import { heavy, Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { chooseGrouping } from '../facts/chooseGrouping.js';
import { factsOf } from '../facts/facts.js';
import { keyOfTrace, namesOfTrace } from '../facts/traceFact.js';
import { wholeUnits } from '../facts/wholeUnits.js';
import { quantileShares } from '../figureExpressions.js';
import { firstIdAt } from '../traceId.js';
import { filters } from '../traceSelection.js';
import type { TraceFilter } from '../traceSelection.js';
import { crossing, endOfTrace } from './crossing.js';

export interface PartsRequest {
  readonly metric: Metric;
  readonly groupBy: MetricDimension | null;
  readonly filter: TraceFilter;
  readonly timeBasis: TimeBasis;
  /** What every window holds; null when there is no such time, or it is too short to be read in cells. */
  readonly core: Span | null;
  /** What some windows hold. */
  readonly edges: readonly Span[];
  /** Where windows begin and end, ascending: an edge is told apart by these. */
  readonly bounds: readonly Date[];
}

/** From ≤ t < to. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** What one group has in the core, or between two bounds that follow each other. */
export interface WindowPart {
  /** 0 is the core, 1 what begins at the first bound, … */
  readonly segment: number;
  readonly key: string | null;
  readonly requests: number;
  /** What the metric adds up, in 10⁻⁹ US dollars where that is cost. */
  readonly amount: bigint;
  /** Of durations, where the metric is a quantile of them. */
  readonly bins: readonly number[];
  readonly counts: readonly number[];
}

/** What a metric adds up, of facts and of traces as `t`. */
const amounts: Readonly<Partial<Record<Metric, { readonly ofFacts: string; readonly ofTraces: string }>>> = {
  ERRORS: { ofFacts: 'errors', ofTraces: `(t.status <> 'OK')::integer` },
  ERROR_RATE: { ofFacts: 'errors', ofTraces: `(t.status <> 'OK')::integer` },
  COST_USD: { ofFacts: 'cost_nano', ofTraces: 't.cost_nano' },
  INPUT_TOKENS: { ofFacts: 'input_tokens', ofTraces: 't.input_tokens' },
  OUTPUT_TOKENS: { ofFacts: 'output_tokens', ofTraces: 't.output_tokens' },
};

/** Columns of a trace that groups are told by. */
const columnOf: Readonly<Partial<Record<MetricDimension, string>>> = {
  FLOW: 'flow_id',
  OPERATION: 'operation',
  STATUS: 'status',
  KIND: 'kind',
};

/** Whether a time is read in cells where there are such. */
export function hasCells({ timeBasis, filter, groupBy }: Omit<PartsRequest, 'core'>, core: Span): boolean {
  const { firstHour, endOfHours } = wholeUnits(core);
  return firstHour < endOfHours && timeBasis !== 'INGESTED' && chooseGrouping(filter, groupBy) !== null;
}

/**
 * What windows are made of, in one snapshot and each trace once. What ended in [a, b) is what began in it, without what ended later, and
 * with what began before and ended in it: so cells, which know when traces began, serve both.
 */
export function windowParts(request: PartsRequest, limit: number): Statement<WindowPart> {
  const { metric, groupBy, filter, core } = request;
  const parameters = new Parameters();
  const isQuantile = quantileShares[metric] !== undefined;
  const amount = amounts[metric] ?? { ofFacts: '0', ofTraces: '0' };
  const steps: string[] = [];
  const named: string[] = [];
  if (core) {
    steps.push(
      factsOf(parameters, {
        selection: { ...core, filter },
        groupBy,
        coarsest: 'DAY',
        needs: isQuantile ? 'DURATIONS' : 'SUMS',
      }).steps,
    );
    named.push(
      ...(isQuantile
        ? histogramFacts
        : [`select 0, key, null::smallint, requests, ${amount.ofFacts}::numeric from facts`]),
    );
  }
  const own = groupBy ? columnOf[groupBy] : undefined;
  const picked = pickTraces(parameters, request, steps);
  const bin = isQuantile ? 'duration_bin(t.duration_ms)' : 'null::smallint';
  const ownColumn = own ? `, t.${own}` : '';
  if (picked.length > 0) {
    const rows = picked.map(
      ({ segment, sign, source }) =>
        `select ${segment} as segment, t.series${ownColumn}, ${bin} as bin, ${sign} as number, ${sign} * ${amount.ofTraces}::numeric as amount from ${source}`,
    );
    steps.push(
      `part as (
        select segment, series${own ? `, ${own}` : ''}, bin, sum(number) as number, sum(amount) as amount from (${rows.join(' union all ')}) picked
        group by segment, series${own ? `, ${own}` : ''}, bin
      )`,
    );
    named.push(
      `select t.segment, ${keyOfTrace(groupBy)}, t.bin, t.number, t.amount from part t ${namesOfTrace(groupBy)}`,
    );
  }
  const text = `with ${steps.join(', ')}, entry as (
      select segment, key, bin, sum(number)::integer as number, sum(amount) as amount
      from (${named.join(' union all ')}) named (segment, key, bin, number, amount) group by segment, key, bin
    )
    select segment, nullif(key, '') as key, sum(number) as requests, sum(amount)::text as amount,
      array_agg(bin order by bin) as bins, array_agg(number order by bin) as counts
    from entry group by segment, key limit ${parameters.add(limit)}`;
  return heavy(sql('metrics.windowParts', text, parameters.values, (row) => toPart(row, isQuantile)));
}

const histogramFacts = [
  'select 0, key, u.bin, u.number, 0 from facts cross join lateral unnest(bins, counts) as u (bin, number) where bins is not null',
  'select 0, key, duration_bin(duration_ms), 1, 0 from facts where bins is null',
];

interface Picked {
  readonly segment: string;
  readonly sign: '1' | '-1';
  /** What stands behind FROM; its traces are `t`. */
  readonly source: string;
}

/** Traces that are read themselves. Adds the steps that they need. */
function pickTraces(parameters: Parameters, request: PartsRequest, steps: string[]): Picked[] {
  const { timeBasis, core, edges } = request;
  if (edges.length === 0 && (core === null || timeBasis !== 'ENDED')) return [];
  const bounds = edges.length > 0 ? parameters.add(request.bounds, 'timestamptz[]') : '';
  const conditions = filters(parameters, request.filter)
    .map((condition) => ` and ${condition}`)
    .join('');
  const id = (moment: Date) => parameters.add(firstIdAt(moment), 'uuid');
  const endsBefore = (moment: Date) => `${endOfTrace} < ${parameters.add(moment, 'timestamptz')}`;
  const crossed = (moment: Date) => {
    const name = `crossing_${steps.length}`;
    steps.push(crossing(parameters, name, moment, conditions));
    return name;
  };
  const began = ({ from, to }: Span) =>
    `trace t where t.workspace_id = $1 and t.id >= ${id(from)} and t.id < ${id(to)}${conditions}`;
  const picked: Picked[] = [];
  if (core && timeBasis === 'ENDED') {
    picked.push(
      { segment: '0', sign: '-1', source: `${crossed(core.to)} t where t.id >= ${id(core.from)}` },
      { segment: '0', sign: '1', source: `${crossed(core.from)} t where ${endsBefore(core.to)}` },
    );
  }
  for (const edge of edges) {
    if (timeBasis === 'STARTED')
      picked.push({ segment: `width_bucket(trace_at(t.id), ${bounds})`, sign: '1', source: began(edge) });
    else if (timeBasis === 'INGESTED') {
      const source = `trace t where t.workspace_id = $1 and t.batch_id >= ${id(edge.from)} and t.batch_id < ${id(edge.to)}${conditions}`;
      picked.push({ segment: `width_bucket(trace_at(t.batch_id), ${bounds})`, sign: '1', source });
    } else {
      const segment = `width_bucket(${endOfTrace}, ${bounds})`;
      const end = endsBefore(edge.to);
      picked.push(
        { segment, sign: '1', source: `${began(edge)} and ${end}` },
        { segment, sign: '1', source: `${crossed(edge.from)} t where ${end}` },
      );
    }
  }
  return picked;
}

function toPart(row: Record<string, unknown>, isQuantile: boolean): WindowPart {
  return {
    segment: Number(row['segment']),
    key: row['key'] as string | null,
    requests: Number(row['requests']),
    amount: BigInt(row['amount'] as string),
    bins: isQuantile ? (row['bins'] as number[]) : [],
    counts: isQuantile ? (row['counts'] as number[]) : [],
  };
}
