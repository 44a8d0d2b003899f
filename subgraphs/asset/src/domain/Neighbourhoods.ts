import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import type { Side } from '../storage/dependencyStatements.js';
import { edgesAmong, neighboursOf } from '../storage/neighbourhoodStatements.js';
import type { EdgeRecord, NeighbourRecord } from '../storage/neighbourhoodStatements.js';
import type { DependencyDirection } from './assetValues.js';
import { checkedDepth, sidesOf, stepsFor } from './walkBounds.js';

/** What stands around an asset, to be drawn. */
export interface NeighbourhoodRecord {
  /** The asset itself first, then the nearest first. */
  readonly nodes: readonly NeighbourRecord[];
  /** Only between nodes. */
  readonly edges: readonly EdgeRecord[];
  /** Whether nodes or edges were left out. */
  readonly truncated: boolean;
}

const mostNodes = 500;
const edgesPerNode = 10;

export class Neighbourhoods {
  constructor(private readonly database: Database) {}

  /** All that a request asks for are two statements. Throws INVALID_INPUT unless depth is 1 to 5 and first 1 to 500. */
  async around(
    context: RequestContext,
    assetId: string,
    direction: DependencyDirection,
    depth: number,
    first: number,
  ): Promise<NeighbourhoodRecord> {
    if (first < 1 || first > mostNodes)
      throw new CodedError('INVALID_INPUT', `\`first\` must be 1 to ${mostNodes}.`, { field: 'first' });
    const loader = batchLoader<string, NeighbourhoodRecord>(
      context,
      `asset.neighbourhood ${direction} ${checkedDepth(depth)} ${first}`,
      (assetIds) => this.read(context, assetIds, sidesOf[direction], depth, first),
    );
    return (await loader.load(assetId)) ?? { nodes: [], edges: [], truncated: false };
  }

  private async read(
    context: RequestContext,
    assetIds: readonly string[],
    sides: readonly Side[],
    depth: number,
    first: number,
  ): Promise<Map<string, NeighbourhoodRecord>> {
    const scope = scopeOf(context);
    const found = Map.groupBy(
      await this.database.read(scope, neighboursOf(assetIds, sides, depth, stepsFor(assetIds), first + 1)),
      (row) => row.assetId,
    );
    const kept = [...found.values()].flatMap((nodes) => nodes.slice(0, first));
    const mostEdges = edgesPerNode * first;
    const edges = Map.groupBy(await this.database.read(scope, edgesAmong(kept, mostEdges + 1)), (row) => row.assetId);
    return new Map(
      [...found].map(([id, nodes]) => {
        const between = edges.get(id) ?? [];
        const truncated = nodes.length > first || between.length > mostEdges;
        return [id, { nodes: nodes.slice(0, first), edges: between.slice(0, mostEdges), truncated }];
      }),
    );
  }
}
