import { newUuid } from '@tributary/kernel';
import { audit } from './audit/audit.js';
import type { Database } from './Database.js';
import { holdTurn } from './holdTurn.js';
import { sql } from './statement.js';
import type { WorkspaceTransaction } from './WorkspaceTransaction.js';

/** What a slice of rows came to. */
export interface SweptSlice {
  /** Rows that held credentials, and how many values were removed from them. */
  readonly rows: number;
  readonly values: number;
  /** Behind which row the next slice begins; null: this was the last. */
  readonly next: string | null;
}

export interface SweptRows {
  readonly part: 'asset' | 'flow';
  /** What the audit trail calls the rows. */
  readonly what: string;
  /** Public id of a workspace, for the trail. */
  readonly entityIdOf: (workspaceId: string) => string;
  /** Takes the credentials out of the rows behind a position (empty: from the first), in the transaction. */
  readonly sweep: (transaction: WorkspaceTransaction, position: string) => Promise<SweptSlice>;
}

const workspacesOfRound = 100;

/**
 * Takes credentials that were stored before imports left them out from a part's rows, workspace by workspace, each slice in a transaction
 * of its own that also notes how far it came: stopped anywhere, it goes on there. The last slice of a workspace writes to its audit trail
 * how many there were, and never what. Ends early when another process is at it. Answers how many values it removed.
 */
export async function sweepCredentials(database: Database, rows: SweptRows): Promise<number> {
  let removed = 0;
  for (;;) {
    const due = await database.lookup('workspaces_to_sweep', [rows.part, workspacesOfRound]);
    for (const row of due) {
      const workspaceId = row['workspace_id'] as string;
      for (let isFinished = false; !isFinished;) {
        const slice = await database.withWorkspace({ workspaceId }, (transaction) => sweepSlice(transaction, rows));
        if (slice === null) return removed;
        removed += slice.values;
        isFinished = slice.next === null;
      }
    }
    if (due.length < workspacesOfRound) return removed;
  }
}

/** Null when another process has the turn. */
async function sweepSlice(transaction: WorkspaceTransaction, rows: SweptRows): Promise<SweptSlice | null> {
  if (!(await holdTurn(transaction, `credentials of ${rows.part}`))) return null;
  const known = await transaction.queryOne(
    sql('credentials.position', 'select position from credential_sweep where workspace_id = $1 and part = $2', [
      rows.part,
    ]),
  );
  const slice = await rows.sweep(transaction, (known?.['position'] as string | undefined) ?? '');
  const sums = await transaction.queryOne(
    sql(
      'credentials.note',
      `insert into credential_sweep as s (workspace_id, part, position, rows_changed, values_removed, finished_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (workspace_id, part) do update
       set position = excluded.position, rows_changed = s.rows_changed + excluded.rows_changed,
         values_removed = s.values_removed + excluded.values_removed, finished_at = excluded.finished_at
       returning rows_changed, values_removed`,
      [rows.part, slice.next ?? '', slice.rows, slice.values, slice.next === null ? new Date() : null],
    ),
  );
  if (slice.next === null && Number(sums!['values_removed']) > 0) {
    audit(transaction, {
      actor: { kind: 'system', part: rows.part },
      action: 'credential.remove',
      entityType: 'Workspace',
      entityId: rows.entityIdOf(transaction.workspaceId),
      before: null,
      after: { what: rows.what, rows: Number(sums!['rows_changed']), values: Number(sums!['values_removed']) },
      requestId: newUuid(),
    });
  }
  return slice;
}
