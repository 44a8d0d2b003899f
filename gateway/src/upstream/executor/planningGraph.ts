import type { UnifiedGraphHandler } from '@graphql-hive/gateway-runtime';
import type { Executor } from '@graphql-mesh/transport-common';
import { filterInternalFieldsAndTypes } from '@graphql-tools/federation';
import { createPlanExecutor, type CallSubgraph } from './createPlanExecutor.js';

/** Our executor in the place of the engine's own. */
export const planningGraph: UnifiedGraphHandler = ({ unifiedGraph, getUnifiedGraphSDL, onSubgraphExecute }) => {
  const schema = filterInternalFieldsAndTypes(unifiedGraph);
  const execute = createPlanExecutor({ supergraphSdl: getUnifiedGraphSDL(), schema });
  const executor: Executor = (request) => {
    const call: CallSubgraph = (planned, variables) =>
      onSubgraphExecute(planned.subgraph, {
        ...planned,
        subgraphName: planned.subgraph,
        variables,
        extensions: request.extensions,
        rootValue: request.rootValue,
        context: request.context,
        info: request.info,
        signal: request.signal,
      } as never) as ReturnType<CallSubgraph>;
    return execute(request, call) as never;
  };
  // Our transports know their subgraphs by name.
  return { unifiedGraph: schema, getSubgraphSchema: () => schema, executor };
};
