import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewaySecrets } from '@tributary/auth';
import { readTlsConfig, type MutualTls } from '@tributary/commands';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import { ConfigError, readConfig } from '@tributary/kernel';
import type { LogLevel } from '@tributary/observability';
import { z } from 'zod';
import { readOidcConfig, type OidcConfig } from './protocols/routes/oidc/config.js';
import {
  budgetsOf,
  connectionSettings,
  edgeSettings,
  operationSettings,
  socketSettings,
  timeSettings,
  urlSettingOf,
} from './environment.js';
import { settingsWith, type GatewaySettings } from './settings.js';

const schema = z.object({
  ...connectionSettings.shape,
  ...edgeSettings.shape,
  ...operationSettings.shape,
  ...timeSettings.shape,
  ...socketSettings.shape,
});

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  /** Null: this process runs the graph itself. Else it is an edge in front of the router at this URL. */
  readonly edgeRouterUrl: string | null;
  /** Base URL of each subgraph, without a path. */
  readonly subgraphUrls: Readonly<Record<SubgraphName, string>>;
  readonly supergraphFile: string;
  readonly supergraphSdl: string;
  readonly secrets: GatewaySecrets;
  readonly jwt: {
    readonly issuer: string;
    readonly audience: string;
    readonly publicKeysPem: readonly string[];
    readonly jwksUrl: string | undefined;
  };
  /** Null: subgraphs are reached over plain HTTP. */
  readonly tls: MutualTls | null;
  /** Null without an issuer outside. */
  readonly oidc: OidcConfig | null;
  readonly secureCookies: boolean;
  readonly behindProxy: boolean;
  /** Folder of the built page for browsers; null when it is off. */
  readonly sandboxFolder: string | null;
  /** Folder of the built console, there or not; null when it is off. */
  readonly consoleFolder: string | null;
  /** Where budgets are counted for all gateways together. Undefined: each counts for itself. */
  readonly redisUrl: string | undefined;
  readonly storedOperationFiles: readonly string[];
  readonly settings: GatewaySettings;
  readonly logLevel: LogLevel;
  readonly otlpEndpoint: string | undefined;
}

