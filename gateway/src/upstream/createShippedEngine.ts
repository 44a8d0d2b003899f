import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import type { Transport } from '@graphql-mesh/transport-common';
import { validate, type DocumentNode, type ExecutionResult } from 'graphql';
import type { Engine, EngineParts, EngineRequest } from './Engine.js';
import { planningOwnKeys } from './executor/planningOwnKeys.js';
import { useFreshEventErrors } from './repairs/useFreshEventErrors.js';
import { silentLogger } from './silentLogger.js';

/**
 * The planner with the executor that it is shipped with, to compare ours with. Only its core is used: its HTTP server, its masking of
 * errors, its batching of subrequests and its request ids are off, because ours replace them. Throws when the supergraph cannot be read.
 */
export async function createShippedEngine({ supergraphSdl, callerOf }: EngineParts): Promise<Engine> {
  const removeSignalHandlers = rememberSignalHandlers();
  const transport: Transport = { getSubgraphExecutor: ({ subgraphName }) => callerOf(subgraphName) as never };
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    unifiedGraphHandler: planningOwnKeys(unifiedGraphHandler),
    transportEntries: { '*': { kind: transportKind } },
    transports: { [transportKind]: transport },
    plugins: () => [useFreshEventErrors()],
    logging: silentLogger,
    maskedErrors: false,
    subgraphErrors: false,
    requestId: false,
    landingPage: false,
    graphiql: false,
    // Merging the fetches of one tick into one document would give subgraphs a new text to parse and validate each time.
    __experimental__batchExecution: false,
  });
  const schema = await runtime.getSchema();
  removeSignalHandlers();
  const argsOf = async ({ document, operationName, variables, context, known }: EngineRequest) => {
    const enveloped = runtime.getEnveloped({ tributary: context, known } as never);
    const contextValue = (await enveloped.contextFactory()) as unknown;
    return { enveloped, args: { schema, document, operationName, variableValues: variables, contextValue } };
  };
  return {
    schema,
    validate: (document: DocumentNode, options) => validate(schema, document, undefined, options),
    async execute(request) {
      const { enveloped, args } = await argsOf(request);
      return (await enveloped.execute(args)) as ExecutionResult;
    },
    async subscribe(request) {
      const { enveloped, args } = await argsOf(request);
      return (await enveloped.subscribe(args)) as ExecutionResult | AsyncIterable<ExecutionResult>;
    },
    close: async () => {
      await runtime.dispose();
    },
  };
}

const transportKind = 'tributary';

/** The engine ends itself on SIGTERM and SIGINT, which would cut off what a drain still has to finish. */
function rememberSignalHandlers(): () => void {
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  return () => {
    signals.forEach((signal, index) => {
      for (const listener of process.listeners(signal)) {
        if (!before[index]!.has(listener)) process.off(signal, listener);
      }
    });
  };
}

const signals = ['SIGTERM', 'SIGINT'] as const;
