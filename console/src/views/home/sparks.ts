import type { HomeQuery } from '../../graph/generated/types';

type Values = readonly (number | null)[];
type GraphSeries = NonNullable<HomeQuery['agents']>;

/** How many of the series had something at each moment. */
export function activeAt(series: GraphSeries | null | undefined): Values {
  const length = Math.max(0, ...(series ?? []).map(({ points }) => points.length));
  return Array.from({ length }, (_, at) => (series ?? []).filter(({ points }) => (points[at]?.value ?? 0) > 0).length);
}

/** Both together at each moment. */
export function sumOf(one: Values, other: Values): Values {
  return one.map((value, at) => (value ?? 0) + (other[at] ?? 0));
}

/** The share that `part` is of `whole` at each moment; null where there was nothing. */
export function shareOf(part: Values, whole: Values): Values {
  return whole.map((value, at) => (value ? (part[at] ?? 0) / value : null));
}
