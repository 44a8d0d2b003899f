import type { GatewaySecrets } from '@tributary/auth';
import { InProcessCounters } from '@tributary/limits';
import type { Logger } from '@tributary/observability';
import { filterInternalFieldsAndTypes } from '@graphql-tools/federation';
import { buildASTSchema, parse, validate } from 'graphql';
import { CallerBudgets } from './callers/CallerBudgets.js';
import { HttpServer } from './protocols/HttpServer.js';
import { Readiness } from './protocols/Readiness.js';
import type { RestRoute } from './protocols/http/RestRoute.js';
import type { IdentityService } from './callers/identity.js';
import { startedServer } from './protocols/startedServer.js';
import type { FollowingGateway } from './followSupergraph.js';
import { Documents } from './operations/Documents.js';
import type { ValidateDocument } from './operations/readValidDocument.js';
import { operationSeconds } from './runner/operationMetrics.js';
import { readGraphFacts } from './operations/GraphFacts.js';
import { StoredOperations } from './operations/StoredOperations.js';
import type { UsedOperations } from './operations/UsedOperations.js';
import { OperationLog } from './runner/OperationLog.js';
import { settingsWith, type SettingsOverrides } from './settings.js';
import { serveEdge } from './protocols/edge/serveEdge.js';

export interface EdgeOptions {
  /** Where the router answers GraphQL, such as `http://router:4000/`. */
  readonly routerUrl: string;
  /** The one that the router serves. */
  readonly supergraphSdl: string;
  readonly secrets: GatewaySecrets;
  readonly identity: IdentityService;
  readonly settings?: SettingsOverrides;
  readonly storedOperations?: StoredOperations;
  /** Is told which stored operations are run. Default: nobody is. */
  readonly usedOperations?: UsedOperations;
  /** Default: those of the settings, counted by this process alone. */
  readonly budgets?: CallerBudgets;
  readonly routes?: readonly RestRoute[];
  readonly logger: Logger;
}

/** A front door for another router that serves the same supergraph: see serveEdge. Queries and mutations; it opens no sockets. */
export function createEdge(options: EdgeOptions): FollowingGateway {
  const settings = settingsWith(options.settings ?? {});
  const stored = options.storedOperations ?? new StoredOperations();
  const budgets = options.budgets ?? new CallerBudgets(new InProcessCounters(), settings.budgets);
  const graphOf = (sdl: string) => {
    const supergraph = parse(sdl);
    const schema = filterInternalFieldsAndTypes(
      buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true }),
    );
    const graph = readGraphFacts(supergraph, schema);
    const validateDocument: ValidateDocument = (document, limits) => validate(schema, document, undefined, limits);
    return { graph, documents: new Documents(settings.limits, graph), validateDocument };
  };
  let served = graphOf(options.supergraphSdl);
  const readiness = new Readiness({
    subgraphs: { router: { kind: 'inProcess', execute: () => ({}), ready: () => answers(options.routerUrl) } },
    checks: () => Promise.resolve([]),
  });
  const log = new OperationLog(options.logger, settings.loggedShare);
  const server = new HttpServer({
    graphql: async (exchange) => {
      const started = performance.now();
      const { routerUrl, secrets, identity } = options;
      const used = options.usedOperations ?? null;
      const route = { routerUrl, secrets, identity, settings, stored, used, budgets, ...served };
      const outcome = await serveEdge(exchange, route);
      const tookMs = performance.now() - started;
      operationSeconds.observe({ ...outcome }, tookMs / 1000);
      log.noteExchange(exchange, tookMs);
    },
    sockets: null,
    routes: options.routes ?? [],
    readiness,
    sandbox: null,
    console: null,
    corsOrigins: settings.corsOrigins,
    logger: options.logger,
  });
  const edge = startedServer({
    server,
    readiness,
    drainMs: settings.timeouts.drainMs,
    finish: () => Promise.resolve(),
    end: () => Promise.resolve(),
  });
  return Object.assign(edge, {
    serveSupergraph: (sdl: string) =>
      new Promise<void>((resolve) => {
        served = graphOf(sdl);
        resolve();
      }),
  });
}

async function answers(routerUrl: string): Promise<boolean> {
  const response = await fetch(routerUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
    signal: AbortSignal.timeout(1_000),
  });
  await response.body?.cancel();
  return response.status < 500;
}
