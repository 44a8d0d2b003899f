import { type Figures, median, type TableRow } from '@tributary/kit/measure';

/** A row for each figure of a workload: medians over its rounds, and how they compare with those of the checkout beside. */
export function pairedRows(workload: string, [own, beside]: readonly Figures[][]): TableRow[] {
  const named = new Set([own!, beside ?? []].flat().flatMap(Object.keys));
  return [...named].map((figure) => {
    const values = valuesOf(own!, figure);
    const row = { workload, figure, median: median(values), least: Math.min(...values), most: Math.max(...values) };
    if (!beside) return row;
    const others = median(valuesOf(beside, figure));
    return { ...row, beside: others, 'times beside': median(values) / others };
  });
}

/** A part that spent next to nothing in a round was not named in it. */
function valuesOf(rounds: readonly Figures[], figure: string): number[] {
  return rounds.map((figures) => figures[figure] ?? 0);
}
