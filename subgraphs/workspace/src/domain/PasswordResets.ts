import { createSecretToken, hashPassword, hashSecretToken } from '@tributary/auth';
import type { SignedIn } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import type { Database } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { findWorkspacesOfAccount, openPasswordReset, resetPassword } from '../storage/identityStatements.js';
import { checkedEmail } from './checkedEmail.js';
import { auditAccount, endSessionsElsewhere } from './endSessions.js';
import type { Sessions } from './Sessions.js';

/** How long a link for a new password is good. */
export const resetLifeMs = 60 * 60 * 1000;

/**
 * Makes a one-time link for a new password, in place of an earlier one, and answers its secret; only its hash is kept. For an e-mail that
 * nobody has it answers alike, with a secret that opens nothing.
 */
export async function makeResetToken(database: Database, email: string): Promise<{ token: string }> {
  const { token, hash } = createSecretToken();
  const until = new Date(Date.now() + resetLifeMs);
  const accountId = await openPasswordReset(database, checkedEmail(email, 'email'), hash, until);
  if (accountId === null) return { token };
  const by = { accountId, actor: { kind: 'system', part: 'admin' }, requestId: newUuid() } as const;
  for (const workspace of await findWorkspacesOfAccount(database, accountId)) {
    await database.withWorkspace(workspace, (transaction) => {
      auditAccount(transaction, { ...by, action: 'account.resetLink' }, null);
      return Promise.resolve();
    });
  }
  return { token };
}

/**
 * Spends such a link: sets the password, ends every session of the account, and starts one. Throws INVALID_INPUT for a password that is
 * too short, which spends nothing, and INVALID_CREDENTIALS.
 */
export async function spendResetToken(
  { database, sessions }: { readonly database: Database; readonly sessions: Sessions },
  input: { readonly token: string; readonly password: string; readonly userAgent?: string | null | undefined },
  requestId: string,
): Promise<SignedIn> {
  const hash = hashSecretToken(input.token);
  const newHash = await hashPassword(input.password);
  const account = hash && (await resetPassword(database, hash, newHash));
  if (!account)
    throw new CodedError('INVALID_CREDENTIALS', 'This link is unknown, used or too old. Ask for a new one.');
  const { accountId, lastWorkspaceId } = account;
  const actor = { kind: 'user', id: accountId } as const;
  await endSessionsElsewhere(
    database,
    { accountId, kept: null, action: 'account.resetPassword', actor, requestId },
    null,
  );
  return sessions.enter(accountId, null, lastWorkspaceId, requestId, input.userAgent);
}
