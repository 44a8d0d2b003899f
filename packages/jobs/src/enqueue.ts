import { unfilteredSql } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';
import type { Job } from './Job.js';

export interface EnqueueOptions {
  /** A job that waits under the same key of the workspace is replaced. Default: none. */
  readonly key?: string;
  /** Not before this. Default: at once. */
  readonly runAt?: Date;
}

/** Puts a job into the queue, for the workspace of the transaction that makes it due: it is there once that is committed. */
export async function enqueue<Payload extends object>(
  transaction: WorkspaceTransaction,
  job: Job<Payload>,
  payload: Payload,
  options: EnqueueOptions = {},
): Promise<void> {
  const { key = null, runAt = null } = options;
  await transaction.query(
    unfilteredSql('jobs.enqueue', 'select jobs.enqueue($1, $2::jsonb, $3, $4, $5)', [
      job.name,
      JSON.stringify(job.payload.parse(payload)),
      job.maxAttempts,
      key,
      runAt,
    ]),
  );
}
