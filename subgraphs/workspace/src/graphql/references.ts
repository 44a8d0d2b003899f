import { uuidOf } from '@tributary/contracts/ids';
import type { OwnReference } from '@tributary/server';
import { toApiKey } from './ApiKey.js';
import { loadApiKey, loadMember, loadWorkspace } from './loaders.js';
import { toUser } from './User.js';
import { toWorkspace } from './Workspace.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

/** Entities by public id, for node(id) and for joins from other subgraphs. */
export const workspaceReferences = {
  Workspace: {
    action: 'workspace.read',
    load: async (services, context, id) => {
      const uuid = uuidOf('ws', id);
      const record = uuid && (await loadWorkspace(services, context, uuid));
      return record ? toWorkspace(record) : null;
    },
  },
  User: {
    action: 'member.read',
    alsoTo: ({ principal: { actor } }, id) => actor.kind === 'user' && actor.id === uuidOf('user', id),
    load: async (services, context, id) => {
      const uuid = uuidOf('user', id);
      const member = uuid && (await loadMember(services, context, uuid));
      return member ? toUser(member) : null;
    },
  },
  ApiKey: {
    action: 'member.read',
    alsoTo: ({ principal: { actor } }, id) => actor.kind === 'apiKey' && actor.id === uuidOf('key', id),
    load: async (services, context, id) => {
      const uuid = uuidOf('key', id);
      const record = uuid && (await loadApiKey(services, context, uuid));
      return record ? toApiKey(record) : null;
    },
  },
} as const satisfies Readonly<Record<string, OwnReference<WorkspaceServices>>>;
