import { unfilteredSql } from './statement.js';
import type { WorkspaceTransaction } from './WorkspaceTransaction.js';

/** Any number that no other advisory lock of two numbers begins with. */
const turnLocks = 7_203_003;

/**
 * Takes the turn of a job of all processes until the end of the transaction; false when another process has it. A job that takes
 * its turn in each of its transactions and stops when it cannot is done by one process at a time, and a dead one holds nobody up.
 */
export async function holdTurn(transaction: WorkspaceTransaction, job: string): Promise<boolean> {
  const row = await transaction.queryOne(
    unfilteredSql('turn.hold', 'select pg_try_advisory_xact_lock($1, hashtext($2)) as held', [turnLocks, job]),
  );
  return row?.['held'] === true;
}
