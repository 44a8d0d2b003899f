import type { EntityTag } from '@tributary/contracts/ids';
import { batchLoader } from '@tributary/data';
import type { GraphqlContext } from '@tributary/server';
import type { ApiKeyWithoutHashes } from '../domain/ApiKeyWithoutHashes.js';
import { existingIds } from '../domain/existingIds.js';
import type { MemberRecord } from '../domain/Members.js';
import type { WorkspaceRecord } from '../domain/Workspaces.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

/** One batch each for a request, however many resolvers ask. */

export function loadMember(
  services: WorkspaceServices,
  context: GraphqlContext,
  userId: string,
): Promise<MemberRecord | null> {
  return batchLoader<string, MemberRecord>(context, 'workspace.member', (ids) =>
    services.members.byUserIds(context, ids),
  ).load(userId);
}

export function loadApiKey(
  services: WorkspaceServices,
  context: GraphqlContext,
  id: string,
): Promise<ApiKeyWithoutHashes | null> {
  return batchLoader<string, ApiKeyWithoutHashes>(context, 'workspace.apiKey', (ids) =>
    services.apiKeys.byIds(context, ids),
  ).load(id);
}

/** Null for any workspace but the caller's. */
export async function loadWorkspace(
  services: WorkspaceServices,
  context: GraphqlContext,
  workspaceId: string,
): Promise<WorkspaceRecord | null> {
  if (workspaceId !== context.principal.workspaceId) return null;
  return batchLoader<string, WorkspaceRecord>(context, 'workspace.current', async () => {
    const current = await services.workspaces.current(context);
    return new Map(current ? [[workspaceId, current]] : []);
  }).load(workspaceId);
}

/** Whether another subgraph has this in the caller's workspace. */
export async function loadExists(
  services: WorkspaceServices,
  context: GraphqlContext,
  tag: EntityTag,
  id: string,
): Promise<boolean> {
  const loader = batchLoader<string, true>(context, `workspace.exists.${tag}`, async (ids) => {
    const existing = await existingIds(services.commands, context, ids);
    return new Map([...existing].map((found) => [found, true] as const));
  });
  return (await loader.load(id)) === true;
}
