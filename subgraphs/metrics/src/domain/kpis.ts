import type { Database, TenantScope } from '@tributary/data';
import { noTotals } from '../storage/figureExpressions.js';
import type { Latency, TraceTotals } from '../storage/figureExpressions.js';
import { countAgents, totals } from '../storage/figureStatements.js';
import type { TraceFilter, TraceSelection } from '../storage/traceSelection.js';
import { checkedRange, periodBefore } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

export interface Kpi {
  readonly value: number | null;
  /** The same for the period of the same length before. */
  readonly previous: number | null;
  /** (value − previous) / previous; null when previous is 0 or either is null. */
  readonly change: number | null;
}

export interface Kpis {
  readonly range: TimeRange;
  readonly requests: Kpi;
  readonly errorRate: Kpi;
  readonly latencyMs: Latency;
  readonly costUsd: Kpi;
  /** Runs whose price was not known. */
  readonly unpricedRequests: number;
  readonly inputTokens: Kpi;
  readonly outputTokens: Kpi;
  readonly cachedInputTokens: Kpi;
  readonly activeAgents: Kpi;
  /** Traces whose ingestion was answered before this moment are in the figures. */
  readonly freshAsOf: Date;
}

export async function readKpis(
  database: Database,
  scope: TenantScope,
  wanted: TimeRange,
  filter: TraceFilter,
): Promise<Kpis> {
  const range = checkedRange(wanted);
  // Taken before the snapshot: what was committed before this moment is in it.
  const freshAsOf = new Date();
  const [now, before] = [range, periodBefore(range)].map((period) => ({ ...period, filter })) as [
    TraceSelection,
    TraceSelection,
  ];
  const [[ofNow = noTotals], [ofBefore = noTotals], agents, agentsBefore] = await database.readBatch(scope, [
    totals(now),
    totals(before),
    countAgents(now),
    countAgents(before),
  ]);
  const kpi = (read: (figures: TraceTotals) => number | null) => compare(read(ofNow), read(ofBefore));
  return {
    range,
    requests: kpi((figures) => figures.requests),
    errorRate: kpi(errorRateOf),
    latencyMs: ofNow.latency,
    costUsd: kpi((figures) => figures.costUsd),
    unpricedRequests: ofNow.unpricedRequests,
    cachedInputTokens: kpi((figures) => figures.cachedInputTokens),
    inputTokens: kpi((figures) => figures.inputTokens),
    outputTokens: kpi((figures) => figures.outputTokens),
    activeAgents: compare(agents[0]!, agentsBefore[0]!),
    freshAsOf,
  };
}

/** Share of runs that ended in an error or a timeout, 0 to 1; null without runs. */
export function errorRateOf(totals: { readonly requests: number; readonly errors: number }): number | null {
  return totals.requests === 0 ? null : totals.errors / totals.requests;
}

function compare(value: number | null, previous: number | null): Kpi {
  const change = value === null || previous === null || previous === 0 ? null : (value - previous) / previous;
  return { value, previous, change };
}
