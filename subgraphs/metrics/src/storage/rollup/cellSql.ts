import { fannedOut } from './groupings.js';

/** Columns of a cell that are added up. */
const sums = ['requests', 'input_tokens', 'output_tokens', 'cached_input_tokens', 'cost_nano', 'unpriced'] as const;

/** What tells the cells of a grouping apart. */
const place = 'grouping, at, key, environment, kind, status';

/** Columns of a cell without its workspace and level, in the order in which `cellsOfTraces` and `cellsOfCells` answer them. */
export const cellColumns = `${place}, ${sums.join(', ')}, duration_max, bins, counts`;

/** What an upsert does to a row of `table` that is there. */
export function addedUp(table: string, more: readonly string[] = []): string {
  const added = [...sums, ...more].map((column) => `${column} = ${table}.${column} + excluded.${column}`).join(', ');
  return `${added}, duration_max = greatest(${table}.duration_max, excluded.duration_max)`;
}

/** The same, with histograms. */
export function addedUpWithBins(table: string, more: readonly string[] = []): string {
  return `${addedUp(table, more)}, bins = merged_bins(${table}.bins, excluded.bins),
    counts = merged_counts(${table}.bins, ${table}.counts, excluded.bins, excluded.counts)`;
}

/** Sums over traces, as `t`. */
export const sumsOfTraces = `count(*)::integer as requests, sum(t.input_tokens)::bigint as input_tokens,
  sum(t.output_tokens)::bigint as output_tokens, sum(t.cached_input_tokens)::bigint as cached_input_tokens,
  sum(t.cost_nano) as cost_nano, (count(*) filter (where t.cost_source = 'UNPRICED'))::bigint as unpriced, max(t.duration_ms) as duration_max`;

const sumsOf = (alias: string) =>
  `${sums.map((column) => `sum(${alias}.${column}) as ${column}`).join(', ')}, max(${alias}.duration_max) as duration_max`;

/**
 * The cells of traces: `from` names them as `t`, `at` is their slot, and `allowed` says of `part` (with its slot as at) and `fan` which are
 * wanted. Traces are added up once by slot, series, status and bin; the groupings are made of that.
 */
export function cellsOfTraces(from: string, at: string, allowed: string): string {
  return `with part as materialized (
      select ${at} as at, t.series, t.status, duration_bin(t.duration_ms) as bin, ${sumsOfTraces} ${from} group by 1, 2, 3, 4
    ), entry as (
      select fan.grouping, part.at, fan.key, coalesce(s.environment, '') as environment, s.kind, part.status, part.bin, ${sumsOf('part')}
      from part join trace_series s on s.workspace_id = $1 and s.series = part.series cross join lateral ${fannedOut}
      where ${allowed} group by 1, 2, 3, 4, 5, 6, 7
    )
    select ${place}, ${sumsOf('entry')}, array_agg(bin order by bin) as bins, array_agg(requests::integer order by bin) as counts
    from entry group by ${place}`;
}

/** Coarser cells of finer ones: `from` names them as `c`. */
export function cellsOfCells(from: string, at: string): string {
  return `with part as materialized (
      select c.grouping, ${at} as at, c.key, c.environment, c.kind, c.status, c.requests, c.input_tokens, c.output_tokens,
        c.cached_input_tokens, c.cost_nano, c.unpriced, c.duration_max, c.bins, c.counts ${from}
    ), bin as (
      select ${place}, u.bin, sum(u.number)::integer as number from part cross join lateral unnest(part.bins, part.counts) as u (bin, number)
      group by ${place}, u.bin
    ), merged as (
      select ${place}, array_agg(bin order by bin) as bins, array_agg(number order by bin) as counts from bin group by ${place}
    )
    select ${place}, ${sumsOf('part')}, merged.bins, merged.counts from part join merged using (${place})
    group by ${place}, merged.bins, merged.counts`;
}
