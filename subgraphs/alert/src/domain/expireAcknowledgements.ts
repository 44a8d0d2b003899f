import { newUuid } from '@tributary/kernel';
import type { Database } from '@tributary/data';
import { AlertRow } from '../storage/AlertRow.js';
import { expireAcknowledgements } from '../storage/transitionStatements.js';
import type { AlertTransitions, Trigger } from './AlertTransitions.js';

/** Who it is in the audit trail. */
const part = 'alert.acknowledgements';
const workspacesOfRound = 100;

/** Gives alerts back whose acknowledgement was for a time that is over, in all workspaces. `aheadMs` moves PostgreSQL's clock. */
export async function expireDueAcknowledgements(
  database: Database,
  transitions: AlertTransitions,
  aheadMs = 0,
): Promise<void> {
  const due = await database.lookup('due_acknowledgements', [workspacesOfRound, aheadMs]);
  for (const row of due) {
    const workspaceId = row['workspace_id'] as string;
    await database.withWorkspace({ workspaceId }, async (transaction) => {
      const expired = await transaction.query(expireAcknowledgements(database.table(AlertRow), aheadMs));
      const trigger: Trigger = {
        actor: { kind: 'system', part },
        requestId: newUuid(),
        at: new Date(Date.now() + aheadMs),
      };
      const facts = { reason: 'EXPIRED' };
      await transitions.announce(transaction, trigger, 'alert.unacknowledged', expired, facts);
      for (const alert of expired) {
        const before = { status: 'ACKNOWLEDGED' };
        transitions.record(transaction, trigger, 'alert.unacknowledge', alert, before, { status: 'FIRING', ...facts });
      }
    });
  }
}
