/** A duration of 0 has a bin of its own; else it is the middle of what the bin spans. */
function valueOf(bin: number): number {
  return bin === -32_768 ? 0 : (2 * 1.02 ** bin) / 2.02;
}

/**
 * A quantile of durations in ms, from how many are in each bin: between the two nearest ranks as percentile_cont does, within 1 %. Null
 * without any.
 */
export function quantileOfBins(bins: ReadonlyMap<number, number>, total: number, share: number): number | null {
  if (total === 0) return null;
  const rank = share * (total - 1);
  const [low, high] = [Math.floor(rank), Math.ceil(rank)];
  let behind = 0;
  let lowValue: number | null = null;
  for (const [bin, number] of [...bins].sort(([one], [other]) => one - other)) {
    behind += number;
    if (lowValue === null && behind > low) lowValue = valueOf(bin);
    if (lowValue !== null && behind > high) return lowValue + (valueOf(bin) - lowValue) * (rank - low);
  }
  return lowValue;
}
