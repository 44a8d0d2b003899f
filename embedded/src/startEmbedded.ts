import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAccessTokenVerifier, parseGatewaySecrets, publicKeyPemOf, IdentityClient } from '@tributary/auth';
import { Database } from '@tributary/data';
import { RelayBus } from '@tributary/events';
import {
  authRoutes,
  CallerBudgets,
  createGateway,
  otlpRoutes,
  Sandbox,
  StoredOperations,
  UsedOperations,
  uploadRoute,
  type SubgraphConnection,
} from '@tributary/gateway';
import { InProcessCounters } from '@tributary/limits';
import { collectProcessMetrics, startTracing } from '@tributary/observability';
import type { Logger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { composeSubgraphs, embeddedSubgraphs, tablesOf } from './composeSubgraphs.js';
import type { EmbeddedConfig } from './config.js';
import { noteAddress } from './address.js';
import { demoPeople } from './demo/demoPeople.js';
import { seedDemo } from './demo/seedDemo.js';
import { openKeyring } from './encryptionKeys.js';
import { openDatabase } from './openDatabase.js';
import { loadSecrets } from './secrets.js';
import { tokenNames } from './tokenNames.js';
import { WorkerProcess } from './WorkerProcess.js';

export interface EmbeddedTributary {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  /** Whether people can sign in as the demo people. */
  readonly hasDemoPeople: boolean;
  close(): Promise<void>;
}

/** A worker that cannot start is told of, and keeps nobody from the rest. */
const workerPatienceMs = 30_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The whole product in embedded mode: PostgreSQL as a child process, a worker process for all that nobody waits for, and the answers here.
 * Whatever was opened is closed again when a later step fails. `onLost` is told when PostgreSQL ends by itself.
 */
export async function startEmbedded(
  config: EmbeddedConfig,
  logger: Logger,
  onLost: (error: Error) => void,
): Promise<EmbeddedTributary> {
  await using opened = new AsyncDisposableStack();
  collectProcessMetrics();
  const tracing = await startTracing({
    serviceName: 'tributary',
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
  });
  opened.defer(() => tracing.close());

  const secrets = loadSecrets(config.dataDirectory);
  const postgres = await openDatabase(config.dataDirectory, secrets, logger, onLost);
  opened.defer(() => postgres.stop());
  const { appUrl, workerUrl } = postgres;
  const uploadsDirectory = join(config.dataDirectory, 'uploads');
  const hasDemoPeople = config.DEMO_PEOPLE || isLoopback(config.HOST);
  const storedOperations = StoredOperations.fromFiles(config.STORED_OPERATIONS);
  const definitions = embeddedSubgraphs({
    signingKey: secrets.signingKey,
    uploads: new DiskUploadStore(uploadsDirectory),
    demoPeople: hasDemoPeople,
    metrics: config.metrics,
    storedOperations: () => storedOperations.list(),
    outgoing: config.outgoing,
  });
  const bus = opened.use(new RelayBus());
  const database = opened.use(
    await Database.open({
      url: appUrl,
      entities: tablesOf(definitions),
      logger,
      hints: bus,
      poolSize: 16,
      keyring: openKeyring(config.dataDirectory),
    }),
  );
  const composed = composeSubgraphs({ database, bus, logger, definitions, cache: config.cache });
  opened.defer(() => composed.close());
  // Now, and not while the first who asks waits.
  await Promise.all(composed.subgraphs.map((subgraph) => subgraph.load()));

  const verifier = createAccessTokenVerifier({ publicKeysPem: [publicKeyPemOf(secrets.signingKey)], ...tokenNames });
  const identity = opened.use(new IdentityClient({ commands: composed.commands, verifier, logger }));
  const counters = opened.use(new InProcessCounters());
  const usedOperations = opened.use(new UsedOperations({ commands: composed.commands, logger }));
  let worker: WorkerProcess | null = null;
  let usable = false;
  const budgets = new CallerBudgets(counters, config.budgets);
  // Known to this process and its worker, for as long as they run.
  const workerSecret = randomBytes(32).toString('hex');
  const gateway = opened.use(
    await createGateway({
      supergraphSdl: readFileSync(join(root, 'schema', 'supergraph.graphql'), 'utf8'),
      subgraphs: Object.fromEntries(composed.subgraphs.map((subgraph) => [subgraph.name, inProcess(subgraph)])),
      identity,
      budgets,
      delivery: { commands: composed.commands, callers: parseGatewaySecrets(workerSecret) },
      settings: {
        introspection: true,
        suggestions: true,
        storedOperationsOnly: config.STORED_OPERATIONS_ONLY,
        keysStoredOnly: config.keysStoredOnly,
        corsOrigins: config.CORS_ORIGINS,
        executor: config.GATEWAY_ENGINE,
        loggedShare: config.LOG_OPERATIONS,
        live: { shared: config.SHARED_SUBSCRIPTIONS, perPerson: config.SOCKETS_PER_PERSON },
      },
      storedOperations,
      usedOperations,
      routes: [
        ...authRoutes({
          commands: composed.commands,
          secureCookies: false,
          corsOrigins: config.CORS_ORIGINS,
          counters,
          behindProxy: false,
          home: config.TRIBUTARY_CONSOLE === 'on' ? '/console' : '/graphql',
        }),
        uploadRoute({ commands: composed.commands, identity, budgets }),
        ...otlpRoutes({ commands: composed.commands, identity, budgets }),
      ],
      readinessChecks: async () => [
        { part: 'postgresql', ready: await database.isReachable(), essential: true },
        { part: 'start', ready: usable, essential: true },
        // What it does is done when it is back: no request has to wait for it.
        { part: 'worker', ready: worker?.isRunning ?? false, essential: false },
      ],
      console:
        config.TRIBUTARY_CONSOLE === 'on'
          ? { folder: join(root, 'gateway', 'dist-console'), people: hasDemoPeople ? demoPeople : [] }
          : null,
      otherMetrics: () => worker?.metrics ?? [],
      sandbox: new Sandbox({
        folder: join(root, 'gateway', 'dist-sandbox'),
        people: hasDemoPeople ? demoPeople : [],
      }),
      logger,
    }),
  );
  composed.registry.include(gateway.commands);
  const address = await gateway.listen({ host: config.HOST, port: config.PORT });

  const url = `http://${hostInUrl(config.HOST)}:${address.port}/graphql`;
  const noted = noteAddress(config.dataDirectory, url);
  opened.defer(() => noted.forget());

  identity.start();
  worker = opened.use(
    new WorkerProcess(
      {
        appUrl,
        workerUrl,
        logLevel: config.LOG_LEVEL,
        uploadsDirectory,
        secrets,
        dataDirectory: config.dataDirectory,
        eventRetentionHours: config.EVENT_RETENTION_HOURS,
        metrics: { rollup: config.rollup, retention: config.metrics.retention },
        alerts: config.alerts,
        outgoing: config.outgoing,
        gateway: { url, secret: workerSecret },
      },
      bus,
      logger,
    ),
  );
  worker.start();
  // Whoever is told that it is ready can sign in, and finds the samples.
  const samples = hasDemoPeople ? await seedDemo(database, composed.subgraphs, config.DEMO_DATA, logger) : null;
  await Promise.all([identity.poll(), worker.running(workerPatienceMs)]);
  await samples?.();
  usable = true;

  const kept = opened.move();
  return { url, hasDemoPeople, close: () => kept.disposeAsync() };
}

function inProcess(subgraph: Subgraph): SubgraphConnection {
  return { kind: 'inProcess', execute: (request) => subgraph.execute(request) };
}

/** Whether only this machine can reach an address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
