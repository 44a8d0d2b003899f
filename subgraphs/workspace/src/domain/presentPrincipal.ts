import type { Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { ApiKeyRow } from '../storage/ApiKeyRow.js';
import { MemberRow } from '../storage/MemberRow.js';
import { WorkspaceRow } from '../storage/WorkspaceRow.js';

/**
 * What a person or key of the caller's workspace may do now, as a token or key that was shown now would. Null for whoever is no member any
 * more, a key that was revoked or has expired, and a workspace that is suspended.
 */
export async function presentPrincipal(
  database: Database,
  context: RequestContext,
  { kind, id }: { readonly kind: 'user' | 'apiKey'; readonly id: string },
): Promise<Principal | null> {
  const { workspaceId } = context.principal;
  const [workspaces, members, keys] = await database.readBatch(scopeOf(context), [
    database.table(WorkspaceRow).select('workspace.current'),
    database.table(MemberRow).select('workspace.memberNow', (query) => query.andWhere('row.userId = :id', { id })),
    database.table(ApiKeyRow).select('workspace.apiKeyNow', (query) => query.andWhere('row.id = :id', { id })),
  ]);
  if (workspaces[0]?.status !== 'ACTIVE') return null;
  if (kind === 'user') {
    const [member] = members;
    return member ? { workspaceId, actor: { kind, id }, role: member.role, scopes: null } : null;
  }
  const [key] = keys;
  if (!key || key.revokedAt || (key.expiresAt && key.expiresAt <= new Date())) return null;
  return { workspaceId, actor: { kind, id }, role: key.role, scopes: key.scopes };
}
