import { hashPassword, verifyPassword } from '@tributary/auth';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { mutate, scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { Budget, Counters } from '@tributary/limits';
import { changePassword, passwordOfAccount } from '../storage/identityStatements.js';
import { endSession, lockSessionOf, openSessionsOf, revoke } from '../storage/sessionStatements.js';
import type { OpenSession } from '../storage/sessionStatements.js';
import { endSessionsElsewhere, endSessionsHere, type PasswordChange } from './endSessions.js';
import type { RefusedSignIns } from './RefusedSignIns.js';

const maxSessions = 100;
/** Wrong passwords of one account: as many as at sign-in from one place. */
const guesses: Budget = { name: 'change-password', points: 10, seconds: 15 * 60 };

export interface OwnSession extends OpenSession {
  /** Whether the request itself came with it. */
  readonly current: boolean;
}

interface Changed {
  readonly changedAt: Date;
  /** False in a replay. */
  readonly isNew: boolean;
}

export interface OwnAccountOptions {
  readonly database: Database;
  readonly refused: RefusedSignIns;
  /** Counts wrong passwords. */
  readonly counters: Counters;
}

/** What people do with their own account, in whichever workspace they are. */
export class OwnAccount {
  constructor(private readonly options: OwnAccountOptions) {}

  /** The caller's open sessions in this workspace, the last used first, 100 at most. Null for who is no person. */
  async sessions(context: RequestContext): Promise<OwnSession[] | null> {
    const { actor } = context.principal;
    if (actor.kind !== 'user') return null;
    const rows = await this.options.database.read(scopeOf(context), openSessionsOf(actor.id, maxSessions));
    return rows.map((row) => ownSession(row, context));
  }

  /**
   * Every other session of the account ends, in all its workspaces. Throws INVALID_INPUT (details.field `current` or `next`) and
   * RATE_LIMIT_EXCEEDED after ten wrong passwords in a quarter of an hour.
   */
  async changePassword(
    context: RequestContext,
    input: { readonly current: string; readonly next: string; readonly idempotencyKey: string | null },
  ): Promise<{ readonly changedAt: Date }> {
    const { database } = this.options;
    const accountId = personOf(context);
    const nextHash = await hashPassword(input.next, 'next');
    const claim = { budget: guesses, workspaceId: null, identifier: accountId };
    const change: PasswordChange = {
      accountId,
      kept: context.principal.sessionId ?? null,
      action: 'account.changePassword',
      actor: context.principal.actor,
      requestId: context.requestId,
    };
    // Passwords are no part of what a replay is compared by: a hash of them would be worth stealing.
    const keyed = { field: 'changePassword', input: { idempotencyKey: input.idempotencyKey } };
    const changed = await mutate<Changed>(
      database,
      context,
      keyed,
      async (transaction) => {
        const [budgetState] = await this.options.counters.take([claim]);
        if (budgetState && !budgetState.allowed) throw tooManyGuesses(budgetState.resetSeconds);
        const known = await transaction.queryOne(passwordOfAccount(accountId));
        if (known === null || !(await verifyPassword(known, input.current))) throw this.refusal(context, accountId);
        if (!(await transaction.queryOne(changePassword(accountId, known, nextHash)))) throw changedMeanwhile();
        await endSessionsHere(transaction, change);
        return { changedAt: new Date(), isNew: true };
      },
      (result) => ({ ...result, isNew: false }),
    );
    // A replay ends what an answer that was cut off may have left open, and is no change to tell again.
    await endSessionsElsewhere(database, { ...change, isNew: changed.isNew }, context.principal.workspaceId);
    if (changed.isNew) await this.options.counters.forget(claim);
    return changed;
  }

  /** Ends one of the caller's sessions in this workspace. Again changes nothing. Throws RESOURCE_NOT_FOUND. */
  async revokeSession(
    context: RequestContext,
    input: { readonly id: string; readonly idempotencyKey: string | null },
  ): Promise<OwnSession> {
    const userId = personOf(context);
    const id = uuidOf('sess', input.id);
    return mutate(this.options.database, context, { field: 'revokeSession', input }, async (transaction) => {
      const session = id && (await transaction.queryOne(lockSessionOf(userId, id)));
      if (!session) {
        throw new CodedError('RESOURCE_NOT_FOUND', 'You have no such session in this workspace.', { field: 'id' });
      }
      if (await transaction.queryOne(endSession(session.id, 'REVOKED'))) {
        await transaction.query(revoke(newUuid(), { kind: 'session', subject: session.id, at: new Date() }));
        audit(transaction, {
          actor: context.principal.actor,
          requestId: context.requestId,
          action: 'session.end',
          entityType: 'User',
          entityId: encodeId('user', userId),
          before: null,
          after: { reason: 'REVOKED' },
        });
      }
      return ownSession(session, context);
    });
  }

  private refusal({ principal, requestId }: RequestContext, accountId: string): CodedError {
    this.options.refused.note({ accountId, workspace: null, lastWorkspaceId: principal.workspaceId, requestId });
    return new CodedError('INVALID_INPUT', 'This is not your current password.', { field: 'current' });
  }
}

function ownSession(session: OpenSession, { principal }: RequestContext): OwnSession {
  return { ...session, current: session.id === principal.sessionId };
}

function personOf({ principal: { actor } }: RequestContext): string {
  if (actor.kind === 'user') return actor.id;
  throw new CodedError('INSUFFICIENT_PERMISSIONS', 'Only people have a password and sessions.', {
    action: 'account.manage',
  });
}

function tooManyGuesses(retryAfterSeconds: number): CodedError {
  return new CodedError('RATE_LIMIT_EXCEEDED', 'Too many wrong passwords. Wait, then try again.', {
    retryAfterSeconds,
  });
}

function changedMeanwhile(): CodedError {
  return new CodedError('RESOURCE_CONFLICT', 'Your password was changed meanwhile. Sign in with it.', {
    reason: 'PASSWORD_CHANGED',
  });
}
