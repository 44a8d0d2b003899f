import { dayOf, daysAfter, mondayOf, monthOf } from '@tributary/data';
import type { RetentionEdges } from '@tributary/data';

export interface RetentionOptions {
  /** How long single traces are kept; null: for ever. */
  readonly traceDays: number | null;
  /** How long figures by the hour are kept. */
  readonly cellDays: number;
}

export const defaultRetention: RetentionOptions = { traceDays: null, cellDays: 400 };

/** No trace began before. */
const beginning = '1900-01-01';

/** What of before may go. Traces have a day more: until then nothing that was taken in lately is as old. */
export function edgesOf({ traceDays, cellDays }: RetentionOptions, now: Date): RetentionEdges {
  const today = dayOf(now.getTime());
  return {
    tracesFrom: traceDays === null ? beginning : mondayOf(daysAfter(today, -traceDays - 1)),
    hoursFrom: monthOf(daysAfter(today, -cellDays)),
  };
}
