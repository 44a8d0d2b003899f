/** How a day is rolled up before it is sealed: not at all, by the hour and one dimension at a time, or by the hour in every way. */
export type Grain = 'RAW' | 'NARROW' | 'HOUR';

/**
 * With so many traces a day is worth being rolled up by the hour. From the lower number on by one dimension at a time, which makes few
 * cells; from the higher one on also by every combination. Fewer are read themselves until the day is over.
 */
const [tracesOfNarrowDay, tracesOfHourlyDay] = [2_000, 50_000];

/** The grain that a number of traces calls for, in SQL. */
export function grainOf(traces: string): string {
  return `case when ${traces} >= ${tracesOfHourlyDay} then 'HOUR' when ${traces} >= ${tracesOfNarrowDay} then 'NARROW' else 'RAW' end`;
}

const fineness: Readonly<Record<Grain, number>> = { RAW: 0, NARROW: 1, HOUR: 2 };

/** The finer of a day's grain and of what its traces call for. */
export function finerGrain(grain: Grain, traces: number): Grain {
  const wanted: Grain = traces >= tracesOfHourlyDay ? 'HOUR' : traces >= tracesOfNarrowDay ? 'NARROW' : 'RAW';
  return fineness[wanted] > fineness[grain] ? wanted : grain;
}
