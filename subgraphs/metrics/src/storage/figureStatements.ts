import type { Bucket, Metric, MetricDimension } from '@tributary/contracts/values';
import { heavy, Parameters, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { groupKey, metricExpressions, toTotals, totalsColumns, weightExpressions } from './figureExpressions.js';
import type { TraceTotals } from './figureExpressions.js';
import { selects } from './traceSelection.js';
import type { TraceSelection } from './traceSelection.js';

/** Traces that a condition on table trace, as `t`, lets through, with when they began and the names of their series. */
function tracesOf(where: string): string {
  return `(
    select t.*, trace_at(t.id) as started_at, s.agent, s.department, s.environment, s.model, s.version
    from trace t join trace_series s on s.workspace_id = t.workspace_id and s.series = t.series where ${where}
  ) trace`;
}

/** Totals of a selection cut in two at `middle`: at most one row for each half. */
export function totalsOfHalves(
  selection: TraceSelection,
  middle: Date,
): Statement<TraceTotals & { readonly isLater: boolean }> {
  const parameters = new Parameters();
  const where = selects(parameters, selection);
  return heavy(
    sql(
      'metrics.totalsOfHalves',
      `select started_at >= ${parameters.add(middle)}::timestamptz as is_later, ${totalsColumns} from ${tracesOf(where)} group by 1`,
      parameters.values,
      (row) => ({ ...toTotals(row), isLater: row['is_later'] as boolean }),
    ),
  );
}

export function totalsOfFlows(flowIds: readonly string[]): Statement<TraceTotals & { readonly flowId: string }> {
  return sql(
    'metrics.totalsOfFlows',
    `select flow_id, ${totalsColumns} from ${tracesOf('t.workspace_id = $1 and t.flow_id = any($2::text[])')} group by flow_id`,
    [flowIds],
    (row) => ({ ...toTotals(row), flowId: row['flow_id'] as string }),
  );
}

export interface GroupFigure {
  readonly key: string | null;
  readonly value: number | null;
}

/** One metric over a selection: one row, or with `groupBy` one for each group that has traces, the `limit` busiest. */
export function figures(
  selection: TraceSelection,
  metric: Metric,
  groupBy: MetricDimension | null,
  limit: number,
): Statement<GroupFigure> {
  const parameters = new Parameters();
  const where = selects(parameters, selection);
  const grouping = groupBy ? `group by 1 order by count(*) desc, 1 limit ${parameters.add(limit)}` : '';
  return heavy(
    sql(
      'metrics.figures',
      `select ${groupKey(groupBy)} as key, ${metricExpressions[metric]} as value from ${tracesOf(where)} ${grouping}`,
      parameters.values,
      toFigure,
    ),
  );
}

const bucketUnits = { MINUTE: 'minute', HOUR: 'hour', DAY: 'day', MONTH: 'month' } as const satisfies Record<
  Bucket,
  string
>;

export interface SeriesCell extends GroupFigure {
  /** Start of the bucket. */
  readonly at: Date;
}

/**
 * One metric for each bucket that has traces and each of the `groups` heaviest groups: heaviest group first, then by time. The groups
 * are chosen first, so that quantiles are computed for these alone.
 */
export function series(
  selection: TraceSelection,
  metric: Metric,
  bucket: Bucket,
  groupBy: MetricDimension | null,
  groups: number,
): Statement<SeriesCell> {
  const parameters = new Parameters();
  const where = selects(parameters, selection);
  const at = `date_trunc('${bucketUnits[bucket]}', started_at, 'UTC') as at`;
  const value = `${metricExpressions[metric]} as value`;
  const ofAll = `select null::text as key, ${at}, ${value} from ${tracesOf(where)} group by 2 order by 2`;
  const ofGroups = () => `
    with heaviest as (
      select ${groupKey(groupBy)} as key, ${weightExpressions[metric]} as weight
      from ${tracesOf(where)} group by 1 order by 2 desc, 1 limit ${parameters.add(groups)}
    )
    select key, ${at}, ${value} from heaviest join ${tracesOf(where)} on ${isOfGroup(groupBy)}
    group by key, weight, at order by weight desc, key, at`;
  return heavy(
    sql('metrics.series', groupBy ? ofGroups() : ofAll, parameters.values, (row) => ({
      ...toFigure(row),
      at: row['at'] as Date,
    })),
  );
}

/** Joins traces to the `key` of their group in a way that can be hashed; no stored value is empty, so '' is free for null. */
function isOfGroup(groupBy: MetricDimension | null): string {
  return `coalesce(key, '') = coalesce(${groupKey(groupBy)}, '')`;
}

export interface WindowCell extends GroupFigure {
  /** 0 is the window that ends at `firstEnd`, 1 the one a step later, … */
  readonly index: number;
}

export interface SlidingWindows {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
  readonly windowMs: number;
}

/**
 * One metric for each window that has traces, and each group. A window that ends at t holds t − windowMs ≤ started < t. A trace is
 * read once and counted in each of the windowMs / stepMs windows that it falls in.
 */
export function slidingFigures(
  selection: TraceSelection,
  metric: Metric,
  groupBy: MetricDimension | null,
  windows: SlidingWindows,
): Statement<WindowCell> {
  const parameters = new Parameters();
  const where = selects(parameters, selection);
  const behindFirstEndMs = `extract(epoch from started_at - ${parameters.add(windows.firstEnd)}::timestamptz) * 1000`;
  const step = `${parameters.add(windows.stepMs)}::bigint`;
  const window = `${parameters.add(windows.windowMs)}::bigint`;
  const last = `${parameters.add(windows.count - 1)}::bigint`;
  return heavy(
    sql(
      'metrics.slidingFigures',
      `select ${groupKey(groupBy)} as key, index, ${metricExpressions[metric]} as value
     from ${tracesOf(where)} cross join lateral generate_series(
       greatest(0, floor((${behindFirstEndMs}) / ${step})::bigint + 1),
       least(${last}, floor((${behindFirstEndMs} + ${window}) / ${step})::bigint)
     ) as index
     group by 1, 2 order by 2, 1`,
      parameters.values,
      (row) => ({ ...toFigure(row), index: Number(row['index']) }),
    ),
  );
}

export interface GroupTotals {
  readonly key: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly latencyP95Ms: number | null;
  readonly costUsd: number;
  /** Of all groups, also those behind the limit. */
  readonly costOfAllUsd: number;
}

/** The dearest groups of a dimension; among equally dear ones the busiest. Quantiles are computed for these alone. */
export function breakdown(selection: TraceSelection, by: MetricDimension, limit: number): Statement<GroupTotals> {
  const parameters = new Parameters();
  const where = selects(parameters, selection);
  return heavy(
    sql(
      'metrics.breakdown',
      `with dearest as (
       select ${groupKey(by)} as key, ${metricExpressions.REQUESTS} as requests, ${metricExpressions.ERRORS} as errors,
         ${metricExpressions.COST_USD} as cost, sum(sum(cost_nano)) over () * 0.000000001 as cost_of_all
       from ${tracesOf(where)} group by 1 order by cost desc, requests desc, key limit ${parameters.add(limit)}
     )
     select key, requests, errors, cost, cost_of_all, ${metricExpressions.LATENCY_P95} as p95
     from dearest join ${tracesOf(where)} on ${isOfGroup(by)}
     group by key, requests, errors, cost, cost_of_all order by cost desc, requests desc, key`,
      parameters.values,
      (row) => ({
        key: row['key'] as string | null,
        requests: Number(row['requests']),
        errors: Number(row['errors']),
        latencyP95Ms: row['p95'] as number | null,
        costUsd: Number(row['cost']),
        costOfAllUsd: Number(row['cost_of_all']),
      }),
    ),
  );
}

function toFigure(row: Row): GroupFigure {
  const value = row['value'];
  return { key: row['key'] as string | null, value: value === null ? null : Number(value) };
}
