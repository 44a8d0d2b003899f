import { filterInternalFieldsAndTypes } from '@graphql-tools/federation';
import { buildSchema, validate, type ExecutionResult } from 'graphql';
import type { Engine, EngineParts, EngineRequest } from './Engine.js';
import { createPlanExecutor, type CallPlanned } from './executor/createPlanExecutor.js';

/** The engine's planner with our executor, and nothing between them and the subgraphs. Throws when the supergraph cannot be read. */
export function createOwnEngine({ supergraphSdl, callerOf }: EngineParts): Engine {
  const schema = filterInternalFieldsAndTypes(buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }));
  const executePlan = createPlanExecutor({ supergraphSdl, schema });
  const run = ({ context, known, ...request }: EngineRequest) => {
    const engineContext = { tributary: context, known };
    const call: CallPlanned = ({ subgraph, document, operationName, operationType }, variables) =>
      callerOf(subgraph)({ document, operationName, operationType, variables, context: engineContext });
    return executePlan(request, call);
  };
  return {
    schema,
    validate: (document, options) => validate(schema, document, undefined, options),
    execute: (request) => run(request) as Promise<ExecutionResult>,
    subscribe: run,
    close: () => Promise.resolve(),
  };
}
