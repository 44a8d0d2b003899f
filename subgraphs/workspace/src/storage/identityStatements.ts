import type { WorkspaceStatus } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import type { Role } from '@tributary/contracts/roles';
import { unfilteredSql } from '@tributary/data';
import type { Database, Row, Statement } from '@tributary/data';
import type { Settings } from './WorkspaceRow.js';

/** What is read (and, for accounts, written) before a workspace is known: one function each, and the least that it needs. */

export interface SignInAccount {
  readonly accountId: string;
  /** Null while the person has not accepted an invitation. */
  readonly passwordHash: string | null;
  readonly lastWorkspaceId: string | null;
  /** Of embedded mode, with a password that everybody knows. */
  readonly isDemo: boolean;
}

export async function findSignInAccount(database: Database, email: string): Promise<SignInAccount | null> {
  const [row] = await database.lookup('sign_in_account', [email]);
  if (!row) return null;
  return {
    accountId: row['account_id'] as string,
    passwordHash: row['password_hash'] as string | null,
    lastWorkspaceId: row['last_workspace_id'] as string | null,
    isDemo: row['is_demo'] as boolean,
  };
}

/** In the caller's transaction: the hash of an account's password. Null when it has none yet. */
export function passwordOfAccount(accountId: string): Statement<string | null> {
  const statement = unfilteredSql('workspace.passwordOfAccount', 'select * from lookup.password_of_account($1)', [
    accountId,
  ]);
  return { ...statement, map: (row) => row['password_hash'] as string | null };
}

/** In the caller's transaction. No row when the password is another by now. */
export function changePassword(accountId: string, knownHash: string, newHash: string): Statement {
  return unfilteredSql('workspace.changePassword', 'select * from lookup.change_password($1, $2, $3)', [
    accountId,
    knownHash,
    newHash,
  ]);
}

/** Keeps the hash of a one-time link for a new password. Answers the account; null when the e-mail has none. */
export async function openPasswordReset(
  database: Database,
  email: string,
  tokenHash: Buffer,
  until: Date,
): Promise<string | null> {
  const [row] = await database.lookup('open_password_reset', [email, tokenHash, until]);
  return (row?.['account_id'] as string | undefined) ?? null;
}

/** Sets the password on the strength of a link that is good, and spends it. Null when it is not. */
export async function resetPassword(
  database: Database,
  tokenHash: Buffer,
  newHash: string,
): Promise<{ accountId: string; lastWorkspaceId: string | null } | null> {
  const [row] = await database.lookup('reset_password', [tokenHash, newHash]);
  if (!row) return null;
  return { accountId: row['account_id'] as string, lastWorkspaceId: row['last_workspace_id'] as string | null };
}

export interface AccountWorkspace {
  readonly workspaceId: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: Settings;
  readonly status: WorkspaceStatus;
  readonly createdAt: Date;
  /** The person's role there. */
  readonly role: Role;
}

/** What a person belongs to. `isWhole`: no node of the database was away that may know more. */
interface KnownWorkspaces {
  readonly workspaces: AccountWorkspace[];
  readonly isWhole: boolean;
}

/** Every workspace that a person belongs to and that can be reached, by slug, suspended ones included; at most 250. */
export async function findKnownWorkspaces(database: Database, accountId: string): Promise<KnownWorkspaces> {
  const { rows, isWhole } = await database.lookupParts('workspaces_of_account', [accountId]);
  return { workspaces: rows.map(toAccountWorkspace), isWhole };
}

/** Every workspace that a person belongs to, by slug, suspended ones included; at most 250. Throws SERVICE_UNAVAILABLE when one may be missing. */
export async function findWorkspacesOfAccount(database: Database, accountId: string): Promise<AccountWorkspace[]> {
  const { workspaces, isWhole } = await findKnownWorkspaces(database, accountId);
  if (!isWhole) throw partOfDatabaseAway();
  return workspaces;
}

/** For what may lie where nobody answers now. */
export function partOfDatabaseAway(): CodedError {
  return new CodedError('SERVICE_UNAVAILABLE', 'A part of the database cannot be reached right now. Try again.');
}

/** The same in the caller's transaction. */
export function workspacesOfAccount(accountId: string): Statement<AccountWorkspace> {
  const statement = unfilteredSql('workspace.workspacesOfAccount', 'select * from lookup.workspaces_of_account($1)', [
    accountId,
  ]);
  return { ...statement, map: toAccountWorkspace };
}

function toAccountWorkspace(row: Row): AccountWorkspace {
  return {
    workspaceId: row['workspace_id'] as string,
    slug: row['slug'] as string,
    name: row['name'] as string,
    settings: row['settings'] as Settings,
    status: row['status'] as WorkspaceStatus,
    createdAt: row['created_at'] as Date,
    role: row['role'] as Role,
  };
}

