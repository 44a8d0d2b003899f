import { CodedError } from '@tributary/contracts/errors';
import type { MetricDimension } from '@tributary/contracts/values';
import { chooseGrouping } from '../../storage/facts/chooseGrouping.js';
import type { Coarsest } from '../../storage/facts/facts.js';
import type { GoneDay } from '../../storage/retentionStatements.js';
import { hourGrains, wholeGrains } from '../../storage/rollup/grain.js';
import { groupings } from '../../storage/rollup/groupings.js';
import type { TraceFilter } from '../../storage/traceSelection.js';
import type { TimeRange } from '../timeRange.js';

/** What is asked of a range: cells of what, and how coarse they may be. */
export interface Asked {
  readonly filter: TraceFilter;
  readonly groupBy: MetricDimension | null;
  /** Default `DAY`. */
  readonly coarsest?: Coarsest;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * The range with its ends moved outwards to where cells can tell it, in days whose traces are gone: to whole hours where a day has cells of
 * hours, else to whole days. Null when nothing but traces could tell what is asked.
 */
export function keptRange(range: TimeRange, gone: readonly GoneDay[], asked: readonly Asked[]): TimeRange | null {
  let [from, to] = [range.from.getTime(), range.to.getTime()];
  for (const day of gone) {
    const begins = day.begins.getTime();
    const ends = begins + dayMs;
    if (begins >= to || ends <= from) continue;
    const units = asked.map((each) => unitOf(day, each));
    if (units.includes(null)) return null;
    const unitMs = Math.max(...units.map(Number));
    if (from > begins) from = Math.floor(from / unitMs) * unitMs;
    if (to < ends) to = Math.ceil(to / unitMs) * unitMs;
  }
  return { from: new Date(from), to: new Date(to) };
}

export function isSameRange(one: TimeRange, other: TimeRange): boolean {
  return one.from.getTime() === other.from.getTime() && one.to.getTime() === other.to.getTime();
}

/** How finely a day's cells tell what is asked, in ms; null when they do not. */
function unitOf(day: GoneDay, { filter, groupBy, coarsest = 'DAY' }: Asked): number | null {
  const grouping = coarsest === 'TRACE' ? null : chooseGrouping(filter, groupBy);
  if (grouping === null || day.dropped.includes(grouping)) return null;
  const hasHours = (grouping === groupings.SERIES ? wholeGrains : hourGrains).includes(day.grain);
  if (hasHours) return hourMs;
  return coarsest === 'HOUR' ? null : dayMs;
}

/** What is answered when only traces could tell. */
export function rawGone(gone: readonly GoneDay[]): CodedError {
  const keptFrom = new Date(gone.at(-1)!.begins.getTime() + dayMs).toISOString();
  return new CodedError(
    'INVALID_INPUT',
    `Single traces of before ${keptFrom.slice(0, 10)} are no longer kept, and what is kept of them does not tell this. Begin the range later, take a larger bucket, or filter by less.`,
    { field: 'range', reason: 'RAW_GONE', keptFrom },
  );
}
