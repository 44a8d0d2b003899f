import type { AccessTokenIssuer } from '@tributary/auth';
import { InProcessCounters } from '@tributary/limits';
import { defineSubgraph } from '@tributary/server/declare';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { ApiKeys } from './domain/ApiKeys.js';
import { AuditTrail } from './domain/AuditTrail.js';
import { deleteOldSessions } from './domain/deleteOldSessions.js';
import { MemberInvitations } from './domain/MemberInvitations.js';
import { Members } from './domain/Members.js';
import { OwnAccount } from './domain/OwnAccount.js';
import { RefusedSignIns } from './domain/RefusedSignIns.js';
import { Sessions } from './domain/Sessions.js';
import { StoredOperationList } from './domain/StoredOperationList.js';
import type { ListedOperation } from './domain/StoredOperationList.js';
import { Workspaces } from './domain/Workspaces.js';
import { registerCommands } from './registerCommands.js';
import { entities } from './storage/entities.js';

export interface WorkspaceOptions {
  /**
   * Signs access tokens at sign-in: the private key lives in this subgraph's process and in no gateway. Null in a process that answers
   * nobody.
   */
  readonly accessTokens: AccessTokenIssuer | null;
  /** Whether embedded mode's demo people may sign in. Default true. */
  readonly demoPeople?: boolean;
  /** Whether it runs in one process with everything else. Default false. */
  readonly isEmbedded?: boolean;
  /** What is stored at the gateways, at each call as it is then. Default: nothing. */
  readonly storedOperations?: () => readonly ListedOperation[];
}

/** Tenants, people, keys, sessions and the audit trail. */
export function workspaceSubgraph({
  accessTokens,
  demoPeople = true,
  isEmbedded = false,
  storedOperations = () => [],
}: WorkspaceOptions): SubgraphDefinition {
  return defineSubgraph({
    name: 'workspace',
    tables: entities,
    services: ({ database, commands, logger }: SubgraphDeps) => {
      if (accessTokens === null)
        throw new Error('This process has no key to sign access tokens with: it serves nobody.');
      const refused = new RefusedSignIns(database, logger);
      return {
        database,
        commands,
        refused,
        workspaces: new Workspaces(database),
        members: new Members(database),
        invitations: new MemberInvitations(database),
        apiKeys: new ApiKeys(database, logger),
        auditTrail: new AuditTrail(database),
        sessions: new Sessions({ database, accessTokens, logger, refused, demoPeople }),
        storedOperations: new StoredOperationList(storedOperations),
        isEmbedded,
        ownAccount: new OwnAccount({ database, refused, counters: new InProcessCounters() }),
      };
    },
    graphql: async () => (await import('./graphql/createSchema.js')).workspaceGraph,
    existing: {
      ws: (_, { principal }, uuids) => Promise.resolve(uuids.filter((uuid) => uuid === principal.workspaceId)),
      user: async ({ members }, context, uuids) => (await members.byUserIds(context, uuids)).keys(),
      key: async ({ apiKeys }, context, uuids) => (await apiKeys.byIds(context, uuids)).keys(),
    },
    commands: registerCommands,
    schedules: [
      {
        name: 'old sessions',
        everyMs: 600_000,
        work:
          ({ database }) =>
          async () =>
            void (await deleteOldSessions(database)),
      },
    ],
    close: ({ refused }) => refused.close(),
  });
}
