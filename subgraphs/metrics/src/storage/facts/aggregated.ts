import { roundedQuantiles } from './quantiles.js';

export interface Aggregation {
  /** Steps of a WITH that `source` is one of. */
  readonly steps: string;
  readonly source: string;
  readonly areTraces: boolean;
  /** Columns of the source that make a group; none of them is null. */
  readonly by: readonly string[];
  /** Aggregates over facts, with their names. */
  readonly columns: readonly string[];
  /** Quantiles of durations, as an array of float8; none for []. */
  readonly shares: readonly number[];
}

/**
 * A query of one row for each group: its columns `by`, the aggregates, and, where shares are asked for, quantiles and is_rounded. Where
 * traces alone make up a group its quantiles are exact.
 */
export function aggregated({ steps, source, areTraces, by, columns, shares }: Aggregation): string {
  const group = `select ${[...by, ...columns].join(', ')}`;
  const behind = `from ${source} group by ${by.join(', ')}`;
  if (shares.length === 0) return `with ${steps} ${group} ${behind}`;
  const exact = `percentile_cont(array[${shares.join(', ')}]::float8[]) within group (order by duration_ms)`;
  if (areTraces) return `with ${steps} ${group}, ${exact} as quantiles, false as is_rounded ${behind}`;
  return `with ${steps}, ${roundedQuantiles(source, by, shares)}
    select sums.*, case when is_rounded then rounded.quantiles else exact end as quantiles
    from (${group}, ${exact} as exact, bool_or(bins is not null) as is_rounded ${behind}) sums join rounded using (${by.join(', ')})`;
}
