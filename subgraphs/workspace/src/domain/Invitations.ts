import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { DescribedInvitation } from '@tributary/contracts/commands';
import type { Actor } from '@tributary/contracts/principal';
import type { Role } from '@tributary/contracts/roles';
import { createSecretToken, hashPassword, hashSecretToken, verifyPassword } from '@tributary/auth';
import { audit } from '@tributary/data/audit';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { ensureAccount, findInvitation, findSignInAccount, setFirstPassword } from '../storage/identityStatements.js';
import type { PlaceOfSecret } from '../storage/identityStatements.js';
import { InvitationRow } from '../storage/InvitationRow.js';
import { ApiKeyRow } from '../storage/ApiKeyRow.js';
import { MemberRow } from '../storage/MemberRow.js';
import { WorkspaceRow } from '../storage/WorkspaceRow.js';

/** How long a one-time link can be used. */
export const invitationLifeMs = 7 * 24 * 3600 * 1000;

export interface NewInvitation {
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
}

/** Writes an invitation in the caller's transaction. The token is the one-time link's secret; only its hash is kept. */
export async function invite(
  transaction: WorkspaceTransaction,
  invitation: NewInvitation,
  by: { readonly actor: Actor; readonly requestId: string },
): Promise<{ token: string; id: string }> {
  const { token, hash } = createSecretToken();
  const id = newUuid();
  await transaction.repository(InvitationRow).insert('workspace.insertInvitation', [
    {
      id,
      email: invitation.email,
      displayName: invitation.displayName,
      role: invitation.role,
      tokenHash: hash,
      invitedByKind: by.actor.kind,
      invitedById: by.actor.kind === 'system' ? by.actor.part : by.actor.id,
      expiresAt: new Date(Date.now() + invitationLifeMs),
    },
  ]);
  audit(transaction, {
    ...by,
    action: 'member.invite',
    entityType: 'Workspace',
    entityId: encodeId('ws', transaction.workspaceId),
    before: null,
    after: { role: invitation.role },
  });
  return { token, id };
}

/** What somebody is invited to, for whoever holds the link. Throws INVALID_CREDENTIALS for a link that is spent. */
export async function describeInvitation(database: Database, token: string): Promise<DescribedInvitation> {
  const hash = hashSecretToken(token);
  const place = hash && (await findInvitation(database, hash));
  if (!place) throw spent();
  const invitation = await readInvitation(database, place);
  const { invitedByKind: kind, invitedById: id } = invitation;
  const [workspaces, members, keys] = await database.readBatch(place, [
    database.table(WorkspaceRow).select('workspace.current'),
    database
      .table(MemberRow)
      .select('workspace.readInviter', (query) =>
        query.andWhere('row.userId = :inviter', { inviter: kind === 'user' ? id : null }),
      ),
    database
      .table(ApiKeyRow)
      .select('workspace.readInvitingKey', (query) =>
        query.andWhere('row.id = :inviter', { inviter: kind === 'apiKey' ? id : null }),
      ),
  ]);
  const { name, slug } = workspaces[0]!;
  return {
    workspace: { name, slug },
    email: invitation.email,
    role: invitation.role,
    invitedBy: members[0]?.displayName ?? keys[0]?.name ?? null,
  };
}

/**
 * Uses a one-time link once, and answers whose it was. A new person sets a password with it; one who has a password already gives
 * that one, so that an invitation can never take an account over. Throws INVALID_CREDENTIALS.
 */
export async function acceptInvitation(
  database: Database,
  token: string,
  password: string,
): Promise<{ accountId: string; workspaceId: string }> {
  const hash = hashSecretToken(token);
  const place = hash && (await findInvitation(database, hash));
  if (!place) throw spent();
  const invitation = await readInvitation(database, place);
  const accountId = await proveAccount(database, invitation, hash, password);
  await database.withWorkspace(place, async (transaction) => {
    const current = await transaction
      .repository(InvitationRow)
      .findById('workspace.lockInvitation', place.id, { lock: true });
    if (!current || isSpent(current)) throw spent();
    await transaction
      .repository(InvitationRow)
      .update('workspace.acceptInvitation', place.id, { acceptedAt: new Date() });
    await join(transaction, accountId, current);
  });
  return { accountId, workspaceId: place.workspaceId };
}

async function readInvitation(database: Database, place: PlaceOfSecret): Promise<InvitationRow> {
  const [row] = await database.read(
    place,
    database
      .table(InvitationRow)
      .select('workspace.readInvitation', (query) => query.andWhere('row.id = :id', { id: place.id })),
  );
  if (!row || isSpent(row)) throw spent();
  return row;
}

async function proveAccount(
  database: Database,
  invitation: InvitationRow,
  tokenHash: Buffer,
  password: string,
): Promise<string> {
  const id = newUuid();
  await ensureAccount(database, {
    id,
    email: invitation.email,
    displayName: invitation.displayName,
    passwordHash: null,
    isDemo: false,
  });
  const account = await findSignInAccount(database, invitation.email);
  if (!account) throw spent();
  if (account.passwordHash === null) {
    if (await setFirstPassword(database, tokenHash, await hashPassword(password))) return account.accountId;
    throw spent();
  }
  if (await verifyPassword(account.passwordHash, password)) return account.accountId;
  throw new CodedError(
    'INVALID_CREDENTIALS',
    'You have an account already: accept the invitation with the password of that account.',
  );
}

/** Makes the person a member. One who belongs already keeps the role that they have. */
async function join(transaction: WorkspaceTransaction, accountId: string, invitation: InvitationRow): Promise<void> {
  const members = transaction.repository(MemberRow);
  const [known] = await members.find('workspace.findMember', (query) =>
    query.andWhere('row.userId = :userId', { userId: accountId }),
  );
  if (!known) {
    await members.insert('workspace.insertMember', [
      {
        id: newUuid(),
        userId: accountId,
        displayName: invitation.displayName,
        email: invitation.email,
        role: invitation.role,
      },
    ]);
  }
  audit(transaction, {
    actor: { kind: 'user', id: accountId },
    requestId: invitation.id,
    action: 'member.join',
    entityType: 'User',
    entityId: encodeId('user', accountId),
    before: null,
    after: { role: known?.role ?? invitation.role },
  });
}

function isSpent(invitation: InvitationRow): boolean {
  return invitation.acceptedAt !== null || invitation.revokedAt !== null || invitation.expiresAt <= new Date();
}

function spent(): CodedError {
  return new CodedError('INVALID_CREDENTIALS', 'This link is unknown, used or too old. Ask for a new one.');
}
