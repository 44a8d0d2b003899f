import type { MetricDimension } from '@tributary/contracts/values';
import { checkedFirst } from '@tributary/data';
import type { Database, TenantScope } from '@tributary/data';
import { goneDays } from '../storage/retentionStatements.js';
import { groupTotals } from '../storage/groupTotals.js';
import type { GroupWeight, TotalsOfGroup } from '../storage/groupTotals.js';
import { slowestTraces } from '../storage/slowestTraces.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import type { TraceRow } from '../storage/TraceRow.js';
import { askedByKpis, errorRateOf, readKpis } from './kpis.js';
import type { Kpi, Kpis } from './kpis.js';
import { readKept } from './retention/readKept.js';
import { checkedRange, passedMs } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const daysOfMonth = 30;
const slowest = 10;
/** Beyond so many requests the slowest ones are not looked for: all of them would have to be read. */
const maxSearched = 100_000;

export interface ReportRequest {
  readonly range: TimeRange;
  readonly filter: TraceFilter;
  /** Null: no groups. */
  readonly by: MetricDimension | null;
  /** Groups at most. */
  readonly first: number;
}

interface Report {
  readonly range: TimeRange;
  readonly groups: readonly object[];
  readonly freshAsOf: Date;
}

export interface UsageReport
  extends Report, Pick<Kpis, 'requests' | 'inputTokens' | 'outputTokens' | 'unpricedRequests'> {
  readonly cachedInputTokens: Kpi;
  readonly groups: readonly (Pick<
    TotalsOfGroup,
    'key' | 'requests' | 'inputTokens' | 'outputTokens' | 'cachedInputTokens'
  > & { readonly share: number })[];
}

/** What models read and wrote; the groups with the most tokens first. */
export async function readUsage(database: Database, scope: TenantScope, request: ReportRequest): Promise<UsageReport> {
  const [kpis, groups] = await readBoth(database, scope, request, 'TOKENS');
  const { range, requests, inputTokens, outputTokens, cachedInputTokens, unpricedRequests, freshAsOf } = kpis;
  const all = (inputTokens.value ?? 0) + (outputTokens.value ?? 0);
  return {
    range,
    requests,
    inputTokens,
    outputTokens,
    cachedInputTokens,
    unpricedRequests,
    groups: groups.map((group) => ({ ...group, share: shareOf(group.inputTokens + group.outputTokens, all) })),
    freshAsOf,
  };
}

export interface CostReport extends Report {
  readonly totalUsd: Kpi;
  readonly unpricedRequests: number;
  readonly perRequestUsd: number | null;
  readonly perDayUsd: number;
  readonly projectedMonthUsd: number | null;
  readonly groups: readonly (Pick<TotalsOfGroup, 'key' | 'requests' | 'costUsd' | 'unpricedRequests'> & {
    readonly share: number;
  })[];
}

/** What it cost; the most expensive groups first. */
export async function readCost(database: Database, scope: TenantScope, request: ReportRequest): Promise<CostReport> {
  const [kpis, groups] = await readBoth(database, scope, request, 'COST');
  const { range, requests, costUsd, unpricedRequests, freshAsOf } = kpis;
  const total = costUsd.value ?? 0;
  const days = passedMs(range, freshAsOf) / dayMs;
  return {
    range,
    totalUsd: costUsd,
    unpricedRequests,
    perRequestUsd: requests.value ? total / requests.value : null,
    perDayUsd: days > 0 ? total / days : 0,
    projectedMonthUsd: days < 1 ? null : (total / days) * daysOfMonth,
    groups: groups.map((group) => ({ ...group, share: shareOf(group.costUsd, total) })),
    freshAsOf,
  };
}

export interface PerformanceReport extends Report, Pick<Kpis, 'latencyMs' | 'errorRate'> {
  readonly requests: number;
  readonly perMinute: number;
  readonly groups: readonly (Pick<TotalsOfGroup, 'key' | 'requests'> & {
    readonly errorRate: number | null;
    readonly latencyMs: TotalsOfGroup['latency'];
  })[];
}

/** How long it took and how it ended; the busiest groups first. */
export async function readPerformance(
  database: Database,
  scope: TenantScope,
  request: ReportRequest,
): Promise<PerformanceReport> {
  const [kpis, groups] = await readBoth(database, scope, request, 'REQUESTS');
  const { range, requests, latencyMs, errorRate, freshAsOf } = kpis;
  const minutes = passedMs(range, freshAsOf) / minuteMs;
  return {
    range,
    latencyMs,
    errorRate,
    requests: requests.value ?? 0,
    perMinute: minutes > 0 ? (requests.value ?? 0) / minutes : 0,
    groups: groups.map((group) => ({ ...group, errorRate: errorRateOf(group), latencyMs: group.latency })),
    freshAsOf,
  };
}

/**
 * The traces of a report that took longest; null when these are too many to look at, or some of them are gone. They are what persons did, so
 * no cache has them.
 */
export async function readSlowest(
  database: Database,
  scope: TenantScope,
  { range, requests }: PerformanceReport,
  filter: TraceFilter,
): Promise<readonly TraceRow[] | null> {
  if (requests > maxSearched) return null;
  const selection = { ...range, filter };
  const [gone, traces] = await database.readBatch(scope, [
    goneDays(selection.from, selection.to),
    slowestTraces(selection, slowest),
  ]);
  return gone.length > 0 ? null : traces;
}

async function readBoth(
  database: Database,
  scope: TenantScope,
  { range: wanted, filter, by, first }: ReportRequest,
  weight: GroupWeight,
): Promise<[Kpis, readonly TotalsOfGroup[]]> {
  const limit = checkedFirst(first);
  if (by === null) return [await readKpis(database, scope, wanted, filter), []];
  // Both of the same range: where traces are gone, groups may need more of it than KPIs do.
  const asked = [...askedByKpis(filter), { filter, groupBy: by }];
  const { range, rows } = await readKept(database, scope, checkedRange(wanted), asked, (period) => [
    groupTotals({ ...period, filter }, by, weight, limit),
  ]);
  return [await readKpis(database, scope, range, filter), rows[0]];
}

/** 0 of nothing. */
function shareOf(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
