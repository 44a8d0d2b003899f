import type { AssetNeighboursQuery } from '../../graph/generated/types';
import type { DrawnAsset, DrawnEdge } from '../../graphs/DependencyGraph';

/** The answer as nodes and edges, each once. */
export function neighbourhoodOf({ asset }: AssetNeighboursQuery): {
  readonly assets: readonly DrawnAsset[];
  readonly edges: readonly DrawnEdge[];
  /** How many neighbours were left out. */
  readonly more: number;
} {
  if (!asset) return { assets: [], edges: [], more: 0 };
  const assets = new Map<string, DrawnAsset>([[asset.id, asset]]);
  const edges = new Map<string, DrawnEdge>();
  for (const { from, to, kind, confidence } of asset.dependencies.nodes) {
    assets.set(from.id, from);
    assets.set(to.id, to);
    edges.set(`${from.id} ${to.id} ${kind}`, { from: from.id, to: to.id, kind, confidence });
  }
  return {
    assets: [...assets.values()],
    edges: [...edges.values()],
    more: Math.max(0, (asset.dependencies.totalCount ?? 0) - asset.dependencies.nodes.length),
  };
}
