import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import type { DependencyGraph } from '../domain/DependencyGraph.js';
import { AssetDependency } from './AssetDependency.js';
import { AssetImpact } from './AssetImpact.js';
import { AssetSource, toAssetSource } from './AssetSource.js';
import { Asset, toAsset } from './Asset.js';

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
  from(@Root() dependency: AssetDependency, @Ctx() context: GraphqlContext): Asset | Promise<Asset> {
    return dependency.isOutgoing ? dependency.asset : linked(this.catalogue, context, dependency.otherId);
  }

  @FieldResolver(() => Asset, { description: 'The asset that is needed.' })
  to(@Root() dependency: AssetDependency, @Ctx() context: GraphqlContext): Asset | Promise<Asset> {
    return dependency.isOutgoing ? linked(this.catalogue, context, dependency.otherId) : dependency.asset;
  }
}

@Resolver(() => AssetImpact)
export class AssetImpactResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => Asset, { description: 'The asset that depends.' })
  asset(@Root() impact: AssetImpact, @Ctx() context: GraphqlContext): Promise<Asset> {
    return linked(this.catalogue, context, impact.impactedId);
  }
}

/** A foreign key holds both ends of a dependency, so there is always one. */
async function linked(catalogue: AssetCatalogue, context: GraphqlContext, id: string): Promise<Asset> {
  return toAsset((await catalogue.byUuid(context, id))!, context);
}
