import { ContextVerifier } from '@tributary/auth';
import { Cache, RedisLevel } from '@tributary/cache';
import { HttpCommandClient } from '@tributary/commands';
import { Database, refuseWrongPooler } from '@tributary/data';
import type { Keyring } from '@tributary/data/encryption';
import { EventStreams, RedisBus } from '@tributary/events';
import { createLogger, startTracing } from '@tributary/observability';
import { closeAtSignal } from '@tributary/process';
import { refuseWrongRedis } from '@tributary/redis';
import type { SubgraphConfig } from './config.js';
import type { SubgraphDefinition } from './declare/defineSubgraph.js';
import type { SubgraphDeps } from './SubgraphDeps.js';
import { SubgraphServer } from './SubgraphServer.js';

/** What a process of cluster mode opens before anything of a subgraph's own: database, bus, streams, commands. */
export async function openClusterDeps(
  serviceName: string,
  entities: readonly Function[],
  config: SubgraphConfig,
  keyring?: Keyring,
): Promise<{ deps: SubgraphDeps; close: () => Promise<void> }> {
  const logger = createLogger({ name: serviceName, level: config.LOG_LEVEL });
  const tracing = await startTracing({
    serviceName: `tributary-${serviceName}`,
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
  });
  await refuseWrongRedis(config.REDIS_URL);
  await refuseWrongPooler(config.DATABASE_URL, config.DATABASE_POOLER);
  const bus = new RedisBus({ url: config.REDIS_URL, logger });
  const database = await Database.open({
    url: config.DATABASE_URL,
    entities,
    logger,
    hints: bus,
    engine: config.DATABASE_ENGINE,
    pooler: config.DATABASE_POOLER,
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    applicationName: `tributary-${serviceName}`,
    ...(keyring ? { keyring } : {}),
  });
  const streams = new EventStreams({ database, bus, logger });
  const shared = new RedisLevel({ url: config.REDIS_URL, secrets: config.secrets, logger });
  const cache = new Cache(config.cache, shared);
  const commands = new HttpCommandClient({ urls: config.urls, secrets: config.secrets, tls: config.tls });
  return {
    deps: { database, bus, cache, streams, commands, logger },
    close: async () => {
      await streams.close();
      await cache[Symbol.asyncDispose]();
      await bus.close();
      await database.close();
      await tracing.close();
    },
  };
}

export interface RunOptions {
  /** The keys of its encrypted columns, if it has any. */
  readonly keyring?: Keyring;
  /** Looks at the database before anything is served; what it throws ends the start. */
  readonly check?: (database: Database) => Promise<void>;
}

/** A subgraph as a process that answers: opens everything, listens, and closes in order at SIGTERM or SIGINT. */
export async function runSubgraph(
  definition: SubgraphDefinition,
  config: SubgraphConfig,
  { keyring, check }: RunOptions = {},
): Promise<void> {
  const { deps, close } = await openClusterDeps(definition.name, definition.tables, config, keyring);
  await check?.(deps.database);
  const subgraph = definition.serve(deps);
  const server = await SubgraphServer.start({
    subgraph,
    verifier: new ContextVerifier({ secrets: config.secrets, acceptUnboundContext: config.ACCEPT_UNBOUND_CONTEXT }),
    logger: deps.logger,
    tls: config.tls,
    host: config.HOST,
    port: config.PORT,
    requestTimeoutMs: config.SUBGRAPH_TIMEOUT_MS,
    commandTimeoutMs: config.COMMAND_TIMEOUT_MS,
    isReady: () => deps.database.isReachable(),
    missingParts: async () => (await deps.database.missingNodes()).map((node) => `database ${node}`),
  });
  deps.logger.info({ port: server.port }, `subgraph ${definition.name} is ready`);
  closeAtSignal(async () => {
    await server.close();
    await subgraph.close();
    await close();
  });
}
