import type { WorkspaceStatus } from '@tributary/contracts/values';
import type { Role } from '@tributary/contracts/roles';
import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

export type EndReason = 'LOGOUT' | 'SWITCHED' | 'REUSED' | 'REMOVED' | 'REVOKED' | 'PASSWORD';

export interface NewRefreshToken {
  readonly id: string;
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** The person's role, held against a change until the end of the transaction; no row when they do not belong or the workspace is suspended. */
export function holdRole(userId: string): Statement<Role> {
  return sql(
    'workspace.holdRole',
    `select m.role from member m join workspace w on w.workspace_id = m.workspace_id
     where m.workspace_id = $1 and m.user_id = $2 and w.status = 'ACTIVE' for share of m`,
    [userId],
    (row) => row['role'] as Role,
  );
}

export function openSession(
  session: { readonly id: string; readonly userId: string; readonly userAgent: string | null; readonly at: Date },
  token: NewRefreshToken,
): Statement {
  return sql(
    'workspace.openSession',
    `with opened as (
       insert into session (workspace_id, id, user_id, user_agent, last_used_at) values ($1, $2, $3, $4, $5)
     )
     insert into refresh_token (workspace_id, id, session_id, token_hash, expires_at) values ($1, $6, $2, $7, $8)`,
    [session.id, session.userId, session.userAgent, session.at, token.id, token.hash, token.expiresAt],
  );
}

export interface TokenToSpend {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly rotatedAt: Date | null;
  readonly successorSalt: Buffer | null;
  readonly endedAt: Date | null;
  readonly workspaceStatus: WorkspaceStatus;
}

/** A refresh token with its session, both locked: who uses the session at the same time waits. */
export function lockToken(tokenId: string): Statement<TokenToSpend> {
  return sql(
    'workspace.lockToken',
    `select t.session_id, s.user_id, t.expires_at, t.rotated_at, t.successor_salt, s.ended_at, w.status
     from refresh_token t
     join session s on s.workspace_id = t.workspace_id and s.id = t.session_id
     join workspace w on w.workspace_id = t.workspace_id
     where t.workspace_id = $1 and t.id = $2 for update of s, t`,
    [tokenId],
    (row) => ({
      sessionId: row['session_id'] as string,
      userId: row['user_id'] as string,
      expiresAt: row['expires_at'] as Date,
      rotatedAt: row['rotated_at'] as Date | null,
      successorSalt: row['successor_salt'] as Buffer | null,
      endedAt: row['ended_at'] as Date | null,
      workspaceStatus: row['status'] as WorkspaceStatus,
    }),
  );
}

/** Marks a token as spent and stores its successor. Salts older than the grace, and tokens past their time, are taken away. */
export function rotateToken(
  spent: {
    readonly id: string;
    readonly sessionId: string;
    readonly at: Date;
    readonly salt: Buffer;
    readonly graceEndedBefore: Date;
  },
  successor: NewRefreshToken,
): Statement {
  return sql(
    'workspace.rotateToken',
    `with used as (
       update session set last_used_at = $4, updated_at = $4 where workspace_id = $1 and id = $3
     ), spent as (
       update refresh_token set rotated_at = $4, successor_salt = $5, updated_at = $4 where workspace_id = $1 and id = $2
     ), stale as (
       update refresh_token set successor_salt = null
       where workspace_id = $1 and session_id = $3 and id <> $2 and expires_at >= $4 and rotated_at < $6 and successor_salt is not null
     ), expired as (
       delete from refresh_token where workspace_id = $1 and session_id = $3 and id <> $2 and expires_at < $4
     )
     insert into refresh_token (workspace_id, id, session_id, token_hash, expires_at) values ($1, $7, $3, $8, $9)`,
    [
      spent.id,
      spent.sessionId,
      spent.at,
      spent.salt,
      spent.graceEndedBefore,
      successor.id,
      successor.hash,
      successor.expiresAt,
    ],
  );
}

/** Ends a session that has not ended. No row when it had. */
export function endSession(sessionId: string, reason: EndReason): Statement<string> {
  return sql(
    'workspace.endSession',
    `update session set ended_at = now(), end_reason = $3, updated_at = now()
     where workspace_id = $1 and id = $2 and ended_at is null returning id`,
    [sessionId, reason],
    (row) => row['id'] as string,
  );
}

/** Ends every session of a person in this workspace. */
export function endSessionsOf(userId: string, reason: EndReason): Statement {
  return sql(
    'workspace.endSessionsOf',
    `update session set ended_at = now(), end_reason = $3, updated_at = now()
     where workspace_id = $1 and user_id = $2 and ended_at is null`,
    [userId, reason],
  );
}

export interface OpenSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly userAgent: string | null;
}

