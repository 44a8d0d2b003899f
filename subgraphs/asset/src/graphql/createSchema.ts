import type { GraphqlParts, Reference, SubgraphGraph } from '@tributary/server';
import type { AssetCatalogue } from '../domain/AssetCatalogue.js';
import type { DependencyGraph } from '../domain/DependencyGraph.js';
import type { AssetEditing } from '../domain/editing/AssetEditing.js';
import type { AssetMap } from '../domain/AssetMap.js';
import type { Neighbourhoods } from '../domain/Neighbourhoods.js';
import { AssetFacetsResolver } from './AssetFacetsResolver.js';
import { AssetMapResolver } from './AssetMapResolver.js';
import { AssetResolver } from './AssetResolver.js';
import { Asset, toAsset } from './Asset.js';
import { columnsOfAsset } from './askedColumns.js';
import { FlowResolver } from './FlowResolver.js';
import { Flow } from './stubs.js';
import { AssetDependencyResolver, AssetImpactResolver, AssetNeighbourResolver } from './LinkedAssetResolvers.js';

export interface AssetServices {
  readonly catalogue: AssetCatalogue;
  readonly graph: DependencyGraph;
  readonly editing: AssetEditing;
  readonly map: AssetMap;
  readonly neighbourhoods: Neighbourhoods;
}

function parts({ catalogue, graph, editing, map, neighbourhoods }: AssetServices): GraphqlParts {
  return {
    resolvers: [
      new AssetResolver(catalogue, graph, editing, neighbourhoods),
      new AssetFacetsResolver(catalogue),
      new AssetMapResolver(map),
      new AssetNeighbourResolver(catalogue),
      new AssetDependencyResolver(catalogue, graph),
      new AssetImpactResolver(catalogue),
      new FlowResolver(catalogue),
    ],
    types: [Asset, Flow],
  };
}

const references: Readonly<Record<string, Reference<AssetServices>>> = {
  Asset: {
    action: 'asset.read',
    load: async ({ catalogue }, context, id, info) => {
      const columns = columnsOfAsset(info);
      const record = await catalogue.byId(context, columns, id);
      return record && toAsset(record, columns, context);
    },
  },
  Flow: { joins: Flow },
};

export const assetGraph: SubgraphGraph<AssetServices> = { parts, references };
