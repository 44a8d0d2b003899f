import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import type { DependencyGraph } from '../domain/DependencyGraph.js';
import { AssetDependency } from './AssetDependency.js';
import { AssetImpact } from './AssetImpact.js';
import { AssetNeighbour } from './AssetNeighbourhood.js';
import { AssetSource, toAssetSource } from './AssetSource.js';
import { Asset, toAsset } from './Asset.js';
import { columnsOfAsset } from './askedColumns.js';

@Resolver(() => AssetDependency)
export class AssetDependencyResolver {
  constructor(
    private readonly catalogue: AssetCatalogue,
    private readonly graph: DependencyGraph,
  ) {}

  @FieldResolver(() => [AssetSource], {
    description:
      'The sources that say so, the last one first; at most 100. What one says no longer stays while another says it.',
  })
  async saidBy(@Root() dependency: AssetDependency, @Ctx() context: GraphqlContext): Promise<AssetSource[]> {
    return (await this.graph.saidBy(context, dependency.edge)).map(toAssetSource);
  }

  @FieldResolver(() => Asset, { description: 'The asset that needs the other.' })
  from(
    @Root() dependency: AssetDependency,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Asset | Promise<Asset> {
    return this.end(dependency, dependency.isOutgoing, context, info);
  }

  @FieldResolver(() => Asset, { description: 'The asset that is needed.' })
  to(
    @Root() dependency: AssetDependency,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Asset | Promise<Asset> {
    return this.end(dependency, !dependency.isOutgoing, context, info);
  }

  /** The asset that the list is of is there already; unless more is asked of it here than above. */
  private end(
    { asset, otherId }: AssetDependency,
    isOwn: boolean,
    context: GraphqlContext,
    info: GraphQLResolveInfo,
  ): Asset | Promise<Asset> {
    if (isOwn && asset.columns.cover(columnsOfAsset(info))) return asset;
    return linked(this.catalogue, context, isOwn ? asset.uuid : otherId, info);
  }
}

@Resolver(() => AssetImpact)
export class AssetImpactResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => Asset, { description: 'The asset that depends.' })
  asset(@Root() impact: AssetImpact, @Ctx() context: GraphqlContext, @Info() info: GraphQLResolveInfo): Promise<Asset> {
    return linked(this.catalogue, context, impact.impactedId, info);
  }
}

@Resolver(() => AssetNeighbour)
export class AssetNeighbourResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => Asset, { description: 'The asset.' })
  asset(
    @Root() neighbour: AssetNeighbour,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Asset> {
    return linked(this.catalogue, context, neighbour.neighbourId, info);
  }
}

/** A foreign key holds both ends of a dependency, so there is always one. */
async function linked(
  catalogue: AssetCatalogue,
  context: GraphqlContext,
  id: string,
  info: GraphQLResolveInfo,
): Promise<Asset> {
  const columns = columnsOfAsset(info);
  return toAsset((await catalogue.byUuid(context, columns, id))!, columns, context);
}
