import type { Metric, MetricDimension } from '@tributary/contracts/values';
import { Parameters, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { aggregated } from './facts/aggregated.js';
import { chooseGrouping } from './facts/chooseGrouping.js';
import { factsOf } from './facts/facts.js';
import { figureOf } from './facts/figureOf.js';
import { fence } from './facts/traceFact.js';
import type { Coarsest, Facts } from './facts/facts.js';
import { metricExpressions, quantileShares, toTotals, totalsColumns, totalsShares } from './figureExpressions.js';
import type { TraceTotals } from './figureExpressions.js';
import type { TraceFilter, TraceSelection } from './traceSelection.js';

/** Totals of a selection; no row without traces. With agents: also how many these are, where `tellsAgents`. */
export function totals(
  selection: TraceSelection,
  coarsest: Coarsest = 'DAY',
  withAgents = false,
): Statement<WithAgents<TraceTotals>> {
  const parameters = new Parameters();
  const facts = factsOf(parameters, { selection, groupBy: null, coarsest, needs: 'DURATIONS', withAgents });
  const columns = [...totalsColumns, ...agentsColumn(facts)];
  const text = aggregated({ ...facts, source: 'facts', by: [], columns, shares: totalsShares });
  return figureOf(facts, sql('metrics.totals', text, parameters.values, withAgentsOf));
}

/** What of totals is added up: without quantiles, and the longest run. */
export type TraceSums = Omit<TraceTotals, 'latency'>;

/** The same without quantiles, which are most of what totals cost. */
export function sums(selection: TraceSelection, withAgents = false): Statement<WithAgents<TraceSums>> {
  const parameters = new Parameters();
  const facts = factsOf(parameters, { selection, groupBy: null, coarsest: 'DAY', needs: 'SUMS', withAgents });
  const columns = [...totalsColumns, ...agentsColumn(facts)];
  const text = aggregated({ ...facts, source: 'facts', by: [], columns, shares: [] });
  return figureOf(facts, sql('metrics.sums', text, parameters.values, withAgentsOf));
}

/** `agents` is null where it was not asked for. */
export type WithAgents<Totals> = Totals & { readonly agents: number | null };

/** Whether the totals of a filter are read from what tells agents, too, so that one reading tells both. */
export function tellsAgents(filter: TraceFilter): boolean {
  return chooseGrouping(filter, null) === chooseGrouping(filter, 'AGENT');
}

function agentsColumn({ tellAgents }: Facts): string[] {
  return tellAgents ? [`(${numberOfAgents('agent')}) as agents`] : [];
}

function withAgentsOf(row: Row): WithAgents<TraceTotals> {
  return { ...toTotals(row), agents: row['agents'] === undefined ? null : Number(row['agents']) };
}

/** A query of how many agents facts are of, which have the agent in a column, or else the series. */
function numberOfAgents(column: string): string {
  return `select count(distinct case when f.series is null then f.agent else s.agent end) as agents
      from (select distinct ${column} as agent, series from facts) f left join lateral (
        select agent from trace_series n where n.workspace_id = $1 and n.series = f.series ${fence}
      ) s on true`;
}

/** How many agents a selection has traces of. */
export function countAgents(selection: TraceSelection, coarsest: Coarsest = 'DAY'): Statement<number> {
  const parameters = new Parameters();
  const facts = factsOf(parameters, { selection, groupBy: 'AGENT', coarsest, needs: 'KEYS' });
  const text = `with ${facts.steps} ${numberOfAgents('key')}`;
  return figureOf(
    facts,
    sql('metrics.countAgents', text, parameters.values, (row) => Number(row['agents'])),
  );
}

/** The columns and quantiles that a metric is made of. */
export function figureColumns(
  metric: Metric,
  more: readonly string[] = [],
): { readonly columns: readonly string[]; readonly shares: readonly number[] } {
  const share = quantileShares[metric];
  if (share !== undefined) return { columns: more, shares: [share] };
  return { columns: [...more, `${metricExpressions[metric as keyof typeof metricExpressions]} as value`], shares: [] };
}

/** The metric of a row that was made with `figureColumns`. */
export function figureValue(metric: Metric): string {
  return metric in quantileShares ? 'quantiles[1]' : 'value';
}

export interface GroupFigure {
  readonly key: string | null;
  readonly value: number | null;
}

export function toFigure(row: Row): GroupFigure {
  const value = row['value'];
  return { key: row['key'] as string | null, value: value === null ? null : Number(value) };
}

export interface GroupTotals {
  readonly key: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly latencyP95Ms: number | null;
  readonly costUsd: number;
  readonly unpricedRequests: number;
  /** Of all groups, also those behind the limit. */
  readonly costOfAllUsd: number;
}

/** The dearest groups of a dimension; among equally dear ones the busiest. Quantiles are computed for these alone. */
export function breakdown(
  selection: TraceSelection,
  by: MetricDimension,
  limit: number,
  coarsest: Coarsest = 'DAY',
): Statement<GroupTotals> {
  const parameters = new Parameters();
  const facts = factsOf(parameters, { selection, groupBy: by, coarsest, needs: 'DURATIONS' });
  const dearest = `dearest as materialized (
      select key, sum(cost_nano) as nano, sum(sum(cost_nano)) over () as nano_of_all from facts
      group by key order by nano desc, sum(requests) desc, nullif(key, '') limit ${parameters.add(limit)}
    ), chosen as materialized (
      select facts.*, dearest.nano_of_all from facts join dearest using (key)
    )`;
  const rows = aggregated({
    steps: `${facts.steps}, ${dearest}`,
    source: 'chosen',
    areTraces: false,
    by: ['key'],
    columns: [
      `${metricExpressions.REQUESTS} as requests`,
      `${metricExpressions.ERRORS} as errors`,
      `${metricExpressions.COST_USD} as cost`,
      'coalesce(sum(unpriced), 0) as unpriced',
      'max(nano_of_all) * 0.000000001 as cost_of_all',
    ],
    shares: [0.95],
  });
  return figureOf(
    facts,
    sql(
      'metrics.breakdown',
      `select nullif(key, '') as key, requests, errors, cost, unpriced, cost_of_all, quantiles[1] as p95 from (${rows}) figure
       order by cost desc, requests desc, nullif(key, '')`,
      parameters.values,
      (row) => ({
        key: row['key'] as string | null,
        requests: Number(row['requests']),
        errors: Number(row['errors']),
        latencyP95Ms: row['p95'] as number | null,
        costUsd: Number(row['cost']),
        unpricedRequests: Number(row['unpriced']),
        costOfAllUsd: Number(row['cost_of_all']),
      }),
    ),
  );
}
