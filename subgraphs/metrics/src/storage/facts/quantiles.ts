/** Values of a bin: 0, or the middle of what it spans. */
const valueOf = (bin: string) => `case when ${bin} = -32768 then 0 else 2 * power(1.02::float8, ${bin}) / 2.02 end`;

/** Interpolates between the two nearest ranks as percentile_cont does; `behind` counts the traces of a bin and those before it. */
function quantile(share: number): string {
  const rank = `${share}::float8 * (number - 1)`;
  const low = `min(bin) filter (where behind > floor(${rank}))`;
  const high = `min(bin) filter (where behind > ceil(${rank}))`;
  return `least(longest, (${valueOf(low)}) + ((${valueOf(high)}) - (${valueOf(low)})) * (${rank} - floor(${rank})))`;
}

/**
 * The steps of a WITH that compute quantiles of durations in ms from histograms, in `rounded (<by>, quantiles)`: one row for each value
 * of the columns `by` of the facts that `source` is made of; without columns one of all. Each is within 1 %, since a bin is 2 % wide. Every
 * step passes once over what the one before has made: joins of steps would be nested loops, as nothing is known of their sizes beforehand.
 */
export function roundedQuantiles(source: string, by: readonly string[], shares: readonly number[]): string {
  const those = (...more: readonly string[]) => [...by, ...more].join(', ');
  const partition = by.length === 0 ? '' : `partition by ${those()}`;
  return `bin as (
      select ${those('bin')}, sum(number) as number, max(duration_max) as longest from (
        select ${those('duration_max')}, unnest(bins) as bin, unnest(counts) as number from ${source} where bins is not null
        union all
        select ${those('duration_max')}, duration_bin(duration_ms), 1 from ${source} where bins is null
      ) entry group by ${those('bin')}
    ), ranked as (
      select ${those('bin')}, sum(number) over (${partition} order by bin) as behind,
        sum(number) over (${partition}) as number, max(longest) over (${partition}) as longest
      from bin
    ), rounded as (
      select ${those(`array[${shares.map(quantile).join(', ')}]::float8[] as quantiles`)} from ranked group by ${those('number', 'longest')}
    )`;
}
