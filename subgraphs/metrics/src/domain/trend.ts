import type { Bucket, Metric } from '@tributary/contracts/values';
import { additiveMetrics } from '../storage/figureExpressions.js';
import { isWholeBucket } from './buckets.js';
import type { TimeRange } from './timeRange.js';

/** A point of a series; null where the metric has no meaning. */
export interface TrendPoint {
  readonly at: Date;
  readonly value: number | null;
}

export type TrendDirection = 'UP' | 'DOWN' | 'FLAT';

export interface Trend {
  readonly points: readonly TrendPoint[];
  /** Of the line of least squares. Null with fewer than two values. */
  readonly slopePerDay: number | null;
  /** From the line's start to its end, as a share of its start; null when that is 0 or the slope is null. */
  readonly changeShare: number | null;
  readonly direction: TrendDirection;
  /** Where points stand out by more than 3.5 median absolute deviations. */
  readonly outliers: readonly Date[];
}

const dayMs = 86_400_000;
/** A line that changes by less than this share of its start is flat. */
const flatShare = 0.05;
const outlierDeviations = 3.5;
/** Brings the median absolute deviation to the scale of a standard deviation (Iglewicz and Hoaglin, 1993). */
const normal = 0.6745;

/** Where the series of a metric goes. Of what adds up only whole buckets count: a part of one would say too little. */
export function trendOfMetric(
  points: readonly TrendPoint[],
  { metric, bucket, range }: { readonly metric: Metric; readonly bucket: Bucket; readonly range: TimeRange },
  now: Date,
): Trend {
  return trendOf(points, (at) => !additiveMetrics.has(metric) || isWholeBucket(at, bucket, range, now));
}

/** Where a series goes. `counts`: whether a point does, besides having a value. */
export function trendOf(points: readonly TrendPoint[], counts: (at: Date) => boolean = () => true): Trend {
  const known = points.flatMap(({ at, value }) =>
    value === null || !counts(at) ? [] : [{ day: at.getTime() / dayMs, value, at }],
  );
  const line = known.length < 2 ? null : leastSquares(known);
  const first = line && line.at(known[0]!.day);
  const last = line && line.at(known.at(-1)!.day);
  const changeShare = first && last !== null ? (last - first) / Math.abs(first) : null;
  return {
    points,
    slopePerDay: line?.slope ?? null,
    changeShare,
    direction: directionOf(line?.slope ?? 0, changeShare),
    outliers: outliersOf(known),
  };
}

function leastSquares(points: readonly { readonly day: number; readonly value: number }[]) {
  const meanDay = mean(points.map(({ day }) => day));
  const meanValue = mean(points.map(({ value }) => value));
  const spread = points.reduce((sum, { day }) => sum + (day - meanDay) ** 2, 0);
  const slope = points.reduce((sum, { day, value }) => sum + (day - meanDay) * (value - meanValue), 0) / spread;
  return { slope, at: (day: number) => meanValue + slope * (day - meanDay) };
}

function directionOf(slope: number, changeShare: number | null): TrendDirection {
  if (slope === 0 || (changeShare !== null && Math.abs(changeShare) < flatShare)) return 'FLAT';
  return slope > 0 ? 'UP' : 'DOWN';
}

function outliersOf(points: readonly { readonly at: Date; readonly value: number }[]): Date[] {
  if (points.length === 0) return [];
  const middle = median(points.map(({ value }) => value));
  const deviation = median(points.map(({ value }) => Math.abs(value - middle)));
  if (deviation === 0) return [];
  return points
    .filter(({ value }) => (normal * Math.abs(value - middle)) / deviation > outlierDeviations)
    .map(({ at }) => at);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
