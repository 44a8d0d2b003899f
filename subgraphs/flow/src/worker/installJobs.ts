import { Logger, runMigrations } from 'graphile-worker';

/** The schema of the job queue. It belongs to role `worker`. */
export const jobSchema = 'jobs';

/** Brings the job queue's own tables to the newest version. `workerUrl` logs in as role `worker`. */
export async function installJobs(workerUrl: string): Promise<void> {
  const quiet = new Logger(() => () => undefined);
  await runMigrations({ connectionString: workerUrl, schema: jobSchema, maxPoolSize: 1, logger: quiet });
}
