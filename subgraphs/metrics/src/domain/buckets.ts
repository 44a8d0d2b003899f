import type { Bucket } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import type { TimeRange } from './timeRange.js';

/** Points of one series at most. */
const maxPoints = 1_500;

const fixedMs = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 } as const;

/**
 * The starts of all buckets that the range touches, aligned to whole UTC minutes, hours, days or months: the first may begin before
 * the range. Throws INVALID_INPUT when there are more than 1,500.
 */
export function bucketStarts(range: TimeRange, bucket: Bucket): Date[] {
  const count = countBuckets(range, bucket);
  if (count > maxPoints) {
    throw new CodedError(
      'INVALID_INPUT',
      `This range has ${count.toLocaleString('en')} points by ${bucket}; at most 1,500 are answered. Take a larger bucket or a shorter range.`,
      { field: 'bucket', limit: maxPoints },
    );
  }
  const first = bucketOf(range.from, bucket);
  return Array.from({ length: count }, (_, index) => later(first, bucket, index));
}

/** Whether a range that may reach beyond now has all of the bucket that begins then. */
export function isWholeBucket(at: Date, bucket: Bucket, { from, to }: TimeRange, now: Date): boolean {
  const end = later(at, bucket, 1).getTime();
  return at.getTime() >= from.getTime() && end <= Math.min(to.getTime(), now.getTime());
}

function countBuckets(range: TimeRange, bucket: Bucket): number {
  const first = bucketOf(range.from, bucket);
  const last = bucketOf(new Date(range.to.getTime() - 1), bucket);
  if (bucket !== 'MONTH') return (last.getTime() - first.getTime()) / fixedMs[bucket] + 1;
  return monthNumber(last) - monthNumber(first) + 1;
}

function bucketOf(at: Date, bucket: Bucket): Date {
  if (bucket === 'MONTH') return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  const length = fixedMs[bucket];
  return new Date(Math.floor(at.getTime() / length) * length);
}

function later(first: Date, bucket: Bucket, buckets: number): Date {
  if (bucket === 'MONTH') return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + buckets, 1));
  return new Date(first.getTime() + buckets * fixedMs[bucket]);
}

function monthNumber(at: Date): number {
  return at.getUTCFullYear() * 12 + at.getUTCMonth();
}
