import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import type { Role } from '@tributary/contracts/roles';
import { mayDo } from '@tributary/contracts/actions';
import { checkedFirst, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';
import { InvitationRow } from '../storage/InvitationRow.js';
import { MemberRow } from '../storage/MemberRow.js';
import { lockWorkspace } from '../storage/workspaceStatements.js';
import { checkedDisplayName } from './checkedDisplayName.js';
import { checkedEmail } from './checkedEmail.js';
import { invite } from './Invitations.js';

/** An invitation without its token's hash: what leaves the domain, and what an idempotent replay may store. */
export type InvitationRecord = Omit<InvitationRow, 'tokenHash'>;

export interface InviteMember {
  readonly email: string;
  readonly role: Role;
  /** Null: the e-mail up to its @. */
  readonly displayName: string | null;
  readonly idempotencyKey: string | null;
}

const maxOpenInvitations = 200;

/** Invitations that members make. Sending the link is not ours: whoever invites gets it once and hands it on. */
export class MemberInvitations {
  constructor(private readonly database: Database) {}

  /** Newest first, those accepted, revoked and too old included. */
  async list(context: RequestContext, request: PageRequest): Promise<Page<InvitationRecord>> {
    const first = checkedFirst(request.first);
    const [after] = positionAfter('invitations', request.after, 1) ?? [];
    const rows = await this.database.read(
      scopeOf(context),
      this.database.table(InvitationRow).select('workspace.listInvitations', (query) => {
        if (after !== undefined) query.andWhere('row.id < :after', { after: checkedUuid(after) });
        return query.orderBy('row.id', 'DESC').limit(first + 1);
      }),
    );
    return toPage('invitations', request, rows.map(withoutHash), (invitation) => [invitation.id]);
  }

  /**
   * The token is in the first answer only: a replay's is null. Throws INVALID_INPUT, INSUFFICIENT_PERMISSIONS when who is no OWNER
   * invites one, RESOURCE_ALREADY_EXISTS for a member or an open invitation of this e-mail, QUOTA_EXCEEDED.
   */
  invite(
    context: RequestContext,
    input: InviteMember,
  ): Promise<{ invitation: InvitationRecord; token: string | null }> {
    return mutate<{ invitation: InvitationRecord; token: string | null }>(
      this.database,
      context,
      { field: 'inviteMember', input },
      async (transaction) => {
        const email = checkedEmail(input.email, 'email');
        const displayName = checkedDisplayName(input.displayName ?? email.slice(0, email.indexOf('@')));
        requireOwnerFor(context, input.role);
        // Two who invite the same person at once take turns.
        await transaction.query(lockWorkspace());
        await refuseKnownPerson(transaction, email);
        const { principal, requestId } = context;
        const by = { actor: principal.actor, requestId };
        const { token, id } = await invite(transaction, { email, displayName, role: input.role }, by);
        const row = await transaction.repository(InvitationRow).findById('workspace.readNewInvitation', id);
        return { invitation: withoutHash(row!), token };
      },
      (result) => ({ ...result, token: null }),
    );
  }

  /** Revoking again changes nothing. Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT (INVITATION_ACCEPTED) when it was used. */
  revoke(
    context: RequestContext,
    input: { readonly id: string; readonly idempotencyKey: string | null },
  ): Promise<InvitationRecord> {
    const id = uuidOf('inv', input.id);
    return mutate(this.database, context, { field: 'revokeInvitation', input }, async (transaction) => {
      const invitations = transaction.repository(InvitationRow);
      const known = id && (await invitations.findById('workspace.lockInvitation', id, { lock: true }));
      if (!known)
        throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such invitation in this workspace.', { field: 'id' });
      requireOwnerFor(context, known.role);
      if (known.acceptedAt) {
        throw new CodedError('RESOURCE_CONFLICT', 'This invitation was accepted. Use removeMember instead.', {
          reason: 'INVITATION_ACCEPTED',
        });
      }
      const row = known.revokedAt
        ? known
        : (await invitations.update('workspace.revokeInvitation', known.id, { revokedAt: new Date() }))!;
      audit(transaction, {
        actor: context.principal.actor,
        requestId: context.requestId,
        action: 'member.revokeInvitation',
        entityType: 'Workspace',
        entityId: encodeId('ws', transaction.workspaceId),
        before: { role: known.role, revokedAt: known.revokedAt?.toISOString() ?? null },
        after: { role: known.role, revokedAt: row.revokedAt?.toISOString() ?? null },
      });
      return withoutHash(row);
    });
  }
}

async function refuseKnownPerson(transaction: WorkspaceTransaction, email: string): Promise<void> {
  const [member] = await transaction
    .repository(MemberRow)
    .find('workspace.findMemberByEmail', (query) => query.andWhere('row.email = :email', { email }).limit(1));
  if (member) {
    throw new CodedError(
      'RESOURCE_ALREADY_EXISTS',
      'This person belongs to the workspace already. Use setMemberRole.',
      {
        field: 'email',
      },
    );
  }
  const open = await transaction
    .repository(InvitationRow)
    .find('workspace.openInvitations', (query) =>
      query
        .andWhere('row.acceptedAt is null and row.revokedAt is null and row.expiresAt > :now', { now: new Date() })
        .limit(maxOpenInvitations),
    );
  if (open.some((invitation) => invitation.email === email)) {
    throw new CodedError('RESOURCE_ALREADY_EXISTS', 'This person is invited already. Revoke that invitation first.', {
      field: 'email',
    });
  }
  if (open.length >= maxOpenInvitations) {
    throw new CodedError(
      'QUOTA_EXCEEDED',
      `A workspace has at most ${maxOpenInvitations} open invitations. Revoke some.`,
      { limit: maxOpenInvitations },
    );
  }
}

function requireOwnerFor(context: RequestContext, role: Role): void {
  if (role !== 'OWNER' || mayDo(context.principal, 'member.setOwner')) return;
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    'Only an OWNER can invite an OWNER, or take such an invitation back.',
    {
      action: 'member.setOwner',
    },
  );
}

function checkedUuid(value: string | number | null): string {
  if (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)) return value;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}

function withoutHash({ tokenHash: _, ...record }: InvitationRow): InvitationRecord {
  return record;
}