/** Settings of a gateway that runs as a process of its own. Throws a ConfigError that names each one that is missing or weak. */
export function readGatewayConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const read = readConfig(schema, env);
  const isOn = (flag: string | undefined, otherwise = read.INTROSPECTION): boolean =>
    flag === undefined ? otherwise : flag === 'true' || flag === '1';
  const subgraphUrls: Partial<Record<SubgraphName, string>> = {};
  for (const name of subgraphNames) subgraphUrls[name] = read[urlSettingOf(name)];
  const isEdge = read.MODE === 'edge';
  const problems: string[] = [];
  // An edge asks workspace for sign-in, flow for uploads and metrics for spans; the router asks the others.
  for (const name of isEdge ? (['workspace', 'flow', 'metrics'] as const) : subgraphNames) {
    if (!subgraphUrls[name])
      problems.push(
        `${urlSettingOf(name)}: is missing: the base URL of the ${name} subgraph, such as http://${name}:4000`,
      );
  }
  if (isEdge && !read.EDGE_ROUTER_URL)
    problems.push('EDGE_ROUTER_URL: is missing: where mode edge passes requests on to, such as http://router:4000/');
  if (!read.JWT_PUBLIC_KEY && !read.JWT_JWKS_URL)
    problems.push(
      'JWT_PUBLIC_KEY: is missing: the PEM of the key that access tokens are signed with; or set JWT_JWKS_URL',
    );
  if (!existsSync(read.SUPERGRAPH_FILE))
    problems.push(`SUPERGRAPH_FILE: there is no file ${read.SUPERGRAPH_FILE}; "npm run schema" makes it`);
  if (problems.length > 0) {
    throw new ConfigError(
      `Tributary cannot start with these settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nEvery setting is described in docs/reference/settings.md.`,
    );
  }
  return {
    host: read.HOST,
    port: read.PORT,
    edgeRouterUrl: isEdge ? read.EDGE_ROUTER_URL! : null,
    subgraphUrls: subgraphUrls as Record<SubgraphName, string>,
    supergraphFile: read.SUPERGRAPH_FILE,
    supergraphSdl: readFileSync(read.SUPERGRAPH_FILE, 'utf8'),
    secrets: read.GATEWAY_SECRET,
    jwt: {
      issuer: read.JWT_ISSUER,
      audience: read.JWT_AUDIENCE,
      publicKeysPem: pemBlocks(read.JWT_PUBLIC_KEY ?? ''),
      jwksUrl: read.JWT_JWKS_URL,
    },
    oidc: readOidcConfig(env),
    tls: readTlsConfig(subgraphUrls, env),
    secureCookies: read.SECURE_COOKIES,
    behindProxy: read.BEHIND_PROXY,
    sandboxFolder:
      isOn(read.GRAPHIQL) && !isEdge ? join(fileURLToPath(new URL('..', import.meta.url)), 'dist-sandbox') : null,
    consoleFolder:
      read.TRIBUTARY_CONSOLE === 'on' && !isEdge
        ? join(fileURLToPath(new URL('..', import.meta.url)), 'dist-console')
        : null,
    redisUrl: read.REDIS_URL,
    storedOperationFiles: read.STORED_OPERATIONS,
    settings: settingsWith({
      introspection: read.INTROSPECTION,
      suggestions: isOn(read.SUGGESTIONS),
      storedOperationsOnly: read.STORED_OPERATIONS_ONLY,
      keysStoredOnly: isOn(read.API_KEYS_STORED_ONLY, read.STORED_OPERATIONS.length > 0),
      corsOrigins: read.CORS_ORIGINS,
      executor: read.GATEWAY_ENGINE,
      loggedShare: read.LOG_OPERATIONS,
      limits: {
        bodyBytes: read.BODY_BYTES,
        ingestBodyBytes: read.INGEST_BODY_BYTES,
        tokens: read.MAX_TOKENS,
        depth: read.MAX_DEPTH,
        aliases: read.MAX_ALIASES,
        rootFields: read.MAX_ROOT_FIELDS,
        fields: read.MAX_FIELDS,
        repeatedFields: read.MAX_REPEATED_FIELDS,
        directives: read.MAX_DIRECTIVES,
        fragments: read.MAX_FRAGMENTS,
        listItems: read.MAX_LIST_ITEMS,
        inputDepth: read.MAX_INPUT_DEPTH,
        cost: read.MAX_COST,
      },
      budgets: budgetsOf(read),
      timeouts: {
        operationMs: read.OPERATION_TIMEOUT_MS,
        ingestMs: read.INGEST_TIMEOUT_MS,
        subgraphMs: read.SUBGRAPH_TIMEOUT_MS,
        drainMs: read.DRAIN_TIMEOUT_MS,
      },
      sockets: {
        initMs: read.SOCKET_INIT_MS,
        keepAliveMs: read.HEARTBEAT_MS,
        messageBytes: read.SOCKET_MESSAGE_BYTES,
        operations: read.SOCKET_OPERATIONS,
        burst: read.SOCKET_BURST,
        refillPerSecond: read.SOCKET_REFILL_PER_SECOND,
        drainSpreadMs: read.DRAIN_SPREAD_MS,
      },
      live: {
        shared: read.SHARED_SUBSCRIPTIONS,
        perPerson: read.SOCKETS_PER_PERSON,
        perWorkspace: read.SOCKETS_PER_WORKSPACE,
      },
    }),
    logLevel: read.LOG_LEVEL,
    otlpEndpoint: read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
  };
}

/** Several keys may follow one another. A setting of one line writes its line ends as \n. */
function pemBlocks(text: string): string[] {
  return text.replaceAll('\\n', '\n').match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
}
