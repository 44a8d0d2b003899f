import { uuidOf } from '@tributary/contracts/ids';
import { ApiKeyReference, SystemActor, UserReference } from '@tributary/server';
import type { GraphqlParts, Reference, SubgraphGraph } from '@tributary/server';
import { createFlowUpdatesResolver } from './createFlowUpdatesResolver.js';
import { DiscoveryFlowResolver } from './DiscoveryFlowResolver.js';
import { FieldMappingResolver } from './FieldMappingResolver.js';
import { Flow, toFlow } from './Flow.js';
import { FlowResolver } from './FlowResolver.js';
import type { FlowServices } from './FlowServices.js';
import { SourceDefinition, toSourceDefinition } from './SourceDefinition.js';
import { SourceDefinitionResolver } from './SourceDefinitionResolver.js';

/** The flow part of the graph. */
function parts(services: FlowServices): GraphqlParts {
  return {
    resolvers: [
      new FlowResolver(services),
      new DiscoveryFlowResolver(services),
      new FieldMappingResolver(services.reports),
      new SourceDefinitionResolver(services.definitions),
      createFlowUpdatesResolver(services.watch, services.queries),
    ],
    types: [Flow, SourceDefinition, UserReference, ApiKeyReference, SystemActor],
  };
}

const references: Readonly<Record<string, Reference<FlowServices>>> = {
  Flow: {
    action: 'flow.read',
    load: async ({ queries }, context, id) => {
      const uuid = uuidOf('flow', id);
      const record = uuid === null ? null : await queries.byId(context, uuid);
      return record && toFlow(record, context);
    },
  },
  SourceDefinition: {
    action: 'sourceDefinition.read',
    load: async ({ definitions }, context, id) => {
      const row = await definitions.find(context, id);
      return row && toSourceDefinition(row);
    },
  },
};

export const flowGraph: SubgraphGraph<FlowServices> = { parts, references };
