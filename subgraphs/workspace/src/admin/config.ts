import { z } from 'zod';
import { readConfig, setting } from '@tributary/kernel';

const schema = z.object({
  DATABASE_URL: z.string({ error: 'is missing: the URL of PostgreSQL for role app' }),
  PUBLIC_URL: setting.url().default('http://127.0.0.1:4000'),
});

/** Settings of the admin command. PUBLIC_URL is where people reach the gateway: links that are sent to them start with it. */
export function readAdminConfig(env: NodeJS.ProcessEnv = process.env) {
  return readConfig(schema, env);
}
