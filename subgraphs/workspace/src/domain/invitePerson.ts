import { CodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import { roles } from '@tributary/contracts/roles';
import type { Role } from '@tributary/contracts/roles';
import type { Database } from '@tributary/data';
import { findWorkspaceBySlug } from '../storage/identityStatements.js';
import { checkedEmail } from './checkedEmail.js';
import { invite } from './Invitations.js';

/** Invites a person to a workspace from outside of it: what an operator does. Answers the one-time token. */
export async function invitePerson(
  database: Database,
  input: { readonly slug: string; readonly email: string; readonly role: string },
): Promise<{ invitationToken: string }> {
  const email = checkedEmail(input.email, 'email');
  const role = roles.find((known): known is Role => known === input.role.toUpperCase());
  if (!role) throw new CodedError('INVALID_INPUT', `A role is one of ${roles.join(', ')}.`, { field: 'role' });
  const workspaceId = await findWorkspaceBySlug(database, input.slug);
  if (!workspaceId)
    throw new CodedError('RESOURCE_NOT_FOUND', `There is no workspace ${input.slug}.`, { field: 'slug' });
  const invitation = { email, displayName: email.slice(0, email.indexOf('@')), role };
  const by = { actor: { kind: 'system', part: 'admin' }, requestId: newUuid() } as const;
  const { token } = await database.withWorkspace({ workspaceId }, (transaction) => invite(transaction, invitation, by));
  return { invitationToken: token };
}
