import type { WorkspaceStatus } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import { findWorkspaceBySlug } from '../storage/identityStatements.js';
import { lockWorkspace, setStatus } from '../storage/workspaceStatements.js';

/**
 * Shuts a workspace, from outside of it: nobody signs in, tokens and keys are refused, streams end, within seconds. Its data and
 * sessions stay. Again changes nothing. Throws RESOURCE_NOT_FOUND.
 */
export function suspendWorkspace(database: Database, slug: string): Promise<void> {
  return changeStatus(database, slug, 'SUSPENDED');
}

/** Opens a workspace again: sessions and keys of before are good again. Again changes nothing. Throws RESOURCE_NOT_FOUND. */
export function reactivateWorkspace(database: Database, slug: string): Promise<void> {
  return changeStatus(database, slug, 'ACTIVE');
}

async function changeStatus(database: Database, slug: string, status: WorkspaceStatus): Promise<void> {
  const workspaceId = await findWorkspaceBySlug(database, slug);
  if (!workspaceId) throw new CodedError('RESOURCE_NOT_FOUND', `There is no workspace ${slug}.`, { field: 'slug' });
  await database.withWorkspace({ workspaceId }, async (transaction) => {
    const before = await transaction.queryOne(lockWorkspace());
    if (!before || before.status === status) return;
    await transaction.query(setStatus(status));
    audit(transaction, {
      actor: { kind: 'system', part: 'admin' },
      requestId: newUuid(),
      action: status === 'SUSPENDED' ? 'workspace.suspend' : 'workspace.reactivate',
      entityType: 'Workspace',
      entityId: encodeId('ws', workspaceId),
      before: { status: before.status },
      after: { status },
    });
  });
}
