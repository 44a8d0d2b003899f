import type { Bucket } from '../graph/generated/types';

export const spans = { '1h': 3_600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000, '90d': 7_776_000 } as const;
export type Span = keyof typeof spans;

export interface Range {
  /** In ms since 1970. */
  readonly from: number;
  readonly to: number;
}

/** What stands in an address: a span such as "24h", or two moments "1790000000000-1790003600000". */
export function readRange(text: string | null, now: number): Range {
  const fixed = /^(\d{12,14})-(\d{12,14})$/.exec(text ?? '');
  if (fixed) {
    const [from, to] = [Number(fixed[1]), Number(fixed[2])];
    if (from < to) return { from, to };
  }
  const span = text !== null && Object.hasOwn(spans, text) ? spans[text as Span] : spans['24h'];
  return { from: now - span * 1_000, to: now };
}

export function writeRange({ from, to }: Range): string {
  return `${Math.round(from)}-${Math.round(to)}`;
}

/** A bucket that gives a chart of this range between 20 and 400 points, where there is one. */
export function bucketOf({ from, to }: Range): Bucket {
  const hours = (to - from) / 3_600_000;
  if (hours <= 3) return 'MINUTE';
  if (hours <= 24 * 14) return 'HOUR';
  if (hours <= 24 * 400) return 'DAY';
  return 'MONTH';
}

export function asTimeRange({ from, to }: Range): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