/** A person's open sessions in this workspace that can still be refreshed, the last used first; at most `most`. */
export function openSessionsOf(userId: string, most: number): Statement<OpenSession> {
  return sql(
    'workspace.openSessionsOf',
    `select s.id, s.created_at, coalesce(s.last_used_at, s.created_at) as last_used_at, s.user_agent
     from session s
     where s.workspace_id = $1 and s.user_id = $2 and s.ended_at is null and exists (
       select from refresh_token t
       where t.workspace_id = $1 and t.session_id = s.id and t.rotated_at is null and t.expires_at > now())
     order by coalesce(s.last_used_at, s.created_at) desc, s.id desc limit $3`,
    [userId, most],
    (row) => ({
      id: row['id'] as string,
      createdAt: row['created_at'] as Date,
      lastUsedAt: row['last_used_at'] as Date,
      userAgent: row['user_agent'] as string | null,
    }),
  );
}

/** A session of a person, whether it has ended or not, locked. No row when it is not theirs or not of this workspace. */
export function lockSessionOf(userId: string, sessionId: string): Statement<OpenSession> {
  return sql(
    'workspace.lockSessionOf',
    `select s.id, s.created_at, coalesce(s.last_used_at, s.created_at) as last_used_at, s.user_agent
     from session s where s.workspace_id = $1 and s.user_id = $2 and s.id = $3 for update`,
    [userId, sessionId],
    (row) => ({
      id: row['id'] as string,
      createdAt: row['created_at'] as Date,
      lastUsedAt: row['last_used_at'] as Date,
      userAgent: row['user_agent'] as string | null,
    }),
  );
}

/**
 * Ends a person's sessions in this workspace but `kept`, and answers those whose access tokens may still be good: a session that was
 * left for another workspace has ended, and its tokens have not.
 */
export function endOtherSessions(userId: string, kept: string | null, reason: EndReason): Statement<string> {
  return sql(
    'workspace.endOtherSessions',
    `update session set ended_at = least(ended_at, now()), end_reason = $4, updated_at = now()
     where workspace_id = $1 and user_id = $2 and id is distinct from $3::uuid
       and (ended_at is null or (end_reason = 'SWITCHED' and ended_at > now() - interval '70 minutes'))
     returning id`,
    [userId, kept, reason],
    (row) => row['id'] as string,
  );
}

/** Tells every gateway what is worth nothing any more. What every token has outlived is taken away. */
export function revoke(
  id: string,
  revocation: {
    readonly kind: 'session' | 'user' | 'apiKey' | 'apiKeySecret';
    readonly subject: string;
    readonly at: Date;
  },
): Statement {
  return sql(
    'workspace.revoke',
    `with outlived as (delete from revocation where workspace_id = $1 and at < now() - interval '2 hours')
     insert into revocation (workspace_id, id, kind, subject, at) values ($1, $2, $3, $4, $5)`,
    [id, revocation.kind, revocation.subject, revocation.at],
  );
}

/** Returns a row for each refresh token that is gone; a session goes with its last one. */
export function deleteTokens(before: Date, most: number): Statement {
  return sql(
    'workspace.deleteTokens',
    `with due as (
       select t.id, t.session_id from refresh_token t where t.workspace_id = $1 and t.expires_at < $2
       order by t.expires_at limit $3 for update skip locked
     ), gone as (
       delete from refresh_token t using due where t.workspace_id = $1 and t.id = due.id returning 1
     ), ended as (
       delete from session s where s.workspace_id = $1 and s.id in (select session_id from due)
       and not exists (
         select from refresh_token t where t.workspace_id = $1 and t.session_id = s.id and t.id not in (select id from due))
     )
     select 1 from gone`,
    [before, most],
  );
}
