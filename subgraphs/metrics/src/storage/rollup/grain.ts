/**
 * How a day is rolled up before it is sealed: not at all, by the hour and one dimension at a time, by the hour in every way, or also by five
 * minutes and one dimension at a time.
 */
export type Grain = 'RAW' | 'NARROW' | 'HOUR' | 'FIVE_MINUTES';

/**
 * From so many traces on a day is rolled up so finely. By the hour and one dimension at a time it has few cells; by every combination hardly
 * fewer than a small day has traces; and where an hour has more traces than anybody would read for the ragged end of a range, five minutes
 * have cells. Fewer than all that are read themselves until the day is over.
 */
const tracesOf = { FIVE_MINUTES: 500_000, HOUR: 50_000, NARROW: 2_000 } as const;

/** From the coarsest on. */
const grains: readonly Grain[] = ['RAW', 'NARROW', 'HOUR', 'FIVE_MINUTES'];

/** Grains of days with hour cells of one dimension each, and of days with hour cells of every combination, too. */
export const hourGrains: readonly Grain[] = ['NARROW', 'HOUR', 'FIVE_MINUTES'];
export const wholeGrains: readonly Grain[] = ['HOUR', 'FIVE_MINUTES'];

/** The grain that a number of traces calls for, in SQL. */
export function grainOf(traces: string): string {
  const cases = Object.entries(tracesOf).map(([grain, least]) => `when ${traces} >= ${least} then '${grain}'`);
  return `case ${cases.join(' ')} else 'RAW' end`;
}

/** The finer of a day's grain and of what its traces call for, up to `finest`. */
export function finerGrain(grain: Grain, traces: number, finest: Grain): Grain {
  const wanted = grains.findLastIndex((each) => each === 'RAW' || traces >= tracesOf[each]);
  const allowed = Math.min(wanted, grains.indexOf(finest));
  return grains[Math.max(grains.indexOf(grain), allowed)]!;
}
