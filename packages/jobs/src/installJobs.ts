import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { jobNames } from './jobNames.js';
import { jobSchema } from './jobSchema.js';

/**
 * Creates or updates the queue's own tables in schema `jobs`, as role `worker`, which owns them, and writes the register of `names` there.
 * Names that an older version knew stay: its jobs may still wait.
 */
export async function installJobs(workerUrl: string, names: readonly string[] = jobNames): Promise<void> {
  await runMigrations({
    connectionString: workerUrl,
    schema: jobSchema,
    logger: new Logger(() => () => undefined),
    maxPoolSize: 1,
  });
  const client = new pg.Client({ connectionString: workerUrl });
  await client.connect();
  try {
    await client.query(`create table if not exists ${jobSchema}.known_job (name text primary key)`);
    await client.query(
      `insert into ${jobSchema}.known_job (name) select unnest($1::text[]) on conflict (name) do nothing`,
      [names],
    );
  } finally {
    await client.end();
  }
}
