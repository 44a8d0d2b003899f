import { mondayOf, monthOf } from '@tributary/data';
import type { Database, RetentionEdges, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { beginRollup, holdRollup } from '../../storage/rollup/position.js';
import {
  beginRetention,
  firstDayOfTail,
  firstOpenDay,
  forgetHours,
  lockRetention,
  moveRetention,
} from '../../storage/retentionStatements.js';

const workspacesOfRound = 100;

/**
 * Gives up, in every workspace, the traces of before `tracesFrom` (a Monday) and the hour cells of before `hoursFrom` (the first of a
 * month): from then on nobody reads them, and they may be dropped. A day that is not sealed, or not rolled up, is kept with all behind it.
 * Answers how many workspaces it changed.
 */
export async function retireTraces(database: Database, logger: Logger, wanted: RetentionEdges): Promise<number> {
  let changed = 0;
  const met = new Set<string>();
  for (;;) {
    const due = await database.lookup('due_trace_retention', [
      wanted.tracesFrom,
      wanted.hoursFrom,
      workspacesOfRound + met.size,
    ]);
    const fresh = due.map((row) => row['workspace_id'] as string).filter((workspaceId) => !met.has(workspaceId));
    if (fresh.length === 0) return changed;
    for (const workspaceId of fresh) {
      met.add(workspaceId);
      try {
        if (await database.withWorkspace({ workspaceId }, (transaction) => retire(transaction, wanted))) changed += 1;
      } catch (err) {
        logger.warn({ err, workspaceId }, 'old traces were not given up; they are kept until they are');
      }
    }
  }
}

/** False when nothing can be given up yet. */
async function retire(transaction: WorkspaceTransaction, wanted: RetentionEdges): Promise<boolean> {
  // Senders that have found no row hold none: they are over when this runs again.
  if ((await transaction.queryOne(beginRetention())) !== null) return false;
  const now = (await transaction.queryOne(lockRetention()))!;
  await transaction.query(beginRollup());
  if ((await transaction.queryOne(holdRollup())) === null) return false;
  const open = await transaction.queryOne(firstOpenDay());
  const waiting = [open, await transaction.queryOne(firstDayOfTail())].filter((day) => day !== null);
  const later = (one: string, other: string) => (one > other ? one : other);
  const then = {
    tracesFrom: later(now.tracesFrom, earliest(wanted.tracesFrom, waiting.map(mondayOf))),
    hoursFrom: later(now.hoursFrom, earliest(wanted.hoursFrom, waiting.map(monthOf))),
  };
  if (then.tracesFrom === now.tracesFrom && then.hoursFrom === now.hoursFrom) return false;
  await transaction.query(forgetHours(then.hoursFrom));
  await transaction.query(moveRetention(then));
  return true;
}

function earliest(day: string, others: readonly string[]): string {
  return others.reduce((one, other) => (other < one ? other : one), day);
}
