import { uuidOf } from '@tributary/contracts/ids';
import { ApiKeyReference, SystemActor, UserReference } from '@tributary/server';
import type { GraphqlParts, Reference } from '@tributary/server';
import type { DiscoveryReports } from '../domain/discovery/DiscoveryReports.js';
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
  readonly reports: DiscoveryReports;
  readonly watch: WatchFlows;
}

/** The flow part of the graph. */
export function flowGraphql(services: FlowServices): GraphqlParts {
  const { queries, reports, watch } = services;
  return {
    resolvers: [
      new QueryResolver(queries),
      new FlowResolver(queries),
      new DiscoveryFlowResolver(queries, reports),
      new FlowEventResolver(queries),
      new MutationResolver(services),
      createSubscriptionResolver(watch),
    ],
    types: [FlowNode, UserReference, ApiKeyReference, SystemActor],
  };
}

export const flowReferences: Readonly<Record<string, Reference<FlowServices>>> = {
  Flow: {
    action: 'flow.read',
    load: async ({ queries }, context, id) => {
      const uuid = uuidOf('flow', id);
      const record = uuid === null ? null : await queries.byId(context, uuid);
      return record && toFlowNode(record, context);
    },
  },
};
