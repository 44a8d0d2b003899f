import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewaySecrets } from '@tributary/auth';
import { InProcessCounters } from '@tributary/limits';
import { parse } from 'graphql';
import type { Logger } from '@tributary/observability';
import { CallerBudgets } from './budgets/CallerBudgets.js';
import type { SubgraphConnection } from './connections.js';
import { createEngine } from './engine/createEngine.js';
import { HttpServer, type ListenOptions } from './http/HttpServer.js';
import { Readiness, type ReadinessFinding } from './http/Readiness.js';
import type { RestRoute } from './http/RestRoute.js';
import { serveGraphql } from './http/serveGraphql.js';
import type { IdentityService } from './identity.js';
import { startedServer } from './lifecycle.js';
import { OperationRunner } from './operations/OperationRunner.js';
import { StoredOperations } from './operations/StoredOperations.js';
import { LiveConnections } from './live/LiveConnections.js';
import { streamFieldsOf } from './live/streamFields.js';
import { useCallFailures } from './plugins/useCallFailures.js';
import { useFreshEventErrors } from './plugins/useFreshEventErrors.js';
import { useIngestOnly } from './plugins/useIngestOnly.js';
import { useIntrospection } from './plugins/useIntrospection.js';
import { useJoinRetries } from './plugins/useJoinRetries.js';
import { useMutualTls } from './plugins/useMutualTls.js';
import { useReadOnlyGet } from './plugins/useReadOnlyGet.js';
import { useResumedStreams } from './plugins/useResumedStreams.js';
import { useSignedContext } from './plugins/useSignedContext.js';
import { useSignedInOnly } from './plugins/useSignedInOnly.js';
import { useSubgraphBreaker } from './plugins/useSubgraphBreaker.js';
import { useSubgraphRetries } from './plugins/useSubgraphRetries.js';
import { useStreamEnds } from './plugins/useStreamEnds.js';
import { useSubgraphDeadline } from './plugins/useSubgraphDeadline.js';
import { useSubgraphFailures } from './plugins/useSubgraphFailures.js';
import type { Sandbox } from './sandbox/Sandbox.js';
import { settingsWith, type SettingsOverrides } from './settings.js';
import { SocketServer } from './sockets/SocketServer.js';
import { createSubgraphTransport } from './transports/createSubgraphTransport.js';

export interface GatewayOptions {
  /** Composed by `npm run schema`. */
  readonly supergraphSdl: string;
  /** One for each subgraph that the supergraph names. */
  readonly subgraphs: Readonly<Record<string, SubgraphConnection>>;
  readonly identity: IdentityService;
  /** Needed when a subgraph is over HTTP. */
  readonly secrets?: GatewaySecrets | null;
  readonly settings?: SettingsOverrides;
  readonly storedOperations?: StoredOperations;
  /** Default: those of the settings, counted by this process alone. */
  readonly budgets?: CallerBudgets;
  /** `/auth/*`, `/uploads` and the like. */
  readonly routes?: readonly RestRoute[];
  /** What this process needs beside its subgraphs, such as its database. */
  readonly readinessChecks?: () => Promise<readonly ReadinessFinding[]>;
  /** The page for browsers. Null: none. */
  readonly sandbox?: Sandbox | null;
  readonly logger: Logger;
}

export interface Gateway {
  /** Answers one HTTP request, for callers that have a server of their own. Upgrades are answered by `listen` only. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  listen(options: ListenOptions): Promise<AddressInfo>;
  /** Where it listens. */
  readonly addresses: readonly AddressInfo[];
  /** Not ready any more; sockets are closed with 4442; what is in flight is finished, within `timeouts.drainMs`. */
  drain(): Promise<void>;
  /** Drains, then ends everything that is left. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Builds a gateway. It is ready to answer when this resolves. Throws when the supergraph cannot be read or has no connection for a subgraph. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const settings = settingsWith(options.settings ?? {});
  const { logger } = options;
  const secrets = options.secrets ?? null;
  const streams = streamFieldsOf(parse(options.supergraphSdl));
  const engine = await createEngine({
    supergraphSdl: options.supergraphSdl,
    transport: createSubgraphTransport({ subgraphs: options.subgraphs, secrets, logger }),
    plugins: [
      useReadOnlyGet(),
      useIngestOnly(),
      useIntrospection(settings.introspection),
      useSignedInOnly(),
      useFreshEventErrors(),
      useSignedContext(secrets),
      useMutualTls(options.subgraphs),
      // Around a call of a subgraph, from the inside out: each try has its time, failures are told from answers, counted,
      // tried again, and told to the client.
      useSubgraphDeadline(settings.timeouts.subgraphMs),
      useCallFailures(),
      useSubgraphBreaker(),
      useSubgraphRetries(),
      useJoinRetries(),
      useSubgraphFailures(),
      useResumedStreams(streams),
      useStreamEnds(),
    ],
  });
  const runner = new OperationRunner({
    engine,
    streams,
    stored: options.storedOperations ?? new StoredOperations(),
    budgets: options.budgets ?? new CallerBudgets(new InProcessCounters(), settings.budgets),
    settings,
    logger,
  });
  const readiness = new Readiness({
    subgraphs: options.subgraphs,
    checks: options.readinessChecks ?? (() => Promise.resolve([])),
  });
  const live = new LiveConnections({ identity: options.identity, ...settings.live });
  const sockets = new SocketServer({ runner, identity: options.identity, live, settings, logger });
  const server = new HttpServer({
    graphql: (exchange) => serveGraphql(exchange, { runner, identity: options.identity, live, settings }),
    sockets,
    routes: options.routes ?? [],
    readiness,
    sandbox: options.sandbox ?? null,
    corsOrigins: settings.corsOrigins,
    logger,
  });
  return startedServer({
    server,
    readiness,
    drainMs: settings.timeouts.drainMs,
    // Streams over HTTP have no close code of their own: their last event says it.
    finish: () =>
      Promise.all([sockets.drain(settings.sockets.drainSpreadMs).then(() => runner.endStreams()), runner.whenIdle()]),
    end: async () => {
      sockets.close();
      live.close();
      await engine.close();
    },
  });
}
