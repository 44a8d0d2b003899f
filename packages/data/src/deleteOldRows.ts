import type { Database } from './Database.js';
import { holdTurn } from './holdTurn.js';
import type { Statement } from './statement.js';

/** Rows of one table that are of no use from a certain age. */
export interface OldRows {
  /** Names the job among all processes: one of them does it at a time. */
  readonly turn: string;
  /** Lookup function `(before timestamptz, most integer)` that answers workspaces with such rows. */
  readonly lookup: string;
  readonly before: Date;
  /** Deletes up to `most` of a workspace's rows and returns one row for each. */
  readonly delete: (before: Date, most: number) => Statement<unknown>;
}

const workspacesOfRound = 100;
const rowsOfBatch = 1_000;

/**
 * Deletes old rows of all workspaces, each batch in a transaction of its own and as role `app`, under the tenant's policy. Ends early
 * when another process is at it. Answers how many it deleted.
 */
export async function deleteOldRows(database: Database, rows: OldRows): Promise<number> {
  let deleted = 0;
  for (;;) {
    const before = deleted;
    const due = await database.lookup(rows.lookup, [rows.before, workspacesOfRound]);
    for (const row of due) {
      const workspaceId = row['workspace_id'] as string;
      let batch: number | null;
      do {
        batch = await database.withWorkspace({ workspaceId }, async (transaction) =>
          (await holdTurn(transaction, rows.turn))
            ? (await transaction.query(rows.delete(rows.before, rowsOfBatch))).length
            : null,
        );
        if (batch === null) return deleted;
        deleted += batch;
      } while (batch === rowsOfBatch);
    }
    // Rows that somebody holds stay until the next time; looking again at once would go on for ever.
    if (due.length < workspacesOfRound || deleted === before) return deleted;
  }
}
