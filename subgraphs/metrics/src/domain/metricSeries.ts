import type { Bucket, Metric, MetricDimension } from '@tributary/contracts/values';
import { checkedFirst } from '@tributary/data';
import type { Database, TenantScope } from '@tributary/data';
import { additiveMetrics } from '../storage/figureExpressions.js';
import { coarsestOf, seriesOfMetric } from '../storage/seriesOfMetric.js';
import type { SeriesCell } from '../storage/seriesOfMetric.js';
import type { TraceFilter } from '../storage/traceSelection.js';
import { bucketStarts } from './buckets.js';
import { readKept } from './retention/readKept.js';
import { checkedRange } from './timeRange.js';
import type { TimeRange } from './timeRange.js';

export interface SeriesRequest {
  readonly metric: Metric;
  readonly range: TimeRange;
  readonly bucket: Bucket;
  readonly groupBy: MetricDimension | null;
  readonly filter: TraceFilter;
  /** Groups at most. */
  readonly first: number;
}

export interface MetricSeries {
  readonly key: string | null;
  readonly points: readonly { readonly at: Date; readonly value: number | null }[];
}

/** One series without `groupBy`; with it one for each of the `first` heaviest groups, and none without traces. */
export async function readSeries(
  database: Database,
  scope: TenantScope,
  request: SeriesRequest,
): Promise<MetricSeries[]> {
  const { metric, bucket, groupBy, filter } = request;
  const wanted = checkedRange(request.range);
  const groups = checkedFirst(request.first);
  const starts = bucketStarts(wanted, bucket);
  const { rows } = await readKept(
    database,
    scope,
    wanted,
    [{ filter, groupBy, coarsest: coarsestOf(bucket) }],
    (range) => [seriesOfMetric({ ...range, filter }, metric, bucket, groupBy, groups)],
  );
  const [cells] = rows;
  const groupsInOrder = new Map<string | null, SeriesCell[]>(request.groupBy ? [] : [[null, []]]);
  for (const cell of cells) {
    const known = groupsInOrder.get(cell.key);
    if (known) known.push(cell);
    else groupsInOrder.set(cell.key, [cell]);
  }
  const isCounted = additiveMetrics.has(request.metric);
  const now = Date.now();
  const missingAt = (at: Date) => (isCounted && at.getTime() <= now ? 0 : null);
  return [...groupsInOrder].map(([key, found]) => {
    const values = new Map(found.map((cell) => [cell.at.getTime(), cell.value]));
    const valueAt = (at: Date) => (values.has(at.getTime()) ? values.get(at.getTime())! : missingAt(at));
    return { key, points: starts.map((at) => ({ at, value: valueAt(at) })) };
  });
}
