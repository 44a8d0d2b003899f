import { decodeId, encodeId } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import {
  acceptInvitationCommand,
  existingCommand,
  loginCommand,
  logoutCommand,
  refreshCommand,
  resolveApiKeyCommand,
  revocationsCommand,
  switchWorkspaceCommand,
  verifiedSignInCommand,
  workspaceSettingsCommand,
} from '@tributary/contracts/commands';
import { CommandRegistry } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { ApiKeys } from './domain/ApiKeys.js';
import { acceptInvitation } from './domain/Invitations.js';
import type { Members } from './domain/Members.js';
import { revocationsSince } from './domain/Revocations.js';
import type { Sessions } from './domain/Sessions.js';
import type { Workspaces } from './domain/Workspaces.js';

export interface CommandServices {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly workspaces: Workspaces;
  readonly members: Members;
  readonly apiKeys: ApiKeys;
}

/** What gateways and other subgraphs may ask of this one, beside the graph. */
export function registerCommands(services: CommandServices): CommandRegistry {
  const { database, sessions, apiKeys } = services;
  return new CommandRegistry()
    .register(loginCommand, (input, { requestId }) => sessions.login(input, requestId))
    .register(verifiedSignInCommand, ({ email }, { requestId }) => sessions.enterVerified(email, requestId))
    .register(refreshCommand, ({ refreshToken }, { requestId }) => sessions.refresh(refreshToken, requestId))
    .register(switchWorkspaceCommand, ({ refreshToken, workspace }, { requestId }) =>
      sessions.switchTo(refreshToken, workspace, requestId),
    )
    .register(logoutCommand, async ({ refreshToken }, { requestId }) => {
      await sessions.logout(refreshToken, requestId);
      return {};
    })
    .register(acceptInvitationCommand, async ({ token, password }, { requestId }) => {
      const { accountId, workspaceId } = await acceptInvitation(database, token, password);
      return sessions.enter(accountId, null, workspaceId, requestId);
    })
    .register(resolveApiKeyCommand, ({ keyId, hash }) => apiKeys.resolve(keyId, Buffer.from(hash, 'base64url')))
    .register(revocationsCommand, (input) => revocationsSince(database, input))
    .register(
      workspaceSettingsCommand,
      async (_, context) => (await services.workspaces.current(context))?.settings ?? {},
    )
    .register(existingCommand.workspace, ({ ids }, context) => existing(services, context, ids));
}

async function existing(services: CommandServices, context: RequestContext, ids: readonly string[]): Promise<string[]> {
  const decoded = ids.map((id) => decodeId(id));
  const uuidsOf = (tag: string) => decoded.filter((id) => id.tag === tag).map((id) => id.uuid);
  const users = uuidsOf('user');
  const keys = uuidsOf('key');
  const members = users.length > 0 ? await services.members.byUserIds(context, users) : new Map<string, unknown>();
  const apiKeys = keys.length > 0 ? await services.apiKeys.byIds(context, keys) : new Map<string, unknown>();
  return decoded
    .filter(
      ({ tag, uuid }) =>
        (tag === 'user' && members.has(uuid)) ||
        (tag === 'key' && apiKeys.has(uuid)) ||
        (tag === 'ws' && uuid === context.principal.workspaceId),
    )
    .map(({ tag, uuid }) => encodeId(tag, uuid));
}
