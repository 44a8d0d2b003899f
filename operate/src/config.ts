import { resolve } from 'node:path';
import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';

const schema = z.object({
  TRIBUTARY_DATA: z.string().default('.tributary'),
  DATABASE_ADMIN_URL: z.string().optional(),
  DATABASE_MIGRATOR_PASSWORD: z.string().optional(),
  DATABASE_APP_PASSWORD: z.string().optional(),
  DATABASE_WORKER_PASSWORD: z.string().optional(),
  UPLOADS_DIRECTORY: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  WORKER_DATABASE_URL: z.string().optional(),
  AUDIT_SIGNING_KEY: z.string().optional(),
  AUDIT_PUBLIC_KEY: z.string().optional(),
  ENCRYPTION_KEYS: z.string().optional(),
  PUBLIC_URL: setting.url().default('http://127.0.0.1:4000'),
});

/** Settings of the commands that look after stored data. With DATABASE_ADMIN_URL they mean a cluster, else embedded mode's folder. */
export function readOperateConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(schema, env);
  return { ...settings, dataDirectory: resolve(settings.TRIBUTARY_DATA) };
}

export type OperateConfig = ReturnType<typeof readOperateConfig>;
