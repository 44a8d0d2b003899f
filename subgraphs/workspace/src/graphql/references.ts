import { uuidOf } from '@tributary/contracts/ids';
import type { GraphqlContext } from '@tributary/server';
import { requireAction } from '../domain/existingIds.js';
import { toApiKey } from './ApiKey.js';
import type { ApiKey } from './ApiKey.js';
import { loadApiKey, loadMember, loadWorkspace } from './loaders.js';
import { toUser } from './User.js';
import type { User } from './User.js';
import { toWorkspace } from './Workspace.js';
import type { Workspace } from './Workspace.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

/** Entities by public id, for node(id) and for joins from other subgraphs. Null when they are not in this workspace. */

export async function resolveWorkspace(
  services: WorkspaceServices,
  context: GraphqlContext,
  id: string,
): Promise<Workspace | null> {
  const uuid = uuidOf('ws', id);
  requireAction(context, 'workspace.read');
  const record = uuid && (await loadWorkspace(services, context, uuid));
  return record ? toWorkspace(record) : null;
}

export async function resolveUser(
  services: WorkspaceServices,
  context: GraphqlContext,
  id: string,
): Promise<User | null> {
  const uuid = uuidOf('user', id);
  const { actor } = context.principal;
  if (!(actor.kind === 'user' && actor.id === uuid)) requireAction(context, 'member.read');
  const member = uuid && (await loadMember(services, context, uuid));
  return member ? toUser(member) : null;
}

export async function resolveApiKey(
  services: WorkspaceServices,
  context: GraphqlContext,
  id: string,
): Promise<ApiKey | null> {
  const uuid = uuidOf('key', id);
  const { actor } = context.principal;
  if (!(actor.kind === 'apiKey' && actor.id === uuid)) requireAction(context, 'member.read');
  const record = uuid && (await loadApiKey(services, context, uuid));
  return record ? toApiKey(record) : null;
}
