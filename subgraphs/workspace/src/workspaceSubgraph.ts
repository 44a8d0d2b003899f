import type { AccessTokenIssuer } from '@tributary/auth';
import { Subgraph, Sweeper } from '@tributary/server';
import type { SubgraphDeps, SubgraphModule } from '@tributary/server';
import { ApiKeys } from './domain/ApiKeys.js';
import { AuditTrail } from './domain/AuditTrail.js';
import { keepHouse } from './domain/keepHouse.js';
import { MemberInvitations } from './domain/MemberInvitations.js';
import { Members } from './domain/Members.js';
import { RefusedSignIns } from './domain/RefusedSignIns.js';
import { Sessions } from './domain/Sessions.js';
import { Workspaces } from './domain/Workspaces.js';
import { buildWorkspaceSchema } from './graphql/schema.js';
import { registerCommands } from './registerCommands.js';
import { entities } from './storage/entities.js';

export interface WorkspaceSubgraphOptions {
  /** Signs access tokens at sign-in: the private key lives in this subgraph's process and in no gateway. */
  readonly accessTokens: AccessTokenIssuer;
  /** How long events can be replayed; see retireEvents. Default 168 (7 days). */
  readonly eventRetentionHours?: number;
}

const houseEveryMs = 600_000;

/** Tenants, people, keys, sessions and the audit trail. */
export function workspaceSubgraph(options: WorkspaceSubgraphOptions): SubgraphModule {
  return { name: 'workspace', entities, create: (deps) => Promise.resolve(create(options, deps)) };
}

function create(options: WorkspaceSubgraphOptions, deps: SubgraphDeps): Subgraph {
  const { database, commands, logger } = deps;
  const workspaces = new Workspaces(database);
  const members = new Members(database);
  const invitations = new MemberInvitations(database);
  const apiKeys = new ApiKeys(database, logger);
  const auditTrail = new AuditTrail(database);
  const refused = new RefusedSignIns(database, logger);
  const sessions = new Sessions({ database, accessTokens: options.accessTokens, logger, refused });
  const { eventRetentionHours = 168 } = options;
  const house = new Sweeper('housekeeping', houseEveryMs, () => keepHouse(database, eventRetentionHours), logger);
  return new Subgraph(
    {
      name: 'workspace',
      background: [house, refused],
      graphql: buildWorkspaceSchema({ workspaces, members, invitations, apiKeys, auditTrail, commands }),
      commands: registerCommands({ database, sessions, workspaces, members, apiKeys }),
    },
    logger,
  );
}
