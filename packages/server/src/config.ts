import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';
import { logLevelSetting, tracesSetting } from '@tributary/observability';
import { redisUrlSetting } from '@tributary/redis';
import { gatewaySecretSetting } from '@tributary/auth';
import { readCacheConfig } from '@tributary/cache';
import { databaseEngines, poolers } from '@tributary/data';
import { readTlsConfig } from '@tributary/commands';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import type { SubgraphName } from '@tributary/contracts/subgraphs';

/** Of every process that answers for a subgraph or works for one. */
export const subgraphSettings = z.object({
  HOST: setting.host(),
  PORT: setting.port(0),
  DATABASE_URL: z
    .string({ error: 'is missing: the URL of PostgreSQL for role app' })
    .meta({ description: 'PostgreSQL, as role app', secret: true }),
  DATABASE_ENGINE: z
    .enum(databaseEngines)
    .default('postgresql')
    .describe('what DATABASE_URL is: postgresql, or citus, where a workspace is bound by SET LOCAL'),
  DATABASE_POOLER: z
    .enum(poolers)
    .default('none')
    .describe(
      'what DATABASE_URL leads to: PostgreSQL itself (none), a pooler of transactions such as PgBouncer (transaction), or one that tracks named statements (tracked: PgBouncer 1.21 and later)',
    ),
  DATABASE_POOL_SIZE: setting.count(10, 200).describe('connections to PostgreSQL'),
  REDIS_URL: redisUrlSetting().describe(
    'Redis: processes tell each other by it that a stream has grown. One server, `redis+cluster://a,b,c` or `redis+sentinel://a,b/name`; `rediss…` for TLS',
  ),
  GATEWAY_SECRET: gatewaySecretSetting(),
  ACCEPT_UNBOUND_CONTEXT: setting
    .flag(false)
    .describe('take calls of another router that an edge has signed; for private networks'),
  LOG_LEVEL: logLevelSetting('info'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesSetting(),
  STATEMENT_TIMEOUT_MS: setting.milliseconds(3_000, 10_000).describe('one SQL statement, in ms'),
  SUBGRAPH_TIMEOUT_MS: setting.subgraphTimeout(5_000),
  COMMAND_TIMEOUT_MS: setting.milliseconds(30_000, 60_000).describe('one internal command, in ms'),
});

const urlNameOf = (name: SubgraphName) => `SUBGRAPH_${name.toUpperCase()}_URL`;

const subgraphUrls = z.object(
  Object.fromEntries(
    subgraphNames.map((name) => [
      urlNameOf(name),
      setting.url().optional().describe(`base URL of the ${name} subgraph, for internal commands`),
    ]),
  ),
);

const gatewaySettings = z.object({
  GATEWAY_URL: setting
    .url()
    .optional()
    .describe('base URL of the gateway, for internal commands of webhooks: subgraph delivery and its worker need it'),
});

/** Where the subgraphs are that it sends commands to, and the gateway. */
export const peerSettings = z.object({ ...subgraphUrls.shape, ...gatewaySettings.shape });

/** Settings of a subgraph that runs as a process of its own. */
export function readSubgraphConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(subgraphSettings, env);
  const urls: Partial<Record<SubgraphName, string>> = {};
  const peers = readConfig(subgraphUrls, env);
  for (const name of subgraphNames) urls[name] = peers[urlNameOf(name)];
  const tls = readTlsConfig(urls, env);
  // The gateway has one port for everybody, and is not asked by certificate.
  const { GATEWAY_URL: gateway } = readConfig(gatewaySettings, env);
  return {
    ...settings,
    secrets: settings.GATEWAY_SECRET,
    cache: readCacheConfig(env),
    urls: { ...urls, ...(gateway ? { gateway } : {}) },
    tls,
  };
}

export type SubgraphConfig = ReturnType<typeof readSubgraphConfig>;
