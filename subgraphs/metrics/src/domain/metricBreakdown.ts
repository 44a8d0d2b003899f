import type { MetricDimension } from '@tributary/contracts/values';
import { checkedFirst } from '@tributary/data';
import type { Database, TenantScope } from '@tributary/data';
import { breakdown } from '../storage/figureStatements.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { errorRateOf } from './kpis.js';
import { readKept } from './retention/readKept.js';
import { checkedRange } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

export interface MetricBreakdown {
  readonly key: string | null;
  readonly requests: number;
  readonly errorRate: number | null;
  readonly latencyP95Ms: number | null;
  readonly costUsd: number;
  /** Runs whose price was not known. */
  readonly unpricedRequests: number;
  /** Of the cost of all groups, 0 to 1; 0 for all when nothing cost anything. */
  readonly share: number;
}

export interface BreakdownRequest {
  readonly by: MetricDimension;
  readonly range: TimeRange;
  readonly filter: TraceFilter;
  /** Groups at most. */
  readonly first: number;
}

/** The `first` dearest groups of a dimension. */
export async function readBreakdown(
  database: Database,
  scope: TenantScope,
  request: BreakdownRequest,
): Promise<MetricBreakdown[]> {
  const { by, filter } = request;
  const limit = checkedFirst(request.first);
  const { rows } = await readKept(database, scope, checkedRange(request.range), [{ filter, groupBy: by }], (range) => [
    breakdown({ ...range, filter }, by, limit),
  ]);
  const [groups] = rows;
  return groups.map((group) => ({
    key: group.key,
    requests: group.requests,
    errorRate: errorRateOf(group),
    latencyP95Ms: group.latencyP95Ms,
    costUsd: group.costUsd,
    unpricedRequests: group.unpricedRequests,
    share: group.costOfAllUsd > 0 ? group.costUsd / group.costOfAllUsd : 0,
  }));
}
