import { fileURLToPath } from 'node:url';
import { gatewaySecretSetting } from '@tributary/auth';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import type { SubgraphName } from '@tributary/contracts/subgraphs';
import { setting } from '@tributary/kernel';
import { logLevelSetting, logOperationsSetting, tracesSetting } from '@tributary/observability';
import { redisUrlSetting } from '@tributary/redis';
import { z } from 'zod';
import { defaultSettings, type BudgetSettings } from './settings.js';

const { executor, limits, budgets, timeouts, sockets, live } = defaultSettings;

const subgraphUrl = (name: string) =>
  setting
    .url()
    .optional()
    .meta({ description: `base URL of the ${name} subgraph`, otherwise: 'required' });
/** The setting that says where a subgraph is. */
export function urlSettingOf<Name extends SubgraphName>(name: Name): `SUBGRAPH_${Uppercase<Name>}_URL` {
  return `SUBGRAPH_${name.toUpperCase() as Uppercase<Name>}_URL`;
}
const subgraphUrls = Object.fromEntries(subgraphNames.map((name) => [urlSettingOf(name), subgraphUrl(name)])) as Record<
  ReturnType<typeof urlSettingOf<SubgraphName>>,
  ReturnType<typeof subgraphUrl>
>;
const flagAsIntrospection = (description: string) =>
  z.enum(['true', 'false', '1', '0']).optional().meta({ description, otherwise: 'as INTROSPECTION' });

const consoleSetting = z
  .enum(['on', 'off'], { error: 'must be on or off' })
  .default('on')
  .describe('the console at `/console`, where `/` leads; `npm start` builds it after the first start');

/** Whom the gateway stands in front of, and whom it believes. */
export const connectionSettings = z.object({
  HOST: setting.host(),
  PORT: setting.port(4000),
  LOG_LEVEL: logLevelSetting('info'),
  LOG_OPERATIONS: logOperationsSetting(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesSetting(),
  ...subgraphUrls,
  SUPERGRAPH_FILE: z
    .string()
    .default(fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url)))
    .meta({
      description: 'what it serves; what is written there while it runs is taken, at SIGHUP at once',
      otherwise: 'schema/supergraph.graphql',
    }),
  GATEWAY_ENGINE: z
    .enum(['own', 'shipped'], { error: 'must be own or shipped' })
    .default(executor)
    .describe('who runs query plans: `own`, or `shipped` for the executor that the engine brings'),
  GATEWAY_SECRET: gatewaySecretSetting(),
  JWT_ISSUER: z
    .string({ error: 'is missing: who issues access tokens (claim iss)' })
    .describe('claim iss of access tokens'),
  JWT_AUDIENCE: z
    .string({ error: 'is missing: for whom access tokens are issued (claim aud)' })
    .describe('claim aud of access tokens'),
  JWT_PUBLIC_KEY: z.string().optional().meta({
    description: 'PEM of what access tokens are signed with; several one after the other while keys change',
    otherwise: 'required: this or JWT_JWKS_URL',
  }),
  JWT_JWKS_URL: setting.url().optional().describe('keys of an issuer'),
  REDIS_URL: redisUrlSetting()
    .optional()
    .meta({ description: 'where budgets are counted for all gateways together', otherwise: 'each counts for itself' }),
  SECURE_COOKIES: setting.flag(true).describe('the refresh cookie goes over HTTPS only'),
  BEHIND_PROXY: setting
    .flag(false)
    .describe(
      'a proxy stands in front and appends the client’s address to X-Forwarded-For: sign-in attempts are counted by it',
    ),
  CORS_ORIGINS: setting.list().meta({
    description: 'other sites whose pages may call, comma between',
    otherwise: 'none',
  }),
});

/** What makes this program an edge instead of a gateway. */
export const edgeSettings = z.object({
  MODE: z
    .enum(['gateway', 'edge'], { error: 'must be gateway or edge' })
    .default('gateway')
    .describe('`edge`: signs in, limits, and passes on to another router'),
  EDGE_ROUTER_URL: setting.url().optional().describe('with `MODE=edge`: the router'),
});

/** What callers may ask for within a minute. */
export const budgetSettings = z.object({
  REQUESTS_PER_MINUTE: setting.count(budgets.requests).describe('of one person or key; 0: any number'),
  COST_PER_MINUTE: setting
    .count(budgets.cost)
    .describe('of all operations of one person or key, [counted](../protocols.md#cost); 0: any'),
  WORKSPACE_REQUESTS_PER_MINUTE: setting
    .count(budgets.workspaceRequests)
    .describe('of all people and keys of a workspace; 0: any number'),
  WORKSPACE_COST_PER_MINUTE: setting
    .count(budgets.workspaceCost)
    .describe('of all operations of a workspace, [counted](../protocols.md#cost); 0: any'),
});

export function budgetsOf(read: z.infer<typeof budgetSettings>): BudgetSettings {
  return {
    requests: read.REQUESTS_PER_MINUTE,
    cost: read.COST_PER_MINUTE,
    workspaceRequests: read.WORKSPACE_REQUESTS_PER_MINUTE,
    workspaceCost: read.WORKSPACE_COST_PER_MINUTE,
  };
}

