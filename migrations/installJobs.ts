import { Logger, runMigrations } from 'graphile-worker';

/** Creates or updates the job queue's own tables in schema `jobs`, as role `worker`, which owns them. */
export async function installJobs(workerUrl: string): Promise<void> {
  await runMigrations({
    connectionString: workerUrl,
    schema: 'jobs',
    logger: new Logger(() => () => undefined),
    maxPoolSize: 1,
  });
}
