import { CodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import type { Actor } from '@tributary/contracts/principal';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { findSlug, insertWorkspace, lockSlugs } from '../storage/workspaceStatements.js';
import { checkedEmail } from './checkedEmail.js';
import { invite } from './Invitations.js';

const slugRule = /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/;

export interface NewWorkspace {
  readonly slug: string;
  readonly name: string;
}

/** Creates a workspace in a transaction bound to its new id. Throws INVALID_INPUT, or RESOURCE_ALREADY_EXISTS when the slug is taken. */
export async function insertNewWorkspace(transaction: WorkspaceTransaction, workspace: NewWorkspace): Promise<void> {
  if (!slugRule.test(workspace.slug)) {
    throw new CodedError(
      'INVALID_INPUT',
      'A slug has 2 to 40 lower-case letters, digits and hyphens, no hyphen at either end.',
      { field: 'slug' },
    );
  }
  if (workspace.name.trim() === '' || workspace.name.length > 100) {
    throw new CodedError('INVALID_INPUT', 'A workspace’s name has 1 to 100 characters.', { field: 'name' });
  }
  await transaction.query(lockSlugs());
  if (await transaction.queryOne(findSlug(workspace.slug))) {
    throw new CodedError('RESOURCE_ALREADY_EXISTS', `There is a workspace ${workspace.slug} already.`, {
      field: 'slug',
    });
  }
  await transaction.query(insertWorkspace(workspace.slug, workspace.name.trim()));
}

/** Creates a workspace and the invitation of its first owner. Answers the one-time token and the workspace's uuid. */
export async function createWorkspaceWithOwner(
  database: Database,
  input: NewWorkspace & { readonly ownerEmail: string },
): Promise<{ workspaceId: string; invitationToken: string }> {
  const email = checkedEmail(input.ownerEmail, 'ownerEmail');
  const workspaceId = newUuid();
  const actor: Actor = { kind: 'system', part: 'admin' };
  const invitationToken = await database.withWorkspace({ workspaceId }, async (transaction) => {
    await insertNewWorkspace(transaction, input);
    const displayName = email.slice(0, email.indexOf('@'));
    return (await invite(transaction, { email, displayName, role: 'OWNER' }, { actor, requestId: newUuid() })).token;
  });
  return { workspaceId, invitationToken };
}
