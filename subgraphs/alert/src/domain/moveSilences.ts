import { newUuid } from '@tributary/kernel';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { SilenceRow } from '../storage/SilenceRow.js';
import { databaseClock, lockDueSilences, moveSilences } from '../storage/silenceStatements.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';
import { windowAt } from './silenceWindow.js';
import type { SilenceTimes } from './silenceWindow.js';

/** Who it is in the history of alerts. */
const part = 'alert.silences';
const workspacesOfRound = 100;
/** An alert that fired beside a change of a silence, each unseen by the other, is looked at again so soon. */
const lookAgainMs = 5_000;

/** What of a silence follows from its times at a moment. `isNews`: somebody has just decided it. */
export function placeAt(
  times: SilenceTimes,
  at: Date,
  isNews: boolean,
): Pick<SilenceRow, 'activeFrom' | 'activeUntil' | 'dueAt'> {
  const window = windowAt(times, at);
  const changesAt = window && (window.from > at ? window.from : window.until);
  const again = isNews ? new Date(at.getTime() + lookAgainMs) : null;
  const dueAt = again && (changesAt === null || again < changesAt) ? again : changesAt;
  return { activeFrom: window?.from ?? null, activeUntil: window?.until ?? null, dueAt };
}

/** The moment that is now in a transaction. */
export async function clockOf(transaction: WorkspaceTransaction, aheadMs: number): Promise<Date> {
  return (await transaction.queryOne(databaseClock(aheadMs)))!['at'] as Date;
}

/** Lets silences of all workspaces begin and end, and says so of their alerts. `aheadMs` moves PostgreSQL's clock. */
export async function moveDueSilences(database: Database, transitions: AlertTransitions, aheadMs = 0): Promise<void> {
  for (const row of await database.lookup('due_alert_silences', [workspacesOfRound, aheadMs])) {
    const workspaceId = row['workspace_id'] as string;
    await database.withWorkspace({ workspaceId }, (transaction) => moveIn(database, transitions, transaction, aheadMs));
  }
}

async function moveIn(
  database: Database,
  transitions: AlertTransitions,
  transaction: WorkspaceTransaction,
  aheadMs: number,
): Promise<void> {
  const at = await clockOf(transaction, aheadMs);
  const due = await transaction.query(lockDueSilences(database.table(SilenceRow), at));
  const moved = due.map((silence) =>
    silence.endedAt === null
      ? { id: silence.id, ...placeAt(silence, at, false) }
      : { id: silence.id, activeFrom: null, activeUntil: null, dueAt: null },
  );
  if (moved.length > 0) await transaction.query(moveSilences(moved));
  const trigger: Trigger = { actor: { kind: 'system', part }, requestId: newUuid(), at };
  await transitions.quieten(transaction, trigger, null);
}
