import type { GraphqlParts, Reference } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import type { DependencyGraph } from '../domain/DependencyGraph.js';
import type { AssetEditing } from '../domain/editing/AssetEditing.js';
import { AssetMutations } from './AssetMutations.js';
import { AssetResolver } from './AssetResolver.js';
import { AssetType, toAsset } from './AssetType.js';
import { FlowResolver } from './FlowResolver.js';
import { FlowType } from './FlowType.js';
import { AssetDependencyResolver, AssetImpactResolver } from './LinkedAssetResolvers.js';

export interface AssetServices {
  readonly catalogue: AssetCatalogue;
  readonly graph: DependencyGraph;
  readonly editing: AssetEditing;
}

export function assetGraphql({ catalogue, graph, editing }: AssetServices): GraphqlParts {
  return {
    resolvers: [
      new AssetResolver(catalogue, graph),
      new AssetDependencyResolver(catalogue),
      new AssetImpactResolver(catalogue),
      new FlowResolver(catalogue),
      new AssetMutations(editing),
    ],
    types: [AssetType, FlowType],
  };
}

export const assetReferences: Readonly<Record<string, Reference<AssetServices>>> = {
  Asset: {
    action: 'asset.read',
    load: async ({ catalogue }, context, id) => {
      const record = await catalogue.byId(context, id);
      return record && toAsset(record, context);
    },
  },
  Flow: { joins: FlowType },
};
