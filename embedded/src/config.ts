import { resolve } from 'node:path';
import { z } from 'zod';
import { defaultSettings } from '@tributary/gateway';
import { readConfig, setting } from '@tributary/kernel';
import { logLevels } from '@tributary/observability';

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: setting.port(4000),
  TRIBUTARY_DATA: z.string().default('.tributary'),
  LOG_LEVEL: z.enum(logLevels).default('warn'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  CORS_ORIGINS: setting.list(),
  STORED_OPERATIONS: setting.list(),
  API_KEYS_STORED_ONLY: z.enum(['true', 'false', '1', '0']).optional(),
  SHARED_SUBSCRIPTIONS: setting.flag(true),
  SOCKETS_PER_PERSON: setting.count(defaultSettings.live.perPerson, 1_000_000),
  EVENT_RETENTION_HOURS: setting.hours(168, 87_600),
});

/** Settings of `npm start`: everything has a default, and nothing has to be set. */
export function readEmbeddedConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(schema, env);
  const { API_KEYS_STORED_ONLY: stored, STORED_OPERATIONS } = settings;
  const keysStoredOnly = stored === undefined ? STORED_OPERATIONS.length > 0 : stored === 'true' || stored === '1';
  return { ...settings, keysStoredOnly, dataDirectory: resolve(settings.TRIBUTARY_DATA) };
}

export type EmbeddedConfig = ReturnType<typeof readEmbeddedConfig>;
