import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { countDependenciesOf, dependenciesOf } from '../storage/dependencyStatements.js';
import type { DependencyPosition, DependencyRecord } from '../storage/dependencyStatements.js';
import { sourcesOfDependencies, textOfEdge } from '../storage/sourceStatements.js';
import type { EdgeKey, SaidRecord } from '../storage/sourceStatements.js';
import { countImpactOf, impactOf } from '../storage/impactStatements.js';
import type { ImpactPosition, ImpactRecord } from '../storage/impactStatements.js';
import type { DependencyDirection } from './assetValues.js';
import { readPosition } from './readPosition.js';
import { checkedDepth, sidesOf, stepsFor } from './walkBounds.js';

/** Reads of what depends on what. Every read of a page of assets is one statement. */
export class DependencyGraph {
  constructor(private readonly database: Database) {}

  async dependencies(
    context: RequestContext,
    assetId: string,
    direction: DependencyDirection,
    page: PageRequest,
  ): Promise<Page<DependencyRecord>> {
    const first = checkedFirst(page.first);
    const list = `dependencies.${direction}`;
    const position = readDependencyPosition(readPosition(list, page.after, ['whole', 'uuid', 'text']));
    const loader = batchLoader<string, DependencyRecord[]>(
      context,
      `asset.dependencies ${JSON.stringify([direction, first, position])}`,
      async (assetIds) => {
        const rows = await this.database.read(
          scopeOf(context),
          dependenciesOf(assetIds, sidesOf[direction], position, first + 1),
        );
        return Map.groupBy(rows, (row) => row.assetId);
      },
    );
    const rows = (await loader.load(assetId)) ?? [];
    return toPage(list, page, rows, (row) => [row.side, row.otherId, row.kind]);
  }

  async countDependencies(context: RequestContext, assetId: string, direction: DependencyDirection): Promise<number> {
    const loader = batchLoader<string, number>(context, `asset.countDependencies ${direction}`, async (assetIds) => {
      const counts = await this.database.read(scopeOf(context), countDependenciesOf(assetIds, sidesOf[direction]));
      return new Map(counts.map(({ id, count }) => [id, count]));
    });
    return (await loader.load(assetId)) ?? 0;
  }

  /** Who says that one asset needs another, the last one first. One statement for all edges of a request. */
  async saidBy(context: RequestContext, edge: EdgeKey): Promise<readonly SaidRecord[]> {
    const loader = batchLoader<string, SaidRecord[]>(context, 'asset.saidBy', async (texts) => {
      const edges = texts.map((text) => {
        const [fromId, toId, kind] = text.split(' ') as [string, string, string];
        return { fromId, toId, kind };
      });
      const rows = await this.database.read(scopeOf(context), sourcesOfDependencies(edges));
      return Map.groupBy(rows, (row) => row.about);
    });
    return (await loader.load(textOfEdge(edge))) ?? [];
  }

  /** What depends on the asset over at most `depth` steps, nearest first. Throws INVALID_INPUT unless depth is 1 to 5. */
  async impact(
    context: RequestContext,
    assetId: string,
    depth: number,
    page: PageRequest,
  ): Promise<Page<ImpactRecord>> {
    const first = checkedFirst(page.first);
    const list = `impact.${checkedDepth(depth)}`;
    const position = readImpactPosition(readPosition(list, page.after, ['whole', 'uuid']));
    const loader = batchLoader<string, ImpactRecord[]>(
      context,
      `asset.impact ${JSON.stringify([depth, first, position])}`,
      async (assetIds) => {
        const rows = await this.database.read(
          scopeOf(context),
          impactOf(assetIds, depth, stepsFor(assetIds), position, first + 1),
        );
        return Map.groupBy(rows, (row) => row.assetId);
      },
    );
    const rows = (await loader.load(assetId)) ?? [];
    return toPage(list, page, rows, (row) => [row.distance, row.impactedId]);
  }

  /** Null when there is more than the walk may visit. */
  countImpact(context: RequestContext, assetId: string, depth: number): Promise<number | null> {
    return batchLoader<string, number>(context, `asset.countImpact ${checkedDepth(depth)}`, async (assetIds) => {
      const counts = await this.database.read(scopeOf(context), countImpactOf(assetIds, depth, stepsFor(assetIds)));
      return new Map(counts.map(({ id, count }) => [id, count]));
    }).load(assetId);
  }
}

function readDependencyPosition(values: readonly (string | number | null)[] | null): DependencyPosition | null {
  if (!values) return null;
  const [side, otherId, kind] = values;
  return { side: side === 1 ? 1 : 0, otherId: String(otherId), kind: String(kind) };
}

function readImpactPosition(values: readonly (string | number | null)[] | null): ImpactPosition | null {
  return values && { distance: Number(values[0]), impactedId: String(values[1]) };
}
