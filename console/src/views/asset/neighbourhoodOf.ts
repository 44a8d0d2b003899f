import type { AssetNeighboursQuery } from '../../graph/generated/types';
import type { DrawnEdge, DrawnNode } from '../../graphs/DependencyGraph';
import { label } from '../../words/format';

/** The answer as what is drawn; null where there is no such asset. */
export function neighbourhoodOf({ asset }: AssetNeighboursQuery): {
  readonly drawn: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly truncated: boolean;
} | null {
  if (!asset) return null;
  const { nodes, edges, truncated } = asset.neighbourhood;
  return {
    drawn: nodes.map(({ asset: { id, name, kind, criticality } }) => ({ id, name, about: label(kind), criticality })),
    edges: edges.map(({ from, to, kind, confidence }) => ({
      from,
      to,
      text: label(kind).toLowerCase(),
      confidence,
    })),
    truncated,
  };
}
