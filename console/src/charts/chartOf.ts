import type { ChartSeries } from './DrawnTimeChart';

interface GraphSeries {
  readonly points: readonly { readonly at: string; readonly value?: number | null }[];
}

interface NamedSeries extends Pick<ChartSeries, 'name' | 'tone'> {
  readonly series: GraphSeries | null | undefined;
}

/** Series of the graph as a chart takes them: one row of times for all. */
export function chartOf(all: readonly NamedSeries[]): {
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
} {
  const moments = [...new Set(all.flatMap(({ series }) => series?.points.map(({ at }) => at) ?? []))].sort();
  return {
    times: moments.map((at) => Date.parse(at) / 1_000),
    series: all.map(({ series, ...rest }) => {
      const values = new Map(series?.points.map(({ at, value }) => [at, value ?? null]));
      return { ...rest, values: moments.map((at) => values.get(at) ?? null) };
    }),
  };
}
