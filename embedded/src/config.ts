import { resolve } from 'node:path';
import { z } from 'zod';
import { cacheSettings, readCacheConfig } from '@tributary/cache';
import { readConfig, setting } from '@tributary/kernel';
import {
  budgetSettings,
  budgetsOf,
  connectionSettings,
  operationSettings,
  socketSettings,
} from '@tributary/gateway/environment';
import { readWebhookConfig, webhookSettings } from '@tributary/subgraph-delivery';
import { alertSettings, readAlertConfig } from '@tributary/subgraph-alert';
import {
  otlpSettings,
  priceSettings,
  readOtlpConfig,
  readPriceBook,
  readRetention,
  readRollup,
  retentionSettings,
  rollupSettings,
} from '@tributary/subgraph-metrics';
import { logLevelSetting, tracesSetting } from '@tributary/observability';

/** Everything that `npm start` reads. */
export const embeddedSettings = z.object({
  HOST: setting.host(),
  PORT: setting.port(4000),
  TRIBUTARY_DATA: z.string().default('.tributary').describe('folder of the database, uploads and secrets'),
  LOG_LEVEL: logLevelSetting('warn'),
  LOG_OPERATIONS: connectionSettings.shape.LOG_OPERATIONS,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesSetting(),
  CORS_ORIGINS: connectionSettings.shape.CORS_ORIGINS,
  GATEWAY_ENGINE: connectionSettings.shape.GATEWAY_ENGINE,
  TRIBUTARY_CONSOLE: operationSettings.shape.TRIBUTARY_CONSOLE,
  STORED_OPERATIONS: operationSettings.shape.STORED_OPERATIONS,
  STORED_OPERATIONS_ONLY: operationSettings.shape.STORED_OPERATIONS_ONLY,
  API_KEYS_STORED_ONLY: operationSettings.shape.API_KEYS_STORED_ONLY,
  ...budgetSettings.shape,
  SHARED_SUBSCRIPTIONS: socketSettings.shape.SHARED_SUBSCRIPTIONS,
  SOCKETS_PER_PERSON: socketSettings.shape.SOCKETS_PER_PERSON,
  DEMO_PEOPLE: setting
    .flag(false)
    .describe('lets the demo people sign in where others than this machine can reach it; on 127.0.0.1 they always can'),
  DEMO_DATA: setting.flag(true).describe('whether the first start gives the demo people a company to look at'),
  EVENT_RETENTION_HOURS: setting.eventRetention(),
  ...otlpSettings.shape,
  ...priceSettings.shape,
  ...retentionSettings.shape,
  ...rollupSettings.shape,
  ...alertSettings.shape,
  ...webhookSettings.shape,
  ...cacheSettings.shape,
});

/** Settings of `npm start`: everything has a default, and nothing has to be set. */
export function readEmbeddedConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(embeddedSettings, env);
  const { API_KEYS_STORED_ONLY: stored, STORED_OPERATIONS } = settings;
  const keysStoredOnly = stored === undefined ? STORED_OPERATIONS.length > 0 : stored === 'true' || stored === '1';
  return {
    ...settings,
    metrics: { otlp: readOtlpConfig(env), prices: readPriceBook(env), retention: readRetention(env) },
    budgets: budgetsOf(settings),
    rollup: readRollup(env),
    alerts: readAlertConfig(env),
    outgoing: readWebhookConfig(env),
    cache: readCacheConfig(env),
    keysStoredOnly,
    dataDirectory: resolve(settings.TRIBUTARY_DATA),
  };
}

export type EmbeddedConfig = ReturnType<typeof readEmbeddedConfig>;
