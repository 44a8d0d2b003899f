import { unfilteredSql } from './statement.js';
import type { WorkspaceTransaction } from './WorkspaceTransaction.js';

/**
 * Has each statement of the rest of the transaction planned once, by how large its tables are now, for a workspace of average size. Meant for
 * transactions that write many rows and look each of them up. A plan that the connection kept may be from when the tables were empty, and one
 * for the very values takes a workspace that is younger than the statistics for a single row: both then read the whole workspace for each row.
 * Citus finds a statement's shard by its values, so there it is planned for them, as ever.
 */
export async function planAnew(transaction: WorkspaceTransaction): Promise<void> {
  await transaction.query(unfilteredSql('data.discardPlans', 'discard plans'));
  await transaction.query(
    unfilteredSql(
      'data.planForAnyValues',
      `select set_config('plan_cache_mode', case when current_setting('citus.version', true) is null then 'force_generic_plan' else 'auto' end, true)`,
    ),
  );
}
