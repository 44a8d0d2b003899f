import { CodedError } from '@tributary/contracts/errors';
import type { Database, TenantScope } from '@tributary/data';
import { noTotals } from '../storage/figureExpressions.js';
import type { Latency } from '../storage/figureExpressions.js';
import { countAgents, sums, tellsAgents, totals } from '../storage/figureStatements.js';
import type { TraceSums } from '../storage/figureStatements.js';
import type { Coarsest } from '../storage/facts/facts.js';
import type { TraceFilter, TraceSelection } from '../storage/traceSelection.js';
import { isSameRange, keptRange } from './retention/keptRange.js';
import type { Asked } from './retention/keptRange.js';
import { readKept } from './retention/readKept.js';
import { checkedRange, comparedPeriod, periodBefore } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

export interface Kpi {
  readonly value: number | null;
  /** The same for as much of the period of the same length before as has passed of this one; null where it is no longer kept. */
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
  /** When they were read. */
  readonly computedAt: Date;
}

/** What KPIs ask of cells. */
export function askedByKpis(filter: TraceFilter): readonly Asked[] {
  return [
    { filter, groupBy: null },
    { filter, groupBy: 'AGENT' },
  ];
}

/** Quantiles of so many traces at most are computed from each of them. */
const maxExact = 100_000;

const nothing = { ...noTotals, agents: 0 };

export async function readKpis(
  database: Database,
  scope: TenantScope,
  wanted: TimeRange,
  filter: TraceFilter,
  coarsest: Coarsest = 'DAY',
): Promise<Kpis> {
  // Taken before the snapshot: what was committed before this moment is in it.
  const freshAsOf = new Date();
  const asked = askedByKpis(filter);
  // Only what is asked of the period itself is asked more exactly.
  const askedNow = [...asked, { filter, groupBy: null, coarsest }];
  const withAgents = tellsAgents(filter);
  const { range, rows, gone } = await readKept(
    database,
    scope,
    checkedRange(wanted),
    askedNow,
    (period) => {
      const [now, before] = [period, comparedPeriod(period, freshAsOf) ?? periodBefore(period)].map((each) => ({
        ...each,
        filter,
      })) as [TraceSelection, TraceSelection];
      const figures = [totals(now, coarsest, withAgents), sums(before, withAgents)] as const;
      const agents = withAgents ? [] : [countAgents(now), countAgents(before)];
      return [...figures, ...agents] as const;
    },
    (period) => periodBefore(period).from,
  );
  const [[ofNow = nothing], [ofBefore = nothing], agents = [ofNow.agents], agentsBefore = [ofBefore.agents]] = rows;
  const before = comparedPeriod(range, freshAsOf);
  const toldBefore = before && keptRange(before, gone, asked);
  const hasBefore = before !== null && toldBefore !== null && isSameRange(toldBefore, before);
  const kpi = (read: (figures: TraceSums) => number | null) => compare(read(ofNow), hasBefore ? read(ofBefore) : null);
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
    activeAgents: compare(agents[0]!, hasBefore ? agentsBefore[0]! : null),
    freshAsOf,
    computedAt: freshAsOf,
  };
}

/** With quantiles of every single trace. Throws INVALID_INPUT when these are more than 100,000. */
export async function readExactKpis(
  database: Database,
  scope: TenantScope,
  wanted: TimeRange,
  filter: TraceFilter,
): Promise<Kpis> {
  // Cells tell at once how many there are, and from few they may be exact already.
  const kpis = await readKpis(database, scope, wanted, filter);
  if (kpis.latencyMs.relativeError === 0) return kpis;
  if ((kpis.requests.value ?? 0) > maxExact)
    throw new CodedError(
      'INVALID_INPUT',
      'These are more than 100,000 runs. Ask for a shorter range or a narrower filter, or without `exact`.',
      { field: 'exact', limit: maxExact },
    );
  return readKpis(database, scope, wanted, filter, 'TRACE');
}

/** Share of runs that ended in an error or a timeout, 0 to 1; null without runs. */
export function errorRateOf(totals: { readonly requests: number; readonly errors: number }): number | null {
  return totals.requests === 0 ? null : totals.errors / totals.requests;
}

function compare(value: number | null, previous: number | null): Kpi {
  const change = value === null || previous === null || previous === 0 ? null : (value - previous) / previous;
  return { value, previous, change };
}
