import type { Metric } from '@tributary/contracts/values';

const requests = 'coalesce(sum(requests), 0)';
/** Runs that did not end well: an error or a timeout. */
const errors = 'coalesce(sum(errors), 0)';
const cost = 'coalesce(sum(cost_nano), 0) * 0.000000001';

/** Metrics that are quantiles of durations, with their share. */
export const quantileShares: Readonly<Partial<Record<Metric, number>>> = {
  LATENCY_P50: 0.5,
  LATENCY_P95: 0.95,
  LATENCY_P99: 0.99,
};

/** The other metrics as aggregates over facts. Counts and sums are 0 without traces, shares null. */
export const metricExpressions = {
  REQUESTS: requests,
  ERRORS: errors,
  ERROR_RATE: `(${errors})::float8 / nullif(${requests}, 0)`,
  COST_USD: cost,
  INPUT_TOKENS: 'coalesce(sum(input_tokens), 0)',
  OUTPUT_TOKENS: 'coalesce(sum(output_tokens), 0)',
} as const satisfies Partial<Record<Metric, string>>;

/** Metrics that add up, so that no traces mean 0 and not "unknown". */
export const additiveMetrics: ReadonlySet<Metric> = new Set<Metric>([
  'REQUESTS',
  'ERRORS',
  'COST_USD',
  'INPUT_TOKENS',
  'OUTPUT_TOKENS',
]);

/** What a group of a series is ranked by: its total where totals add up, else its traffic. */
export function weightExpression(metric: Metric): string {
  return additiveMetrics.has(metric) ? metricExpressions[metric as 'REQUESTS'] : requests;
}

/** Everything that KPIs show but quantiles. */
export const totalsColumns: readonly string[] = [
  `${requests} as requests`,
  `${errors} as errors`,
  'max(duration_max) as max_duration_ms',
  `${cost} as cost_usd`,
  'coalesce(sum(input_tokens), 0) as input_tokens',
  'coalesce(sum(output_tokens), 0) as output_tokens',
  'coalesce(sum(cached_input_tokens), 0) as cached_input_tokens',
  'coalesce(sum(unpriced), 0) as unpriced',
];

export const totalsShares: readonly number[] = [0.5, 0.95, 0.99];

export interface TraceTotals {
  readonly requests: number;
  readonly errors: number;
  readonly latency: Latency;
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  /** Requests whose cost is not known, and counts as 0. */
  readonly unpricedRequests: number;
}

/** Milliseconds; null without traces. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** By how much, as a share, the quantiles may be off: 0 where they were computed from the traces themselves. */
  readonly relativeError: number;
}

export const noTotals: TraceTotals = {
  requests: 0,
  errors: 0,
  latency: { p50: null, p95: null, p99: null, max: null, relativeError: 0 },
  costUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  unpricedRequests: 0,
};

export function toTotals(row: Record<string, unknown>): TraceTotals {
  const [p50, p95, p99] = (row['quantiles'] as (number | null)[] | null) ?? [];
  return {
    requests: Number(row['requests']),
    errors: Number(row['errors']),
    latency: {
      p50: p50 ?? null,
      p95: p95 ?? null,
      p99: p99 ?? null,
      max: row['max_duration_ms'] as number | null,
      relativeError: row['is_rounded'] === true ? 0.01 : 0,
    },
    costUsd: Number(row['cost_usd']),
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    cachedInputTokens: Number(row['cached_input_tokens']),
    unpricedRequests: Number(row['unpriced']),
  };
}
