import { databaseEngines } from '@tributary/data';
import { readConfig, setting } from '@tributary/kernel';
import { z } from 'zod';

const password = (role: string) =>
  z
    .string({ error: `is missing: the password that role ${role} gets` })
    .min(12, 'must have 12 characters or more')
    .meta({ description: `password that role ${role} gets`, secret: true });

/** What it takes to bring a database to the newest version. */
export const migrateSettings = z.object({
  DATABASE_ADMIN_URL: z
    .string({ error: 'is missing: the URL of PostgreSQL for a role that may create roles' })
    .meta({ description: 'PostgreSQL, as a role that may create roles', secret: true }),
  DATABASE_MIGRATOR_PASSWORD: password('migrator'),
  DATABASE_APP_PASSWORD: password('app'),
  DATABASE_WORKER_PASSWORD: password('worker'),
  DATABASE_ENGINE: z
    .enum(databaseEngines)
    .default('postgresql')
    .describe('what it is: postgresql, or citus, whose coordinator DATABASE_ADMIN_URL names; `--engine` says it, too'),
  CITUS_SHARDS: setting.count(32, 1_024).describe('shards of each table on Citus, from its first migration on'),
});

/** Settings of `npm run migrate`. */
export function readMigrateConfig(env: NodeJS.ProcessEnv = process.env) {
  return readConfig(migrateSettings, env);
}
