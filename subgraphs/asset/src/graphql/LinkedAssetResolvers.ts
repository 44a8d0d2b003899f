import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphqlContext } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import { AssetDependencyType } from './AssetDependencyType.js';
import { AssetImpactType } from './AssetImpactType.js';
import { AssetType, toAsset } from './AssetType.js';

@Resolver(() => AssetDependencyType)
export class AssetDependencyResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => AssetType, { description: 'The asset that needs the other.' })
  from(@Root() dependency: AssetDependencyType, @Ctx() context: GraphqlContext): AssetType | Promise<AssetType> {
    return dependency.isOutgoing ? dependency.asset : linked(this.catalogue, context, dependency.otherId);
  }

  @FieldResolver(() => AssetType, { description: 'The asset that is needed.' })
  to(@Root() dependency: AssetDependencyType, @Ctx() context: GraphqlContext): AssetType | Promise<AssetType> {
    return dependency.isOutgoing ? linked(this.catalogue, context, dependency.otherId) : dependency.asset;
  }
}

@Resolver(() => AssetImpactType)
export class AssetImpactResolver {
  constructor(private readonly catalogue: AssetCatalogue) {}

  @FieldResolver(() => AssetType, { description: 'The asset that depends.' })
  asset(@Root() impact: AssetImpactType, @Ctx() context: GraphqlContext): Promise<AssetType> {
    return linked(this.catalogue, context, impact.impactedId);
  }
}

/** A foreign key holds both ends of a dependency, so there is always one. */
async function linked(catalogue: AssetCatalogue, context: GraphqlContext, id: string): Promise<AssetType> {
  return toAsset((await catalogue.byUuid(context, id))!, context);
}
