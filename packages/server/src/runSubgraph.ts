import { ContextVerifier } from '@tributary/auth';
import { HttpCommandClient } from '@tributary/commands';
import { Database } from '@tributary/data';
import type { Keyring } from '@tributary/data/encryption';
import { EventStreams, RedisBus } from '@tributary/events';
import { createLogger, startTracing } from '@tributary/observability';
import { closeAtSignal } from '@tributary/kernel';
import type { SubgraphConfig } from './config.js';
import type { SubgraphDeps } from './Subgraph.js';
import type { SubgraphModule } from './SubgraphModule.js';
import { SubgraphServer } from './SubgraphServer.js';

/** What a process of cluster mode opens before anything of a subgraph's own: database, bus, streams, commands. */
export async function openClusterDeps(
  serviceName: string,
  entities: readonly Function[],
  config: SubgraphConfig,
  keyring?: Keyring,
): Promise<{ deps: SubgraphDeps; close: () => Promise<void> }> {
  const logger = createLogger({ name: serviceName, level: config.LOG_LEVEL });
  const tracing = startTracing({
    serviceName: `tributary-${serviceName}`,
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
  });
  const bus = new RedisBus({ url: config.REDIS_URL, logger });
  const database = await Database.open({
    url: config.DATABASE_URL,
    entities,
    logger,
    hints: bus,
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    applicationName: `tributary-${serviceName}`,
    ...(keyring ? { keyring } : {}),
  });
  const streams = new EventStreams({ database, bus, logger });
  const commands = new HttpCommandClient({ urls: config.urls, secrets: config.secrets, tls: config.tls });
  return {
    deps: { database, bus, streams, commands, logger },
    close: async () => {
      await streams.close();
      await bus.close();
      await database.close();
      await tracing.close();
    },
  };
}

/**
 * A subgraph as a process: opens everything, listens, and closes in order at SIGTERM or SIGINT. One that has encrypted columns brings
 * their keys.
 */
export async function runSubgraph(module: SubgraphModule, config: SubgraphConfig, keyring?: Keyring): Promise<void> {
  const { deps, close } = await openClusterDeps(module.name, module.entities, config, keyring);
  const subgraph = await module.create(deps);
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
  });
  subgraph.startBackground();
  deps.logger.info({ port: server.port }, `subgraph ${module.name} is ready`);
  closeAtSignal(async () => {
    await server.close();
    await subgraph.close();
    await close();
  });
}
