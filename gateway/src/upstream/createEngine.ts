import {
  createGatewayRuntime,
  type GatewayConfigSupergraph,
  type GatewayPlugin,
  type GatewayRuntime,
} from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import type { GraphQLSchema } from 'graphql';
import type { EngineContext } from '../result/OperationContext.js';
import type { GatewaySettings } from '../settings.js';
import { planningGraph } from './executor/planningGraph.js';
import { planningOwnKeys } from './executor/planningOwnKeys.js';
import { silentLogger } from './silentLogger.js';

export interface EngineOptions {
  readonly supergraphSdl: string;
  readonly executor: GatewaySettings['executor'];
  readonly transport: NonNullable<EngineTransports>[string];
  readonly plugins: readonly GatewayPlugin[];
}

type EngineTransports = Exclude<GatewayConfigSupergraph['transports'], (...args: never[]) => unknown>;

export interface Engine {
  readonly schema: GraphQLSchema;
  /** The engine's parse, validate, execute and subscribe, with our plugins around them, for one operation. */
  enveloped(context: EngineContext): ReturnType<GatewayRuntime['getEnveloped']>;
  close(): Promise<void>;
}

/**
 * The query planner and executor. Only its core is used: its HTTP server, its masking of errors, its batching of
 * subrequests and its request ids are off, because ours replace them. Throws when the supergraph cannot be read.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const removeSignalHandlers = rememberSignalHandlers();
  const runtime = createGatewayRuntime({
    supergraph: options.supergraphSdl,
    unifiedGraphHandler: options.executor === 'own' ? planningGraph : planningOwnKeys(unifiedGraphHandler),
    transportEntries: { '*': { kind: transportKind } },
    transports: { [transportKind]: options.transport },
    plugins: () => [...options.plugins],
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
  return {
    schema,
    enveloped: (context) => runtime.getEnveloped(context as never),
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