/** A row that was found by a secret's hash. */
export interface PlaceOfSecret {
  readonly workspaceId: string;
  readonly id: string;
}

export async function findRefreshToken(database: Database, tokenHash: Buffer): Promise<PlaceOfSecret | null> {
  const [row] = await database.lookup('refresh_token_by_hash', [tokenHash]);
  return row ? { workspaceId: row['workspace_id'] as string, id: row['token_id'] as string } : null;
}

export async function findInvitation(database: Database, tokenHash: Buffer): Promise<PlaceOfSecret | null> {
  const [row] = await database.lookup('invitation_by_hash', [tokenHash]);
  return row ? { workspaceId: row['workspace_id'] as string, id: row['invitation_id'] as string } : null;
}

export interface KeyToCheck {
  readonly workspaceId: string;
  readonly id: string;
  readonly secretHash: Buffer;
  /** The secret before, and until when it is good; both null when there is none. */
  readonly previousHash: Buffer | null;
  readonly previousUntil: Date | null;
  readonly scopes: string[];
  readonly role: Role;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly workspaceStatus: WorkspaceStatus;
}

/** Keys with this public part: one, save for a collision of 71 random bits. */
export async function findKeysByKeyId(database: Database, keyId: string): Promise<KeyToCheck[]> {
  const rows = await database.lookup('api_key_by_key_id', [keyId]);
  return rows.map((row) => ({
    workspaceId: row['workspace_id'] as string,
    id: row['id'] as string,
    secretHash: row['secret_hash'] as Buffer,
    previousHash: row['previous_hash'] as Buffer | null,
    previousUntil: row['previous_until'] as Date | null,
    scopes: row['scopes'] as string[],
    role: row['role'] as Role,
    expiresAt: row['expires_at'] as Date | null,
    lastUsedAt: row['last_used_at'] as Date | null,
    revokedAt: row['revoked_at'] as Date | null,
    workspaceStatus: row['workspace_status'] as WorkspaceStatus,
  }));
}

export interface RevocationRow {
  readonly workspaceId: string;
  readonly kind: 'session' | 'user' | 'apiKey' | 'apiKeySecret';
  readonly subject: string;
  readonly at: Date;
}

/** `isWhole`: no node of the database was away, where more may be. */
export async function findRevocationsSince(
  database: Database,
  since: Date,
): Promise<{ rows: RevocationRow[]; isWhole: boolean }> {
  const { rows, isWhole } = await database.lookupParts('revocations_since', [since]);
  const found = rows.map((row) => ({
    workspaceId: row['workspace_id'] as string,
    kind: row['kind'] as RevocationRow['kind'],
    subject: row['subject'] as string,
    at: row['at'] as Date,
  }));
  return { rows: found, isWhole };
}

/** Bare uuids, in order. */
export async function findSuspendedWorkspaces(database: Database): Promise<string[]> {
  return (await database.lookup('suspended_workspaces', [])).map((row) => row['workspace_id'] as string);
}

export async function findWorkspaceBySlug(database: Database, slug: string): Promise<string | null> {
  const [row] = await database.lookup('workspace_by_slug', [slug]);
  return (row?.['workspace_id'] as string | undefined) ?? null;
}

export async function hasDemoAccounts(database: Database): Promise<boolean> {
  const [row] = await database.lookup('has_demo_accounts', []);
  return row?.['found'] === true;
}

export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  /** Null until the first invitation is accepted. */
  readonly passwordHash: string | null;
  readonly isDemo: boolean;
}

/** Creates an account, unless the e-mail has one, which is then left as it is. Answers the account's id. */
export async function ensureAccount(database: Database, account: NewAccount): Promise<string> {
  const [row] = await database.lookupThatWrites('create_account', [
    account.id,
    account.email,
    account.displayName,
    account.passwordHash,
    account.isDemo,
  ]);
  // A concurrent creation of the same e-mail is not visible to the statement that lost: the next one sees it.
  return row ? (row['account_id'] as string) : ensureAccount(database, account);
}

/** Sets the password of an account that has none, on the strength of a pending invitation. False when there is nothing to set. */
export async function setFirstPassword(
  database: Database,
  invitationHash: Buffer,
  passwordHash: string,
): Promise<boolean> {
  return (await database.lookupThatWrites('set_first_password', [invitationHash, passwordHash])).length > 0;
}

export async function noteWorkspaceUsed(database: Database, accountId: string, workspaceId: string): Promise<void> {
  await database.lookupThatWrites('note_workspace_used', [accountId, workspaceId]);
}
