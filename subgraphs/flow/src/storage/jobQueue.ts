import { unfilteredSql } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';

/** Puts a phase of a flow into the job queue, in the transaction that makes it due. Only the job of the flow's current `run` counts. */
export async function enqueuePhase(
  transaction: WorkspaceTransaction,
  job: { flowId: string; phase: string; run: number },
): Promise<void> {
  await transaction.query(
    unfilteredSql('flow.enqueuePhase', 'select jobs.enqueue_phase($1, $2, $3)', [job.flowId, job.phase, job.run]),
  );
}
