import { CodedError } from '../errors.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Periods that end now, with their length in ms. */
export const relativeRangeMs = {
  HOUR: hourMs,
  DAY: dayMs,
  WEEK: 7 * dayMs,
  MONTH: 30 * dayMs,
  QUARTER: 90 * dayMs,
  YEAR: 365 * dayMs,
} as const;
export type RelativeRange = keyof typeof relativeRangeMs;

export const relativeRanges = Object.keys(relativeRangeMs) as readonly RelativeRange[];

/** A period as clients say it: its two ends, or how long it lasted until now. */
export interface GivenRange {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly last?: RelativeRange | null | undefined;
}

/** What has come in until then is stored by now. */
const settledMs = 5_000;
/** Whoever asks within this time asks for the same period, and can be given the same answer. */
const stepMs = 30_000;

/** The period that is meant: from ≤ t < to. One that is relative ends at a whole half minute, 5 s ago or more. Throws INVALID_INPUT unless it is said in one way. */
export function resolveRange(
  { from, to, last }: GivenRange,
  now = Date.now(),
): { readonly from: Date; readonly to: Date } {
  if (last && !from && !to) {
    const end = Math.floor((now - settledMs) / stepMs) * stepMs;
    return { from: new Date(end - relativeRangeMs[last]), to: new Date(end) };
  }
  if (from && to && !last) return { from, to };
  throw new CodedError('INVALID_INPUT', 'A range has `from` and `to`, or `last` alone.', { field: 'range' });
}
