import { ContextVerifier, type GatewaySecrets } from '@tributary/auth';
import { CommandRegistry, type CommandClient } from '@tributary/commands';
import { deliverableCommand, deliverCommand, previewDeliveryCommand } from '@tributary/contracts/commands';
import { InProcessCounters } from '@tributary/limits';
import { Kind, parse, type DocumentNode } from 'graphql';
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
import { startedServer } from './protocols/startedServer.js';
import type { FollowingGateway } from './followSupergraph.js';
import { CurrentRunner } from './runner/CurrentRunner.js';
import { OperationRunner } from './runner/OperationRunner.js';
import { WebhookPages } from './runner/WebhookPages.js';
import { readGraphFacts } from './operations/GraphFacts.js';
import { StoredOperations } from './operations/StoredOperations.js';
import type { UsedOperations } from './operations/UsedOperations.js';
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
  /** Is told which stored operations are run. Default: nobody is. */
  readonly usedOperations?: UsedOperations;
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

export interface GraphGateway extends FollowingGateway {
  readonly commands: CommandRegistry;
}

/** Builds a gateway. It is ready to answer when this resolves. Throws when the supergraph cannot be read or has no connection for a subgraph. */
export async function createGateway(options: GatewayOptions): Promise<GraphGateway> {
  const settings = settingsWith(options.settings ?? {});
  const { logger } = options;
  const storedOperations = options.storedOperations ?? new StoredOperations();
  const subgraphs = openSubgraphs({
    subgraphs: options.subgraphs,
    secrets: options.secrets ?? null,
    callMs: settings.timeouts.subgraphMs,
    // Failures are counted, tried again, and told to the client.
    policies: [breakCalls, retryCalls, retryJoins, answerFailures, tellStale, resumeStreams, markStreamEnds],
    logger,
  });
  const budgets = options.budgets ?? new CallerBudgets(new InProcessCounters(), settings.budgets);
  const { delivery } = options;
  const graphOf = async (supergraphSdl: string) => {
    const supergraph = parse(supergraphSdl);
    for (const subgraph of subgraphsOf(supergraph)) subgraphs.callerOf(subgraph);
    const engine = await engineOf(settings.executor, {
      supergraphSdl,
      callerOf: (subgraph) => subgraphs.callerOf(subgraph),
    });
    const graph = readGraphFacts(supergraph, engine.schema);
    const prepared = {
      engine,
      graph,
      stored: storedOperations,
      used: options.usedOperations ?? null,
      settings,
      logger,
    };
    return {
      engine,
      runner: new OperationRunner({ ...prepared, budgets }),
      pages: delivery ? new WebhookPages({ ...prepared, commands: delivery.commands }) : null,
    };
  };
  let served = await graphOf(options.supergraphSdl);
  const runner = new CurrentRunner(served.runner);
  const commands = new CommandRegistry();
  if (delivery) {
    commands
      .register(deliverableCommand, (input, context) => served.pages!.deliverable(input, context))
      .register(deliverCommand, (input, context) => served.pages!.deliver(input, context))
      .register(previewDeliveryCommand, (input, context) => served.pages!.preview(input, context));
  }
  const verifier = delivery && new ContextVerifier({ secrets: delivery.callers });
  const internal = verifier
    ? commandRoutes({ commands, verifier }, [deliverableCommand.name, deliverCommand.name, previewDeliveryCommand.name])
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
      await served.engine.close();
      await subgraphs.close();
    },
  });
  const serve = async (supergraphSdl: string): Promise<void> => {
    const before = served;
    served = await graphOf(supergraphSdl);
    await runner.replaceBy(served.runner);
    await before.engine.close();
  };
  // One after the other, whoever asks.
  let serving: Promise<void> = Promise.resolve();
  const serveSupergraph = (supergraphSdl: string): Promise<void> =>
    (serving = serving.catch(() => undefined).then(() => serve(supergraphSdl)));
  return Object.assign(gateway, { commands, serveSupergraph });
}

/** Names of the subgraphs that a supergraph is composed of. */
function subgraphsOf(supergraph: DocumentNode): string[] {
  const graphs = supergraph.definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).flatMap(({ directives }) =>
    (directives ?? []).flatMap((directive) =>
      (directive.arguments ?? []).flatMap(({ name, value }) =>
        name.value === 'name' && value.kind === Kind.STRING ? [value.value] : [],
      ),
    ),
  );
}

/** The engine as shipped is large, and loaded where it is asked for. */
async function engineOf(executor: GatewaySettings['executor'], parts: EngineParts): Promise<Engine> {
  if (executor === 'own') return createOwnEngine(parts);
  return (await import('./upstream/createShippedEngine.js')).createShippedEngine(parts);
}
