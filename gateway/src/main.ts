import {
  createAccessTokenVerifier,
  createOutsideTokenVerifier,
  verifierByIssuer,
  type AccessTokenVerifier,
  IdentityClient,
} from '@tributary/auth';
import { HttpCommandClient, type MutualTls } from '@tributary/commands';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { closeAtSignal, runAsProcess, settingsWithSecrets } from '@tributary/process';
import { InProcessCounters, RedisCounters } from '@tributary/limits';
import { collectProcessMetrics, createLogger, startTracing } from '@tributary/observability';
import { refuseWrongRedis } from '@tributary/redis';
import { CallerBudgets } from './callers/CallerBudgets.js';
import { readGatewayConfig, type GatewayConfig } from './config.js';
import { createGateway } from './createGateway.js';
import { createEdge } from './createEdge.js';
import { followSupergraph } from './followSupergraph.js';
import { oidcRoutes } from './protocols/routes/oidc/oidcRoutes.js';
import { StoredOperations } from './operations/StoredOperations.js';
import { UsedOperations } from './operations/UsedOperations.js';
import { authRoutes } from './protocols/routes/authRoutes.js';
import { otlpRoutes } from './protocols/routes/otlp/otlpRoutes.js';
import { uploadRoute } from './protocols/routes/uploadRoute.js';
import { Sandbox } from './protocols/sandbox/Sandbox.js';

await runAsProcess(async () => run(readGatewayConfig(await settingsWithSecrets())));

/** The gateway, or an edge, as a process: opens everything, listens, and closes in order at SIGTERM or SIGINT. */
async function run(config: GatewayConfig): Promise<void> {
  const name = config.edgeRouterUrl ? 'edge' : 'gateway';
  const logger = createLogger({ name, level: config.logLevel });
  const tracing = await startTracing({ serviceName: `tributary-${name}`, otlpEndpoint: config.otlpEndpoint });
  collectProcessMetrics();
  const commands = new HttpCommandClient({ urls: config.subgraphUrls, secrets: config.secrets, tls: config.tls });
  const { oidc } = config;
  const identity = new IdentityClient({ commands, verifier: accessTokenVerifier(config), logger });
  if (config.redisUrl) await refuseWrongRedis(config.redisUrl);
  const counters = config.redisUrl ? new RedisCounters({ url: config.redisUrl, logger }) : new InProcessCounters();
  const budgets = new CallerBudgets(counters, config.settings.budgets);
  const usedOperations = new UsedOperations({ commands, logger });
  const shared = {
    budgets,
    supergraphSdl: config.supergraphSdl,
    identity,
    secrets: config.secrets,
    settings: config.settings,
    storedOperations: StoredOperations.fromFiles(config.storedOperationFiles),
    usedOperations,
    routes: [
      ...authRoutes({
        commands,
        secureCookies: config.secureCookies,
        corsOrigins: config.settings.corsOrigins,
        counters,
        behindProxy: config.behindProxy,
        oidcIssuer: oidc?.signIn ? oidc.issuer : null,
        home: config.consoleFolder ? '/console' : config.sandboxFolder ? '/graphql' : null,
      }),
      ...(oidc?.signIn
        ? oidcRoutes({
            ...oidc.signIn,
            issuer: oidc.issuer,
            commands,
            secureCookies: config.secureCookies,
            corsOrigins: config.settings.corsOrigins,
          })
        : []),
      uploadRoute({ commands, identity, budgets }),
      ...otlpRoutes({ commands, identity, budgets }),
    ],
    logger,
  };
  const gateway = config.edgeRouterUrl
    ? createEdge({ ...shared, routerUrl: config.edgeRouterUrl })
    : await createGateway({
        ...shared,
        delivery: { commands, callers: config.secrets },
        subgraphs: Object.fromEntries(
          subgraphNames.map((subgraph) => [subgraph, connectionTo(config.subgraphUrls[subgraph], config.tls)]),
        ),
        console: config.consoleFolder ? { folder: config.consoleFolder } : null,
        sandbox: config.sandboxFolder ? new Sandbox({ folder: config.sandboxFolder, people: [] }) : null,
      });
  identity.start();
  const { port } = await gateway.listen({ host: config.host, port: config.port });
  logger.info({ port }, `${name} is ready`);
  const { supergraphFile: file, supergraphSdl: sdl } = config;
  const unfollow = followSupergraph({ file, sdl, gateway, logger });

  closeAtSignal(async () => {
    unfollow();
    await gateway.close();
    await Promise.all([usedOperations[Symbol.asyncDispose](), identity.close(), counters.close()]);
    await tracing.close();
  }, config.settings.timeouts.drainMs + 1_500);
}

/** Takes tokens of our own issuer, and of one outside where that is configured. */
function accessTokenVerifier({ jwt, oidc }: GatewayConfig): AccessTokenVerifier {
  const { issuer, audience, publicKeysPem, jwksUrl } = jwt;
  const own = createAccessTokenVerifier({ issuer, audience, publicKeysPem, ...(jwksUrl ? { jwksUrl } : {}) });
  if (!oidc?.bearer) return own;
  const outside = createOutsideTokenVerifier({ issuer: oidc.issuer, ...oidc.bearer });
  return verifierByIssuer(
    new Map([
      [oidc.issuer, outside],
      [issuer, own],
    ]),
  );
}

function connectionTo(base: string, tls: MutualTls | null) {
  const url = new URL('/graphql', base);
  const wsUrl = new URL(url);
  wsUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return { kind: 'http', url: url.href, wsUrl: wsUrl.href, tls } as const;
}