/** What may be asked. */
export const operationSettings = z.object({
  INTROSPECTION: setting.flag(false).describe('whether the schema can be asked for'),
  SUGGESTIONS: flagAsIntrospection('"Did you mean …?" in validation errors'),
  GRAPHIQL: flagAsIntrospection('the page for browsers'),
  TRIBUTARY_CONSOLE: consoleSetting,
  STORED_OPERATIONS: setting.list().meta({
    description: 'files of [stored operations](../protocols.md#stored-operations), comma between',
    otherwise: 'none',
  }),
  STORED_OPERATIONS_ONLY: setting.flag(false).describe('nothing but stored operations is taken'),
  API_KEYS_STORED_ONLY: z.enum(['true', 'false', '1', '0']).optional().meta({
    description: 'API keys without the scope `operation.any` run stored operations only',
    otherwise: 'true once STORED_OPERATIONS names a file',
  }),
  ...budgetSettings.shape,
  BODY_BYTES: setting.count(limits.bodyBytes, 16 * 1024 * 1024).describe('of a request'),
  INGEST_BODY_BYTES: setting
    .count(limits.ingestBodyBytes, 64 * 1024 * 1024)
    .describe('of a request with `x-tributary-ingest: 1`, whose only root field is ingestTraces'),
  MAX_TOKENS: setting.count(limits.tokens, 100_000).describe('of a document'),
  MAX_DEPTH: setting.count(limits.depth, 100).describe('fields inside each other'),
  MAX_ALIASES: setting.count(limits.aliases, 10_000).describe('of a document'),
  MAX_ROOT_FIELDS: setting.count(limits.rootFields, 1_000).describe('of an operation'),
  MAX_FIELDS: setting.count(limits.fields, 100_000).describe('of an operation, with fragments opened'),
  MAX_REPEATED_FIELDS: setting
    .count(limits.repeatedFields, 1_000)
    .describe('fields written again in the same selection'),
  MAX_DIRECTIVES: setting.count(limits.directives, 10_000).describe('of a document'),
  MAX_FRAGMENTS: setting.count(limits.fragments, 10_000).describe('named ones of a document'),
  MAX_LIST_ITEMS: setting
    .count(limits.listItems, 100_000)
    .describe('of any list that is sent, apart from traces (1,000) and field mappings (10,000)'),
  MAX_INPUT_DEPTH: setting
    .count(limits.inputDepth, 100)
    .describe('objects and lists inside each other, in what is sent'),
  MAX_COST: setting.count(limits.cost).describe('of an operation: [how it is counted](../protocols.md#cost)'),
});

/** How long things may take. */
export const timeSettings = z.object({
  OPERATION_TIMEOUT_MS: setting
    .milliseconds(timeouts.operationMs, 60_000)
    .describe('a query or mutation, whole, in ms'),
  INGEST_TIMEOUT_MS: setting.milliseconds(timeouts.ingestMs, 300_000).describe('ingestion and uploads, in ms'),
  SUBGRAPH_TIMEOUT_MS: setting.subgraphTimeout(timeouts.subgraphMs),
  DRAIN_TIMEOUT_MS: setting
    .milliseconds(timeouts.drainMs, 60_000)
    .describe('how long a stop waits for work in flight, in ms'),
  DRAIN_SPREAD_MS: setting
    .milliseconds(sockets.drainSpreadMs, 60_000)
    .describe('over how long a stop closes sockets, in ms'),
});

/** What sockets and event streams may do. */
export const socketSettings = z.object({
  SHARED_SUBSCRIPTIONS: setting.flag(true).describe('watchers of the same thing share one execution and its bytes'),
  SOCKETS_PER_PERSON: setting
    .count(live.perPerson, 1_000_000)
    .describe('sockets and event streams of one person or key; each gateway counts its own'),
  SOCKETS_PER_WORKSPACE: setting.count(live.perWorkspace, 1_000_000).describe('the same of one workspace'),
  HEARTBEAT_MS: setting
    .milliseconds(sockets.keepAliveMs, 600_000)
    .describe('between heartbeats on sockets and event streams, in ms'),
  SOCKET_INIT_MS: setting
    .milliseconds(sockets.initMs, 60_000)
    .describe('how long a socket may take to `connection_init`, in ms'),
  SOCKET_MESSAGE_BYTES: setting.count(sockets.messageBytes, 16 * 1024 * 1024).describe('of one message of a client'),
  SOCKET_OPERATIONS: setting.count(sockets.operations, 10_000).describe('at once on one socket'),
  SOCKET_BURST: setting.count(sockets.burst, 100_000).describe('operations of one socket in a burst'),
  SOCKET_REFILL_PER_SECOND: setting
    .count(sockets.refillPerSecond, 100_000)
    .describe('how many of those flow back in a second; also the most that is kept up for 5 s'),
});
