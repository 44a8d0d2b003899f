import type { Database } from '@tributary/data';
import type { CommandClient } from '@tributary/commands';
import type { ApiKeys } from '../domain/ApiKeys.js';
import type { AuditTrail } from '../domain/AuditTrail.js';
import type { MemberInvitations } from '../domain/MemberInvitations.js';
import type { Members } from '../domain/Members.js';
import type { OwnAccount } from '../domain/OwnAccount.js';
import type { StoredOperationList } from '../domain/StoredOperationList.js';
import type { Workspaces } from '../domain/Workspaces.js';

/** What the resolvers translate for. */
export interface WorkspaceServices {
  readonly workspaces: Workspaces;
  readonly members: Members;
  readonly invitations: MemberInvitations;
  readonly apiKeys: ApiKeys;
  readonly auditTrail: AuditTrail;
  readonly ownAccount: OwnAccount;
  readonly database: Database;
  readonly storedOperations: StoredOperationList;
  readonly isEmbedded: boolean;
  readonly commands: CommandClient;
}
