import { CodedError } from '@tributary/contracts/errors';

/** From ≤ t < to. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

const dayMs = 86_400_000;
const longestDays = 3_660;

/** Throws INVALID_INPUT unless `from` is before `to`, by ten years at most, after 1990 and before 2200. */
export function checkedRange(range: TimeRange): TimeRange {
  const { from, to } = range;
  if (from.getTime() >= to.getTime()) throw wrongRange('`from` must be before `to`.');
  if (to.getTime() - from.getTime() > longestDays * dayMs) throw wrongRange('A range spans ten years at most.');
  if (from.getUTCFullYear() < 1990 || to.getUTCFullYear() > 2200) {
    throw wrongRange('A range lies between the years 1990 and 2200.');
  }
  return { from, to };
}

function wrongRange(message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'range' });
}

/** How much of a range has passed at a moment, in milliseconds. */
export function passedMs({ from, to }: TimeRange, now: Date): number {
  return Math.max(0, Math.min(to.getTime(), now.getTime()) - from.getTime());
}

/** As much of the period before as has passed of this one: what is still to come would count as a fall. Null: it has not begun. */
export function comparedPeriod(range: TimeRange, now: Date): TimeRange | null {
  const { from } = periodBefore(range);
  const passed = passedMs(range, now);
  return passed === 0 ? null : { from, to: new Date(from.getTime() + passed) };
}

/** The period of the same length that ends where this one begins. */
export function periodBefore(range: TimeRange): TimeRange {
  const lengthMs = range.to.getTime() - range.from.getTime();
  return { from: new Date(range.from.getTime() - lengthMs), to: range.from };
}
