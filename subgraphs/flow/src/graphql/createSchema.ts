import { uuidOf } from '@tributary/contracts/ids';
import { ApiKeyReference, buildFederatedSchema, SystemActor, UserReference } from '@tributary/server';
import type { FederatedSchema } from '@tributary/server';
import type { FlowQueries } from '../domain/flow/FlowQueries.js';
import type { WatchFlows } from '../domain/flow/WatchFlows.js';
import { FlowNode, toFlowNode } from './FlowNode.js';
import { DiscoveryFlowResolver, FlowEventResolver, FlowResolver } from './FlowResolver.js';
import { MutationResolver } from './MutationResolver.js';
import type { FlowMutations } from './MutationResolver.js';
import { QueryResolver } from './QueryResolver.js';
import { createSubscriptionResolver } from './SubscriptionResolver.js';

export interface FlowServices extends FlowMutations {
  readonly queries: FlowQueries;
  readonly watch: WatchFlows;
}

/** The flow part of the graph. */
export function createFlowSchema(services: FlowServices): FederatedSchema {
  const { queries, watch } = services;
  return buildFederatedSchema({
    resolvers: [
      new QueryResolver(queries),
      new FlowResolver(queries),
      new DiscoveryFlowResolver(queries),
      new FlowEventResolver(queries),
      new MutationResolver(services),
      createSubscriptionResolver(watch),
    ],
    orphanedTypes: [FlowNode, UserReference, ApiKeyReference, SystemActor],
    references: {
      Flow: async ({ id }, context) => {
        const uuid = uuidOf('flow', id);
        const record = uuid === null ? null : await queries.byId(context, uuid);
        return record && toFlowNode(record, context);
      },
    },
  });
}
