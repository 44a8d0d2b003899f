import type { Metric, MetricDimension } from '@tributary/contracts/values';

/** Runs that did not end well: an error or a timeout. */
const errors = `count(*) filter (where status <> 'OK')`;
const quantile = (share: number) => `percentile_cont(${share}) within group (order by duration_ms)`;

/**
 * Each metric as an aggregate over traces. Counts and sums are 0 without traces, shares and quantiles null. Quantiles are exact:
 * percentile_cont interpolates linearly between the two nearest runs.
 */
export const metricExpressions = {
  REQUESTS: 'count(*)',
  ERRORS: errors,
  ERROR_RATE: `(${errors})::float8 / nullif(count(*), 0)`,
  LATENCY_P50: quantile(0.5),
  LATENCY_P95: quantile(0.95),
  LATENCY_P99: quantile(0.99),
  COST_USD: 'coalesce(sum(cost_nano), 0) * 0.000000001',
  INPUT_TOKENS: 'coalesce(sum(input_tokens), 0)',
  OUTPUT_TOKENS: 'coalesce(sum(output_tokens), 0)',
} as const satisfies Record<Metric, string>;

/** What a group of a series is ranked by: its total where totals add up, else its traffic. */
export const weightExpressions: Readonly<Record<Metric, string>> = {
  ...metricExpressions,
  ERROR_RATE: metricExpressions.REQUESTS,
  LATENCY_P50: metricExpressions.REQUESTS,
  LATENCY_P95: metricExpressions.REQUESTS,
  LATENCY_P99: metricExpressions.REQUESTS,
};

/** Metrics that add up, so that no traces mean 0 and not "unknown". */
export const additiveMetrics: ReadonlySet<Metric> = new Set<Metric>([
  'REQUESTS',
  'ERRORS',
  'COST_USD',
  'INPUT_TOKENS',
  'OUTPUT_TOKENS',
]);

const dimensionColumns = {
  AGENT: 'agent',
  DEPARTMENT: 'department',
  ENVIRONMENT: 'environment',
  MODEL: 'model',
  VERSION: 'version',
  FLOW: 'flow_id',
  STATUS: 'status',
} as const satisfies Record<MetricDimension, string>;

/** The key of a group in SQL; one group of all without a dimension. */
export function groupKey(groupBy: MetricDimension | null): string {
  return groupBy ? dimensionColumns[groupBy] : 'null::text';
}

/** Everything that KPIs show, in one pass over the traces. */
export const totalsColumns = `count(*) as requests, ${errors} as errors,
  percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration_ms) as quantiles, max(duration_ms) as max_duration_ms,
  coalesce(sum(cost_nano), 0) * 0.000000001 as cost_usd, coalesce(sum(input_tokens), 0) as input_tokens,
  coalesce(sum(output_tokens), 0) as output_tokens, count(distinct agent) as agents`;

export interface TraceTotals {
  readonly requests: number;
  readonly errors: number;
  readonly latency: Latency;
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly agents: number;
}

/** Milliseconds; null without traces. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export const noTotals: TraceTotals = {
  requests: 0,
  errors: 0,
  latency: { p50: null, p95: null, p99: null, max: null },
  costUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
  agents: 0,
};

export function toTotals(row: Record<string, unknown>): TraceTotals {
  const [p50, p95, p99] = (row['quantiles'] as (number | null)[] | null) ?? [];
  return {
    requests: Number(row['requests']),
    errors: Number(row['errors']),
    latency: { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null, max: row['max_duration_ms'] as number | null },
    costUsd: Number(row['cost_usd']),
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    agents: Number(row['agents']),
  };
}
