import {
  acceptInvitationCommand,
  adminAddressesCommand,
  describeInvitationCommand,
  loginCommand,
  logoutCommand,
  noteOperationsUsedCommand,
  presentPrincipalCommand,
  refreshCommand,
  resetPasswordCommand,
  resolveApiKeyCommand,
  revocationsCommand,
  switchWorkspaceCommand,
  verifiedSignInCommand,
  workspaceSettingsCommand,
} from '@tributary/contracts/commands';
import { CommandRegistry } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { ApiKeys } from './domain/ApiKeys.js';
import { adminAddresses } from './domain/adminAddresses.js';
import { acceptInvitation, describeInvitation } from './domain/Invitations.js';
import { spendResetToken } from './domain/PasswordResets.js';
import { revocationsSince } from './domain/Revocations.js';
import { noteUse } from './domain/StoredOperationList.js';
import { presentPrincipal } from './domain/presentPrincipal.js';
import type { Sessions } from './domain/Sessions.js';
import type { Workspaces } from './domain/Workspaces.js';

export interface CommandServices {
  readonly database: Database;
  readonly sessions: Sessions;
  readonly workspaces: Workspaces;
  readonly apiKeys: ApiKeys;
}

/** What gateways and other subgraphs may ask of this one, beside the graph. */
export function registerCommands(services: CommandServices): CommandRegistry {
  const { database, sessions, apiKeys } = services;
  return new CommandRegistry()
    .register(loginCommand, (input, { requestId }) => sessions.login(input, requestId))
    .register(verifiedSignInCommand, ({ email, userAgent }, { requestId }) =>
      sessions.enterVerified(email, requestId, userAgent),
    )
    .register(refreshCommand, ({ refreshToken, workspace }, { requestId }) =>
      workspace ? sessions.refreshFor(refreshToken, workspace, requestId) : sessions.refresh(refreshToken, requestId),
    )
    .register(switchWorkspaceCommand, ({ refreshToken, workspace, userAgent }, { requestId }) =>
      sessions.switchTo(refreshToken, workspace, requestId, userAgent),
    )
    .register(logoutCommand, async ({ refreshToken }, { requestId }) => {
      await sessions.logout(refreshToken, requestId);
      return {};
    })
    .register(describeInvitationCommand, ({ token }) => describeInvitation(database, token))
    .register(acceptInvitationCommand, async ({ token, password, userAgent }, { requestId }) => {
      const { accountId, workspaceId } = await acceptInvitation(database, token, password);
      return sessions.enter(accountId, null, workspaceId, requestId, userAgent);
    })
    .register(resetPasswordCommand, (input, { requestId }) => spendResetToken(services, input, requestId))
    .register(resolveApiKeyCommand, ({ keyId, hash }) => apiKeys.resolve(keyId, Buffer.from(hash, 'base64url')))
    .register(revocationsCommand, (input) => revocationsSince(database, input))
    .register(noteOperationsUsedCommand, async ({ operations }, { principal }) => {
      await noteUse(database, principal.workspaceId, operations);
      return {};
    })
    .register(adminAddressesCommand, (_, context) => adminAddresses(database, context))
    .register(presentPrincipalCommand, (input, context) => presentPrincipal(database, context, input))
    .register(
      workspaceSettingsCommand,
      async (_, context) => (await services.workspaces.current(context))?.settings ?? {},
    );
}
