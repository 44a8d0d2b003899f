import { roundedQuantiles } from './quantiles.js';

export interface Aggregation {
  /** Steps of a WITH that `source` is one of. */
  readonly steps: string;
  readonly source: string;
  readonly areTraces: boolean;
  /** Columns of the source that make a group; none of them is null. [] makes one group of everything, and no row of nothing. */
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
  const behind = `from ${source} ${by.length === 0 ? 'having count(*) > 0' : `group by ${by.join(', ')}`}`;
  if (shares.length === 0) return `with ${steps} ${group} ${behind}`;
  const exact = `percentile_cont(array[${shares.join(', ')}]::float8[]) within group (order by duration_ms)`;
  if (areTraces) return `with ${steps} ${group}, ${exact} as quantiles, false as is_rounded ${behind}`;
  const isRounded = 'bool_or(bins is not null) as is_rounded';
  const rounded = `with ${steps}, ${roundedQuantiles(source, by, shares)}`;
  // Of one group only what it takes is computed: a subquery is run when its value is asked for.
  if (by.length === 0)
    return `${rounded}
    select sums.*, case when is_rounded then (select quantiles from rounded) else (select ${exact} from ${source}) end as quantiles
    from (${group}, ${isRounded} ${behind}) sums`;
  return `${rounded}
    select sums.*, case when is_rounded then rounded.quantiles else exact end as quantiles
    from (${group}, ${exact} as exact, ${isRounded} ${behind}) sums join rounded using (${by.join(', ')})`;
}
