import type { AuditAction } from '@tributary/contracts/audit';
import { encodeId } from '@tributary/contracts/ids';
import type { Actor } from '@tributary/contracts/principal';
import { audit } from '@tributary/data/audit';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { findWorkspacesOfAccount } from '../storage/identityStatements.js';
import { endOtherSessions, revoke } from '../storage/sessionStatements.js';

/** A new password of an account, as the audit trails of all its workspaces tell it. */
export interface PasswordChange {
  readonly accountId: string;
  /** Bare uuid of the session that goes on; null: none does. */
  readonly kept: string | null;
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly requestId: string;
  /** False: it may have been told before, and is told again only where it ends a session. Default true. */
  readonly isNew?: boolean;
}

/** Ends an account's sessions in one workspace but the kept one; their access tokens are refused within seconds. */
export async function endSessionsHere(transaction: WorkspaceTransaction, change: PasswordChange): Promise<void> {
  const ended = await transaction.query(endOtherSessions(change.accountId, change.kept, 'PASSWORD'));
  for (const sessionId of ended)
    await transaction.query(revoke(newUuid(), { kind: 'session', subject: sessionId, at: new Date() }));
  if (ended.length > 0 || (change.isNew ?? true)) auditAccount(transaction, change, { sessionsEnded: ended.length });
}

/** The same in every workspace of the account but `except`, one after the other. */
export async function endSessionsElsewhere(
  database: Database,
  change: PasswordChange,
  except: string | null,
): Promise<void> {
  for (const workspace of await findWorkspacesOfAccount(database, change.accountId)) {
    if (workspace.workspaceId === except) continue;
    await database.withWorkspace(workspace, (transaction) => endSessionsHere(transaction, change));
  }
}

export function auditAccount(
  transaction: WorkspaceTransaction,
  { accountId, actor, action, requestId }: Omit<PasswordChange, 'kept'>,
  after: Readonly<Record<string, unknown>> | null,
): void {
  audit(transaction, {
    actor,
    requestId,
    action,
    entityType: 'User',
    entityId: encodeId('user', accountId),
    before: null,
    after,
  });
}
