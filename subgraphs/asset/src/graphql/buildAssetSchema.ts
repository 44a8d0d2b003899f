import { CodedError } from '@tributary/contracts/errors';
import { mayDo } from '@tributary/contracts/actions';
import { buildFederatedSchema } from '@tributary/server';
import type { FederatedSchema } from '@tributary/server';
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

export function buildAssetSchema({ catalogue, graph, editing }: AssetServices): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [
      new AssetResolver(catalogue, graph),
      new AssetDependencyResolver(catalogue),
      new AssetImpactResolver(catalogue),
      new FlowResolver(catalogue),
      new AssetMutations(editing),
    ],
    orphanedTypes: [AssetType, FlowType],
    references: {
      Asset: async ({ id }, context) => {
        if (!mayDo(context.principal, 'asset.read')) {
          throw new CodedError(
            'INSUFFICIENT_PERMISSIONS',
            'This needs the action asset.read, which your role or key does not have.',
            {
              action: 'asset.read',
            },
          );
        }
        const record = await catalogue.byId(context, id);
        return record && toAsset(record, context);
      },
      Flow: ({ id }) => Object.assign(new FlowType(), { id }),
    },
  });
}
