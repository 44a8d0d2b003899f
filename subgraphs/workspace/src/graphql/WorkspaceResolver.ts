import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { CodedError } from '@tributary/contracts/errors';
import { Allow, CursorScalar, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { ApiKeyConnection, toApiKey } from './ApiKey.js';
import type { ApiKey } from './ApiKey.js';
import { AuditEntryConnection, toAuditEntry } from './AuditEntry.js';
import type { AuditEntry } from './AuditEntry.js';
import { AuditFilter } from './AuditFilter.js';
import { InvitationConnection, toInvitation } from './Invitation.js';
import type { Invitation } from './Invitation.js';
import { MemberConnection, toMember } from './Member.js';
import type { Member } from './Member.js';
import { RenameWorkspaceInput, UpdateWorkspaceSettingsInput } from './inputs.js';
import { RenameWorkspacePayload, UpdateWorkspaceSettingsPayload } from './payloads.js';
import { toWorkspace, Workspace } from './Workspace.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

const firstDescription = '1 to 100.';
const afterDescription = 'Goes on behind this cursor. Null: from the start.';

@Resolver(() => Workspace)
export class WorkspaceResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @FieldResolver(() => MemberConnection, {
    nullable: true,
    description:
      'Who belongs to the workspace, in the order in which they joined. Null when the caller may not see it.',
  })
  @Allow('member.read')
  async members(
    @Root() workspace: Workspace,
    @Ctx() context: GraphqlContext,
    @Arg('first', () => Int, { defaultValue: 50, description: firstDescription }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: afterDescription }) after: string | null,
  ): Promise<ConnectionValue<Member>> {
    requireCurrent(workspace, context);
    const page = await this.services.members.list(context, { first, after: after ?? null });
    return connectionWithClass(
      MemberConnection,
      toConnection(page, toMember, () => this.services.members.count(context)),
    );
  }

  @FieldResolver(() => InvitationConnection, {
    nullable: true,
    description:
      'Invitations, newest first, those accepted, taken back and too old included. Null when the caller may not see them.',
  })
  @Allow('member.invite')
  async invitations(
    @Root() workspace: Workspace,
    @Ctx() context: GraphqlContext,
    @Arg('first', () => Int, { defaultValue: 50, description: firstDescription }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: afterDescription }) after: string | null,
  ): Promise<ConnectionValue<Invitation>> {
    requireCurrent(workspace, context);
    const page = await this.services.invitations.list(context, { first, after: after ?? null });
    return toConnection(page, toInvitation);
  }

  @FieldResolver(() => ApiKeyConnection, {
    nullable: true,
    description: 'API keys, newest first, revoked ones included. Null when the caller may not see them.',
  })
  @Allow('apiKey.read')
  async apiKeys(
    @Root() workspace: Workspace,
    @Ctx() context: GraphqlContext,
    @Arg('first', () => Int, { defaultValue: 50, description: firstDescription }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: afterDescription }) after: string | null,
  ): Promise<ConnectionValue<ApiKey>> {
    requireCurrent(workspace, context);
    return toConnection(await this.services.apiKeys.list(context, { first, after: after ?? null }), toApiKey);
  }

  @FieldResolver(() => AuditEntryConnection, {
    nullable: true,
    description: 'What was done in the workspace, newest first. Null when the caller may not see it.',
  })
  @Allow('audit.read')
  async auditLog(
    @Root() workspace: Workspace,
    @Ctx() context: GraphqlContext,
    @Arg('first', () => Int, { defaultValue: 50, description: firstDescription }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: afterDescription }) after: string | null,
    @Arg('filter', () => AuditFilter, { nullable: true, description: 'Which entries. Null: all.' })
    filter: AuditFilter | null,
  ): Promise<ConnectionValue<AuditEntry>> {
    requireCurrent(workspace, context);
    const page = await this.services.auditTrail.list(context, { first, after: after ?? null }, filter ?? {});
    return toConnection(page, toAuditEntry);
  }

  @Mutation(() => RenameWorkspacePayload, {
    nullable: true,
    description: 'Gives the workspace another name. Its slug, and so every address, stays.',
  })
  @Allow('workspace.update')
  async renameWorkspace(
    @Arg('input', () => RenameWorkspaceInput, { description: 'The new name.' }) input: RenameWorkspaceInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RenameWorkspacePayload> {
    const { name, idempotencyKey = null } = input;
    return { workspace: toWorkspace(await this.services.workspaces.rename(context, { name, idempotencyKey })) };
  }

  @Mutation(() => UpdateWorkspaceSettingsPayload, {
    nullable: true,
    description: 'Changes the settings that are named and leaves the others.',
  })
  @Allow('workspace.update')
  async updateWorkspaceSettings(
    @Arg('input', () => UpdateWorkspaceSettingsInput, { description: 'The settings to change.' })
    input: UpdateWorkspaceSettingsInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateWorkspaceSettingsPayload> {
    const { settings, idempotencyKey = null } = input;
    return {
      workspace: toWorkspace(await this.services.workspaces.updateSettings(context, { settings, idempotencyKey })),
    };
  }
}

/** viewer.workspaces shows others too: of those, no more than their own facts. */
function requireCurrent(workspace: Workspace, context: GraphqlContext): void {
  if (workspace.workspaceId !== context.principal.workspaceId) {
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      'You are signed in to another workspace. Switch to this one to see what is in it.',
    );
  }
}

/** totalCount is a method of the connection's class. */
function connectionWithClass<Node>(
  type: new () => ConnectionValue<Node>,
  value: ConnectionValue<Node>,
): ConnectionValue<Node> {
  return Object.assign(new type(), value);
}
