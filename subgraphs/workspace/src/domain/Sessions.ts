import type { AuditAction } from '@tributary/contracts/audit';
import { randomBytes } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import { decodeId, encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { Role } from '@tributary/contracts/roles';
import {
  createSecretToken,
  hashSecretToken,
  succeedSecretToken,
  verifyPassword,
  workspaceSuspended,
} from '@tributary/auth';
import type { AccessTokenIssuer, IssuedAccessToken } from '@tributary/auth';
import type { SignedIn } from '@tributary/contracts/commands';
import { audit } from '@tributary/data/audit';
import type { Database, TenantScope, WorkspaceTransaction } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import {
  findRefreshToken,
  findSignInAccount,
  findKnownWorkspaces,
  noteWorkspaceUsed,
  partOfDatabaseAway,
  workspacesOfAccount,
} from '../storage/identityStatements.js';
import type { AccountWorkspace, SignInAccount } from '../storage/identityStatements.js';
import { endSession, holdRole, lockToken, openSession, revoke, rotateToken } from '../storage/sessionStatements.js';
import type { TokenToSpend } from '../storage/sessionStatements.js';
import type { RefusedSignIns } from './RefusedSignIns.js';
import { judgeToken, refreshLifeMs, reuseGraceMs } from './sessionRules.js';
import type { TokenVerdict } from './sessionRules.js';

export interface SessionsOptions {
  readonly database: Database;
  readonly accessTokens: AccessTokenIssuer;
  readonly logger: Logger;
  readonly refused: RefusedSignIns;
  /** Whether embedded mode's demo people, whose password everybody knows, may sign in. Default true. */
  readonly demoPeople?: boolean;
  /** The time; tests bring their own. */
  readonly now?: () => Date;
}

/** What one transaction made of a refresh token. */
type Spent =
  | {
      readonly verdict: 'fresh' | 'again';
      readonly userId: string;
      readonly access: IssuedAccessToken;
      readonly refreshToken: string;
    }
  | { readonly verdict: Ended };

type Ended = 'reused' | 'over' | 'suspended';

/** Signing in, staying signed in, and signing out. A session is a family of refresh tokens, of which one at a time is good. */
export class Sessions {
  private readonly now: () => Date;

  constructor(private readonly options: SessionsOptions) {
    this.now = options.now ?? (() => new Date());
  }

  /** Throws INVALID_CREDENTIALS, alike for an unknown e-mail and a wrong password, and as slowly. */
  async login(
    input: {
      readonly email: string;
      readonly password: string;
      readonly workspace: string | null;
      readonly userAgent?: string | null | undefined;
    },
    requestId: string,
  ): Promise<SignedIn> {
    const account = await findSignInAccount(this.options.database, input.email.trim());
    const fits = await verifyPassword(account?.passwordHash ?? null, input.password);
    if (!account || !fits) {
      if (account) this.options.refused.note({ ...account, workspace: input.workspace, requestId });
      throw new CodedError('INVALID_CREDENTIALS', 'The e-mail or the password is wrong.');
    }
    this.refuseDemo(account);
    return this.enter(account.accountId, input.workspace, account.lastWorkspaceId, requestId, input.userAgent);
  }

  /** Starts a session of whoever an issuer outside vouches for. Throws INVALID_CREDENTIALS: accounts are made by invitations alone. */
  async enterVerified(email: string, requestId: string, userAgent?: string | null): Promise<SignedIn> {
    const account = await findSignInAccount(this.options.database, email.trim());
    if (!account) {
      throw new CodedError(
        'INVALID_CREDENTIALS',
        'Nobody with your e-mail address belongs here. Ask for an invitation.',
        {
          reason: 'UNKNOWN_ACCOUNT',
        },
      );
    }
    this.refuseDemo(account);
    return this.enter(account.accountId, null, account.lastWorkspaceId, requestId, userAgent);
  }

  /** Starts a session of a person whose identity is proven. `wanted` is a slug or public id; null for the last used. */
  async enter(
    accountId: string,
    wanted: string | null,
    lastWorkspaceId: string | null,
    requestId: string,
    userAgent: string | null = null,
  ): Promise<SignedIn> {
    const { workspaces: all, isWhole } = await findKnownWorkspaces(this.options.database, accountId);
    const isThere = isWhole || wanted === null || isAmong(all, wanted);
    if (!isThere) throw partOfDatabaseAway();
    const workspace = choose(all, wanted, lastWorkspaceId);
    const opened = await this.options.database.withWorkspace({ workspaceId: workspace.workspaceId }, (transaction) =>
      this.open(transaction, accountId, requestId, userAgent),
    );
    // Every node has a copy of accounts, and takes no change of one while another is away: the next sign-in begins where this one did.
    await noteWorkspaceUsed(this.options.database, accountId, workspace.workspaceId).catch(() => undefined);
    return signedIn(opened.access, opened.refreshToken, workspace.workspaceId, all.filter(isActive));
  }

  /** Throws INVALID_CREDENTIALS when the session is over, or is ended now because its token was used twice; INSUFFICIENT_PERMISSIONS while its workspace is suspended. */
  async refresh(refreshToken: string, requestId: string): Promise<SignedIn> {
    const place = await this.placeOf(refreshToken);
    const spent = await this.options.database.withWorkspace(place, async (transaction): Promise<Spent> => {
      const token = await transaction.queryOne(lockToken(place.id));
      const verdict = await this.verdictOn(transaction, token, requestId);
      if (!token) return { verdict: 'over' };
      if (isEnded(verdict)) return { verdict };
      const role = await transaction.queryOne(holdRole(token.userId));
      if (!role) return { verdict: 'over' };
      const access = await this.issue(place.workspaceId, token.userId, role, token.sessionId);
      const successor = await this.succeed(transaction, place.id, token, verdict, refreshToken);
      return { verdict, userId: token.userId, access, refreshToken: successor.token };
    });
    if (!('access' in spent)) throw over(spent.verdict);
    const { workspaces } = await findKnownWorkspaces(this.options.database, spent.userId);
    return signedIn(spent.access, spent.refreshToken, place.workspaceId, workspaces.filter(isActive));
  }

  /**
   * Like `refresh`, with an access token for the workspace that is `wanted` (slug or public id); the session stays where it is, so a tab
   * in one workspace never moves a tab in another. Throws RESOURCE_NOT_FOUND when it is none of the person's, and then spends nothing.
   */
  async refreshFor(refreshToken: string, wanted: string, requestId: string): Promise<SignedIn> {
    const place = await this.placeOf(refreshToken);
    const spent = await this.options.database.withWorkspace(place, async (transaction) => {
      const token = await transaction.queryOne(lockToken(place.id));
      if (!token) return 'over';
      const verdict = await this.judge(transaction, token, requestId);
      if (isEnded(verdict)) return verdict;
      const all = await transaction.query(workspacesOfAccount(token.userId));
      const workspace = choose(all, wanted, null);
      const successor = await this.succeed(transaction, place.id, token, verdict, refreshToken);
      return { token, all, workspace, refreshToken: successor.token };
    });
    if (typeof spent === 'string') throw over(spent);
    const { userId, sessionId } = spent.token;
    const access = await this.options.database.withWorkspace(spent.workspace, async (transaction) => {
      const role = await transaction.queryOne(holdRole(userId));
      if (!role) throw noSuchWorkspace();
      if (transaction.workspaceId !== place.workspaceId)
        auditSession(transaction, userId, requestId, 'session.open', { role });
      return this.issue(transaction.workspaceId, userId, role, sessionId);
    });
    return signedIn(access, spent.refreshToken, spent.workspace.workspaceId, spent.all.filter(isActive));
  }

  /** Ends the session and makes its access tokens worthless. A token that is unknown or over is no error. */
  async logout(refreshToken: string, requestId: string): Promise<void> {
    const hash = hashSecretToken(refreshToken);
    const place = hash && (await findRefreshToken(this.options.database, hash));
    if (!place) return;
    await this.options.database.withWorkspace(place, async (transaction) => {
      const token = await transaction.queryOne(lockToken(place.id));
      if (token) await this.end(transaction, token, 'LOGOUT', requestId);
    });
  }

  /**
   * Leaves the session's workspace for another of the same person's. Access tokens of the old one stay good until they expire: another
   * tab may be about to use one.
   */
  async switchTo(
    refreshToken: string,
    wanted: string,
    requestId: string,
    userAgent?: string | null,
  ): Promise<SignedIn> {
    const place = await this.placeOf(refreshToken);
    const left = await this.options.database.withWorkspace(place, async (transaction) => {
      const token = await transaction.queryOne(lockToken(place.id));
      return { verdict: await this.verdictOn(transaction, token, requestId), token };
    });
    // Who is shut out of one workspace may leave it for another.
    if (!left.token) throw over('over');
    if (left.verdict !== 'suspended' && isEnded(left.verdict)) throw over(left.verdict);
    const { token } = left;
    const entered = await this.enter(token.userId, wanted, null, requestId, userAgent);
    await this.options.database.withWorkspace(place, async (transaction) => {
      await this.end(transaction, token, 'SWITCHED', requestId);
    });
    return entered;
  }

  private async open(
    transaction: WorkspaceTransaction,
    userId: string,
    requestId: string,
    userAgent: string | null,
  ): Promise<{ access: IssuedAccessToken; refreshToken: string }> {
    const role = await transaction.queryOne(holdRole(userId));
    if (!role) throw noSuchWorkspace();
    const sessionId = newUuid();
    const token = createSecretToken();
    const at = this.now();
    const expiresAt = new Date(at.getTime() + refreshLifeMs);
    const session = { id: sessionId, userId, userAgent, at };
    await transaction.query(openSession(session, { id: newUuid(), hash: token.hash, expiresAt }));
    auditSession(transaction, userId, requestId, 'session.open', { role });
    return { access: await this.issue(transaction.workspaceId, userId, role, sessionId), refreshToken: token.token };
  }

  private refuseDemo({ isDemo }: SignInAccount): void {
    if (!isDemo || (this.options.demoPeople ?? true)) return;
    throw new CodedError(
      'INVALID_CREDENTIALS',
      'The demo people sign in on the machine itself only. Whoever runs it can let them in from elsewhere: DEMO_PEOPLE=true.',
      { reason: 'DEMO_PEOPLE' },
    );
  }

  /** The next refresh token: a new one, or within the grace the one that was made already. */
  private async succeed(
    transaction: WorkspaceTransaction,
    tokenId: string,
    token: TokenToSpend,
    verdict: 'fresh' | 'again',
    refreshToken: string,
  ): Promise<{ readonly token: string }> {
    return verdict === 'again'
      ? succeedSecretToken(refreshToken, token.successorSalt!)
      : this.rotate(transaction, tokenId, token, refreshToken);
  }

  private async rotate(transaction: WorkspaceTransaction, tokenId: string, token: TokenToSpend, refreshToken: string) {
    const at = this.now();
    const salt = randomBytes(32);
    const successor = succeedSecretToken(refreshToken, salt);
    const spent = {
      id: tokenId,
      sessionId: token.sessionId,
      at,
      salt,
      graceEndedBefore: new Date(at.getTime() - reuseGraceMs),
    };
    const stored = { id: newUuid(), hash: successor.hash, expiresAt: new Date(at.getTime() + refreshLifeMs) };
    await transaction.query(rotateToken(spent, stored));
    return successor;
  }

  private async verdictOn(
    transaction: WorkspaceTransaction,
    token: TokenToSpend | null,
    requestId: string,
  ): Promise<TokenVerdict | 'suspended'> {
    if (!token) return 'over';
    const verdict = await this.judge(transaction, token, requestId);
    return isEnded(verdict) || token.workspaceStatus === 'ACTIVE' ? verdict : 'suspended';
  }

  /** Judges a token, and ends its session when it was used twice. What ended must be committed, so nothing is thrown here. */
  private async judge(
    transaction: WorkspaceTransaction,
    token: TokenToSpend,
    requestId: string,
  ): Promise<TokenVerdict> {
    const verdict = judgeToken(token, this.now());
    if (verdict === 'reused') {
      await this.end(transaction, token, 'REUSED', requestId);
      this.options.logger.warn(
        { workspaceId: transaction.workspaceId, sessionId: token.sessionId, userId: token.userId },
        'a refresh token was used twice: its session is ended',
      );
    }
    return verdict;
  }

  /** Access tokens of a session that was left for another workspace stay good until they expire. */
  private async end(
    transaction: WorkspaceTransaction,
    { sessionId, userId }: TokenToSpend,
    reason: 'LOGOUT' | 'REUSED' | 'SWITCHED',
    requestId: string,
  ): Promise<void> {
    if (!(await transaction.queryOne(endSession(sessionId, reason)))) return;
    auditSession(transaction, userId, requestId, 'session.end', { reason });
    if (reason === 'SWITCHED') return;
    await transaction.query(revoke(newUuid(), { kind: 'session', subject: sessionId, at: new Date() }));
  }

  /** While the role is held: a change that commits later is stamped later. */
  private issue(workspaceId: string, userId: string, role: Role, sessionId: string): Promise<IssuedAccessToken> {
    return this.options.accessTokens.issue({ workspaceId, userId, role, sessionId }, new Date());
  }

  private async placeOf(refreshToken: string): Promise<TenantScope & { readonly id: string }> {
    const hash = hashSecretToken(refreshToken);
    const place = hash && (await findRefreshToken(this.options.database, hash));
    if (!place) throw over('over');
    return place;
  }
}

function auditSession(
  transaction: WorkspaceTransaction,
  userId: string,
  requestId: string,
  action: AuditAction,
  after: Readonly<Record<string, unknown>>,
): void {
  audit(transaction, {
    actor: { kind: 'user', id: userId },
    requestId,
    action,
    entityType: 'User',
    entityId: encodeId('user', userId),
    before: null,
    after,
  });
}

function isAmong(workspaces: readonly AccountWorkspace[], wanted: string): boolean {
  return workspaces.some(({ slug, workspaceId }) => slug === wanted || workspaceId === workspaceUuid(wanted));
}

function choose(
  workspaces: readonly AccountWorkspace[],
  wanted: string | null,
  lastWorkspaceId: string | null,
): AccountWorkspace {
  if (wanted !== null) {
    const found = workspaces.find((workspace) => isAmong([workspace], wanted));
    if (!found) throw noSuchWorkspace();
    if (!isActive(found)) throw workspaceSuspended();
    return found;
  }
  const active = workspaces.filter(isActive);
  const usual = active.find((workspace) => workspace.workspaceId === lastWorkspaceId) ?? active[0];
  if (!usual && workspaces.length > 0) throw workspaceSuspended();
  if (!usual)
    throw new CodedError('INVALID_CREDENTIALS', 'You do not belong to a workspace. Ask an owner of one to invite you.');
  return usual;
}

function isActive(workspace: AccountWorkspace): boolean {
  return workspace.status === 'ACTIVE';
}

function isEnded(verdict: TokenVerdict | 'suspended'): verdict is Ended {
  return verdict === 'over' || verdict === 'reused' || verdict === 'suspended';
}

function workspaceUuid(wanted: string): string | null {
  if (!wanted.startsWith('ws_')) return null;
  return decodeId(wanted).uuid;
}

function noSuchWorkspace(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'You do not belong to a workspace of this name.', { field: 'workspace' });
}

function over(verdict: Ended): CodedError {
  if (verdict === 'suspended') return workspaceSuspended();
  return new CodedError('INVALID_CREDENTIALS', 'This session has ended. Sign in again.', {
    reason: verdict === 'reused' ? 'REFRESH_TOKEN_REUSED' : 'SESSION_ENDED',
  });
}

function signedIn(
  access: IssuedAccessToken,
  refreshToken: string,
  workspaceId: string,
  workspaces: readonly AccountWorkspace[],
): SignedIn {
  return {
    ...access,
    refreshToken,
    refreshExpiresInSeconds: refreshLifeMs / 1000,
    workspaceId: encodeId('ws', workspaceId),
    workspaces: workspaces.map(({ workspaceId: id, slug, name, role }) => ({
      id: encodeId('ws', id),
      slug,
      name,
      role,
    })),
  };
}
