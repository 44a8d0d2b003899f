import { ContextVerifier, type GatewaySecrets } from '@tributary/auth';
import { CommandRegistry, type CommandClient } from '@tributary/commands';
import { deliverableCommand, deliverCommand } from '@tributary/contracts/commands';
import { InProcessCounters } from '@tributary/limits';
import { parse } from 'graphql';
import type { Logger, MetricsSnapshot } from '@tributary/observability';
import { CallerBudgets } from './callers/CallerBudgets.js';
import type { SubgraphConnection } from './upstream/connections.js';
import { createOwnEngine } from './upstream/createOwnEngine.js';
import type { Engine, EngineParts } from './upstream/Engine.js';
import { HttpServer } from './protocols/HttpServer.js';
import { Readiness, type ReadinessFinding } from './protocols/Readiness.js';
import type { RestRoute } from './protocols/http/RestRoute.js';
import { commandRoutes } from './protocols/routes/commandRoutes.js';
import { serveGraphql } from './protocols/http/serveGraphql.js';
import type { IdentityService } from './callers/identity.js';
import { startedServer, type Gateway } from './protocols/startedServer.js';
import { OperationRunner } from './runner/OperationRunner.js';
import { WebhookPages } from './runner/WebhookPages.js';
import { readGraphFacts } from './operations/GraphFacts.js';
import { StoredOperations } from './operations/StoredOperations.js';
import { LiveConnections } from './callers/LiveConnections.js';
import { Console, type ConsoleOptions } from './protocols/console/Console.js';
import type { Sandbox } from './protocols/sandbox/Sandbox.js';
import { settingsWith, type GatewaySettings, type SettingsOverrides } from './settings.js';
import { SocketServer } from './protocols/sockets/SocketServer.js';
import { answerFailures } from './upstream/calls/answerFailures.js';
import { tellStale } from './upstream/calls/tellStale.js';
import { breakCalls } from './upstream/calls/breakCalls.js';
import { retryCalls } from './upstream/calls/retryCalls.js';
import { retryJoins } from './upstream/calls/retryJoins.js';
import { markStreamEnds } from './upstream/repairs/markStreamEnds.js';
import { openSubgraphs } from './upstream/transports/openSubgraphs.js';
import { resumeStreams } from './upstream/resume/resumeStreams.js';

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
  /** What webhooks are sent is asked of this gateway: how it asks the subgraphs, and who may ask it over HTTP. Absent: nobody is answered. */
  readonly delivery?: { readonly commands: CommandClient; readonly callers: GatewaySecrets };
  /** `/auth/*`, `/uploads` and the like. */
  readonly routes?: readonly RestRoute[];
  /** What this process needs beside its subgraphs, such as its database. */
  readonly readinessChecks?: () => Promise<readonly ReadinessFinding[]>;
  /** What others have counted whose figures are shown with those of this process, such as a worker that has no port. */
  readonly otherMetrics?: () => readonly MetricsSnapshot[];
  /** The page for browsers. Null: none. */
  readonly sandbox?: Sandbox | null;
  /** The console at `/console`. Null: none. */
  readonly console?: Omit<ConsoleOptions, 'storedOperations'> | null;
  readonly logger: Logger;
}

/** Builds a gateway. It is ready to answer when this resolves. Throws when the supergraph cannot be read or has no connection for a subgraph. */
export async function createGateway(
  options: GatewayOptions,
): Promise<Gateway & { readonly commands: CommandRegistry }> {
  const settings = settingsWith(options.settings ?? {});
  const { logger } = options;
  const storedOperations = options.storedOperations ?? new StoredOperations();
  const supergraph = parse(options.supergraphSdl);
  const subgraphs = openSubgraphs({
    subgraphs: options.subgraphs,
    secrets: options.secrets ?? null,
    callMs: settings.timeouts.subgraphMs,
    // Failures are counted, tried again, and told to the client.
    policies: [breakCalls, retryCalls, retryJoins, answerFailures, tellStale, resumeStreams, markStreamEnds],
    logger,
  });
  const engine = await engineOf(settings.executor, {
    supergraphSdl: options.supergraphSdl,
    callerOf: (subgraph) => subgraphs.callerOf(subgraph),
  });
  const prepared = {
    engine,
    graph: readGraphFacts(supergraph, engine.schema),
    stored: storedOperations,
    settings,
    logger,
  };
  const runner = new OperationRunner({
    ...prepared,
    budgets: options.budgets ?? new CallerBudgets(new InProcessCounters(), settings.budgets),
  });
  const commands = new CommandRegistry();
  const { delivery } = options;
  if (delivery) {
    const pages = new WebhookPages({ ...prepared, commands: delivery.commands });
    commands
      .register(deliverableCommand, (input, context) => pages.deliverable(input, context))
      .register(deliverCommand, (input, context) => pages.deliver(input, context));
  }
  const verifier = delivery && new ContextVerifier({ secrets: delivery.callers });
  const internal = verifier
    ? commandRoutes({ commands, verifier }, [deliverableCommand.name, deliverCommand.name])
    : [];
  const readiness = new Readiness({
    subgraphs: options.subgraphs,
    checks: options.readinessChecks ?? (() => Promise.resolve([])),
  });
  const live = new LiveConnections({ identity: options.identity, logger: options.logger, ...settings.live });
  const sockets = new SocketServer({ runner, identity: options.identity, live, settings, logger });
  const server = new HttpServer({
    graphql: (exchange) => serveGraphql(exchange, { runner, identity: options.identity, live, settings }),
    sockets,
    routes: [...(options.routes ?? []), ...internal],
    readiness,
    otherMetrics: options.otherMetrics ?? (() => []),
    sandbox: options.sandbox ?? null,
    console: options.console ? new Console({ ...options.console, storedOperations }) : null,
    corsOrigins: settings.corsOrigins,
    logger,
  });
  const gateway = startedServer({
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
      await subgraphs.close();
    },
  });
  return Object.assign(gateway, { commands });
}

/** The engine as shipped is large, and loaded where it is asked for. */
async function engineOf(executor: GatewaySettings['executor'], parts: EngineParts): Promise<Engine> {
  if (executor === 'own') return createOwnEngine(parts);
  return (await import('./upstream/createShippedEngine.js')).createShippedEngine(parts);
}
