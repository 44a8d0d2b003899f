import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { maskEmail, newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { Role } from '@tributary/contracts/roles';
import { mayDo } from '@tributary/contracts/actions';
import { checkedFirst, mutate, planOnce, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';
import { MemberRow } from '../storage/MemberRow.js';
import { endSessionsOf, revoke } from '../storage/sessionStatements.js';
import { countMembers, deleteMember, lockOwners } from '../storage/workspaceStatements.js';
import { checkedDisplayName } from './checkedDisplayName.js';

export type MemberRecord = MemberRow;

/** Who belongs to a workspace, and as what. */
export class Members {
  constructor(private readonly database: Database) {}

  /** In the order in which they joined. */
  async list(context: RequestContext, request: PageRequest): Promise<Page<MemberRow>> {
    const first = checkedFirst(request.first);
    const [after] = positionAfter('members', request.after, 1) ?? [];
    const rows = await this.database.read(
      scopeOf(context),
      this.database.table(MemberRow).select('workspace.listMembers', (query) => {
        if (after !== undefined) query.andWhere('row.id > :after', { after: checkedUuid(after) });
        return query.orderBy('row.id', 'ASC').limit(first + 1);
      }),
    );
    return toPage('members', request, rows, (member) => [member.id]);
  }

  async count(context: RequestContext): Promise<number> {
    const [count] = await this.database.read(scopeOf(context), countMembers());
    return count ?? 0;
  }

  /** By user's uuid; those of this workspace only. */
  async byUserIds(context: RequestContext, userIds: readonly string[]): Promise<Map<string, MemberRow>> {
    const rows = await this.database.read(
      scopeOf(context),
      planOnce(
        this.database
          .table(MemberRow)
          .select('workspace.membersByUserIds', (query) => query.andWhere('row.userId = any(:userIds)', { userIds })),
      ),
    );
    return new Map(rows.map((row) => [row.userId, row]));
  }

  /** A member's e-mail as the caller may see it: whole for oneself and for whoever may read personal data. */
  emailFor(context: RequestContext, member: { readonly userId: string; readonly email: string }): string {
    const { principal } = context;
    const oneself = principal.actor.kind === 'user' && principal.actor.id === member.userId;
    return oneself || mayDo(principal, 'member.readPersonal') ? member.email : maskEmail(member.email);
  }

  /**
   * Throws RESOURCE_NOT_FOUND, INSUFFICIENT_PERMISSIONS when OWNER is given or taken by who is none, and RESOURCE_CONFLICT
   * (details.reason LAST_OWNER) when nobody would own the workspace. Access tokens with the old role are refused from now on.
   */
  async setRole(
    context: RequestContext,
    input: { readonly userId: string; readonly role: Role; readonly idempotencyKey: string | null },
  ): Promise<MemberRow> {
    const userId = uuidOf('user', input.userId);
    return mutate(this.database, context, { field: 'setMemberRole', input }, async (transaction) => {
      const members = transaction.repository(MemberRow);
      const owners = await transaction.query(lockOwners());
      const member = await lockMember(transaction, userId);
      this.checkOwnership(context, member, input.role, owners);
      const changed = (await members.update('workspace.setMemberRole', member.id, { role: input.role }))!;
      if (member.role !== input.role) {
        await transaction.query(revoke(newUuid(), { kind: 'user', subject: member.userId, at: new Date() }));
      }
      audit(transaction, {
        actor: context.principal.actor,
        requestId: context.requestId,
        action: 'member.setRole',
        entityType: 'User',
        entityId: encodeId('user', member.userId),
        before: { role: member.role },
        after: { role: changed.role },
      });
      return changed;
    });
  }

  /** Calls the person who asks otherwise, in this workspace. Throws INVALID_INPUT (details.field `displayName`). */
  async updateProfile(
    context: RequestContext,
    input: { readonly displayName: string; readonly idempotencyKey: string | null },
  ): Promise<MemberRow> {
    const { actor } = context.principal;
    if (actor.kind !== 'user')
      throw new CodedError('INSUFFICIENT_PERMISSIONS', 'Only people have a name here.', { action: 'account.manage' });
    const displayName = checkedDisplayName(input.displayName);
    return mutate(this.database, context, { field: 'updateProfile', input }, async (transaction) => {
      const member = await lockMember(transaction, actor.id);
      const changed = (await transaction
        .repository(MemberRow)
        .update('workspace.renameMember', member.id, { displayName }))!;
      audit(transaction, {
        actor,
        requestId: context.requestId,
        action: 'account.updateProfile',
        entityType: 'User',
        entityId: encodeId('user', member.userId),
        before: { displayName: member.displayName },
        after: { displayName },
      });
      return changed;
    });
  }

  /**
   * Takes a person out of the workspace and ends their sessions in it. Throws RESOURCE_NOT_FOUND, INSUFFICIENT_PERMISSIONS when who is
   * no OWNER removes one, and RESOURCE_CONFLICT (details.reason LAST_OWNER). Answers the member as they were.
   */
  async remove(
    context: RequestContext,
    input: { readonly userId: string; readonly idempotencyKey: string | null },
  ): Promise<MemberRow> {
    const userId = uuidOf('user', input.userId);
    return mutate(this.database, context, { field: 'removeMember', input }, async (transaction) => {
      const owners = await transaction.query(lockOwners());
      const member = await lockMember(transaction, userId);
      this.checkOwnership(context, member, null, owners);
      await transaction.query(deleteMember(member.id));
      await transaction.query(endSessionsOf(member.userId, 'REMOVED'));
      await transaction.query(revoke(newUuid(), { kind: 'user', subject: member.userId, at: new Date() }));
      audit(transaction, {
        actor: context.principal.actor,
        requestId: context.requestId,
        action: 'member.remove',
        entityType: 'User',
        entityId: encodeId('user', member.userId),
        before: { role: member.role },
        after: null,
      });
      return member;
    });
  }

  /** `role`: what the member is to become; null for nothing. */
  private checkOwnership(
    context: RequestContext,
    member: MemberRow,
    role: Role | null,
    owners: readonly string[],
  ): void {
    const touchesOwner = member.role === 'OWNER' || role === 'OWNER';
    if (touchesOwner && !mayDo(context.principal, 'member.setOwner')) {
      throw new CodedError(
        'INSUFFICIENT_PERMISSIONS',
        'Only an OWNER can make somebody OWNER or take that role from one.',
        {
          action: 'member.setOwner',
        },
      );
    }
    if (member.role === 'OWNER' && role !== 'OWNER' && owners.length <= 1) {
      throw new CodedError(
        'RESOURCE_CONFLICT',
        'A workspace keeps at least one OWNER. Make somebody else OWNER first.',
        { reason: 'LAST_OWNER' },
      );
    }
  }
}

async function lockMember(transaction: WorkspaceTransaction, userId: string | null): Promise<MemberRow> {
  const [member] = userId
    ? await transaction
        .repository(MemberRow)
        .find('workspace.lockMember', (query) =>
          query.andWhere('row.userId = :userId', { userId }).setLock('pessimistic_write'),
        )
    : [];
  if (member) return member;
  throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such member in this workspace.', { field: 'userId' });
}

function checkedUuid(value: string | number | null): string {
  if (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)) return value;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
