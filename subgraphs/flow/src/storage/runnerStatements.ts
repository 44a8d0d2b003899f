import { sql } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';

/** A runner has shown that it lives and said nothing new: only the time of its next report moves. */
export async function noteReport(transaction: WorkspaceTransaction, flowId: string, dueAt: Date): Promise<void> {
  await transaction.query(
    sql('flow.noteReport', 'update flow set report_due_at = $3 where workspace_id = $1 and id = $2', [flowId, dueAt]),
  );
}
