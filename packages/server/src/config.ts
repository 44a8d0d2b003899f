import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';
import { logLevels } from '@tributary/observability';
import { parseGatewaySecrets } from '@tributary/auth';
import { readTlsConfig } from '@tributary/commands';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import type { SubgraphName } from '@tributary/contracts/subgraphs';

const urlNames = subgraphNames.map((name) => `SUBGRAPH_${name.toUpperCase()}_URL`);

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: setting.port(0),
  DATABASE_URL: z.string({ error: 'is missing: the URL of PostgreSQL for role app' }),
  DATABASE_POOL_SIZE: setting.count(10, 200),
  REDIS_URL: z.string({ error: 'is missing: the URL of Redis, such as redis://redis:6379' }),
  GATEWAY_SECRET: setting.parsed(
    parseGatewaySecrets,
    'is missing: the secret that gateway and subgraphs share, from `openssl rand -hex 32`',
  ),
  ACCEPT_UNBOUND_CONTEXT: setting.flag(false),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  STATEMENT_TIMEOUT_MS: setting.milliseconds(3_000, 10_000),
  SUBGRAPH_TIMEOUT_MS: setting.milliseconds(5_000, 30_000),
  COMMAND_TIMEOUT_MS: setting.milliseconds(30_000, 60_000),
});

/** Settings of a subgraph that runs as a process of its own. */
export function readSubgraphConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(schema, env);
  const urls: Partial<Record<SubgraphName, string>> = {};
  subgraphNames.forEach((name, index) => {
    const url = env[urlNames[index]!];
    if (url) urls[name] = url;
  });
  return { ...settings, secrets: settings.GATEWAY_SECRET, urls, tls: readTlsConfig(urls, env) };
}

export type SubgraphConfig = ReturnType<typeof readSubgraphConfig>;
