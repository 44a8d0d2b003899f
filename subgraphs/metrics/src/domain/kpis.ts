import type { Database, TenantScope } from '@tributary/data';
import { noTotals } from '../storage/figureExpressions.js';
import type { Latency, TraceTotals } from '../storage/figureExpressions.js';
import { totalsOfHalves } from '../storage/figureStatements.js';
import type { TraceFilter } from '../storage/traceSelection.js';
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
  readonly inputTokens: Kpi;
  readonly outputTokens: Kpi;
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
  const both = { workspaceId: scope.workspaceId, from: periodBefore(range).from, to: range.to, filter };
  const halves = await database.read(scope, totalsOfHalves(both, range.from));
  const now = halves.find((half) => half.isLater) ?? noTotals;
  const before = halves.find((half) => !half.isLater) ?? noTotals;
  const kpi = (read: (totals: TraceTotals) => number | null) => compare(read(now), read(before));
  return {
    range,
    requests: kpi((totals) => totals.requests),
    errorRate: kpi(errorRateOf),
    latencyMs: now.latency,
    costUsd: kpi((totals) => totals.costUsd),
    inputTokens: kpi((totals) => totals.inputTokens),
    outputTokens: kpi((totals) => totals.outputTokens),
    activeAgents: kpi((totals) => totals.agents),
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
