import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/**
 * People, workspaces, keys and sessions. `account` is the one global table: a person is one over all workspaces. No role of
 * the API may touch it; a few functions of schema `lookup` do, each as little as its purpose needs.
 */
export class Workspace0003 implements MigrationInterface {
  readonly name = 'Workspace1763700000003';

  async up(runner: QueryRunner): Promise<void> {
    await createAccount(runner);
    await createWorkspaceAndMembers(runner);
    await createKeys(runner);
    await createSessions(runner);
    await createLookups(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of [...lookups].reverse()) await runner.query(`drop function lookup.${signature}`);
    for (const table of [
      'revocation',
      'refresh_token',
      'session',
      'invitation',
      'api_key',
      'member',
      'workspace',
      'account',
    ]) {
      await runner.query(`drop table ${table}`);
    }
  }
}

async function createAccount(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table account (
      id uuid primary key,
      email text collate "C" not null check (email = lower(email)),
      display_name text not null,
      password_hash text,
      last_workspace_id uuid,
      is_demo boolean not null default false,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now()
    )`);
  await runner.query('create unique index account_email on account (email)');
  await runner.query('revoke all on account from public');
  await runner.query(
    'grant select, insert, update (password_hash, last_workspace_id, updated_at) on account to resolver',
  );
}

async function createWorkspaceAndMembers(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table workspace (
      workspace_id uuid primary key,
      slug text collate "C" not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$'),
      name text not null,
      settings jsonb not null default '{}',
      status text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED')),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now()
    )`);
  // Not unique: a unique key would have to lead with workspace_id. createWorkspace takes a lock and looks.
  await runner.query('create index workspace_slug on workspace (slug)');
  await lockTenantTable(runner, 'workspace', ['select', 'insert', 'update']);
  await openToLookup(runner, 'workspace', ['workspace_id', 'slug', 'name', 'settings', 'status', 'created_at']);
  await runner.query(`
    create table member (
      workspace_id uuid not null references workspace (workspace_id),
      id uuid not null,
      user_id uuid not null references account (id),
      display_name text not null,
      email text not null,
      role text not null check (role in ('OWNER', 'ADMIN', 'OPERATOR', 'VIEWER')),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id),
      unique (workspace_id, user_id)
    )`);
  await runner.query('create index member_user on member (user_id)');
  await lockTenantTable(runner, 'member', ['select', 'insert', 'update', 'delete']);
  await openToLookup(runner, 'member', ['workspace_id', 'user_id', 'role']);
  await runner.query(`
    create table invitation (
      workspace_id uuid not null references workspace (workspace_id),
      id uuid not null,
      email text not null,
      display_name text not null,
      role text not null check (role in ('OWNER', 'ADMIN', 'OPERATOR', 'VIEWER')),
      token_hash bytea not null,
      expires_at timestamptz(3) not null,
      accepted_at timestamptz(3),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
  await runner.query('create index invitation_token on invitation (token_hash)');
  await lockTenantTable(runner, 'invitation', ['select', 'insert', 'update']);
  await openToLookup(runner, 'invitation', ['workspace_id', 'id', 'email', 'token_hash', 'accepted_at', 'expires_at']);
}

async function createKeys(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table api_key (
      workspace_id uuid not null references workspace (workspace_id),
      id uuid not null,
      name text not null,
      key_id text collate "C" not null,
      secret_hash bytea not null,
      scopes text[] not null,
      role text not null check (role in ('ADMIN', 'OPERATOR', 'VIEWER')),
      created_by uuid not null,
      expires_at timestamptz(3),
      last_used_at timestamptz(3),
      revoked_at timestamptz(3),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
  await runner.query('create index api_key_key_id on api_key (key_id)');
  await lockTenantTable(runner, 'api_key', ['select', 'insert', 'update']);
  await openToLookup(runner, 'api_key', [
    'workspace_id',
    'id',
    'key_id',
    'secret_hash',
    'scopes',
    'role',
    'expires_at',
    'last_used_at',
    'revoked_at',
  ]);
}

async function createSessions(runner: QueryRunner): Promise<void> {
  // A session is a family of refresh tokens: each is used once and makes the next.
  await runner.query(`
    create table session (
      workspace_id uuid not null references workspace (workspace_id),
      id uuid not null,
      user_id uuid not null,
      ended_at timestamptz(3),
      end_reason text check (end_reason in ('LOGOUT', 'SWITCHED', 'REUSED', 'REMOVED')),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
  await runner.query('create index session_of_user on session (workspace_id, user_id)');
  await lockTenantTable(runner, 'session', ['select', 'insert', 'update', 'delete']);
  await runner.query(`
    create table refresh_token (
      workspace_id uuid not null,
      id uuid not null,
      session_id uuid not null,
      token_hash bytea not null,
      expires_at timestamptz(3) not null,
      rotated_at timestamptz(3),
      successor_salt bytea,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id),
      foreign key (workspace_id, session_id) references session (workspace_id, id) on delete cascade
    )`);
  await runner.query('create index refresh_token_hash on refresh_token (token_hash)');
  await runner.query('create index refresh_token_session on refresh_token (workspace_id, session_id)');
  await lockTenantTable(runner, 'refresh_token', ['select', 'insert', 'update', 'delete']);
  await openToLookup(runner, 'refresh_token', ['workspace_id', 'id', 'token_hash']);
  // What access tokens and cached keys that are still out there must no longer be worth. Read by every gateway, each second.
  await runner.query(`
    create table revocation (
      workspace_id uuid not null references workspace (workspace_id),
      id uuid not null,
      kind text not null check (kind in ('session', 'user', 'apiKey')),
      subject uuid not null,
      at timestamptz(3) not null default clock_timestamp(),
      primary key (workspace_id, id)
    )`);
  await runner.query('create index revocation_at on revocation (at)');
  await lockTenantTable(runner, 'revocation', ['select', 'insert', 'delete']);
  await openToLookup(runner, 'revocation', ['workspace_id', 'kind', 'subject', 'at']);
}

const lookups = [
  'sign_in_account(text)',
  'workspaces_of_account(uuid)',
  'refresh_token_by_hash(bytea)',
  'invitation_by_hash(bytea)',
  'api_key_by_key_id(text)',
  'revocations_since(timestamptz)',
  'workspace_by_slug(text)',
  'has_demo_accounts()',
  'create_account(uuid, text, text, text, boolean)',
  'set_first_password(bytea, text)',
  'note_workspace_used(uuid, uuid)',
];

async function createLookups(runner: QueryRunner): Promise<void> {
  await createLookup(runner, {
    signature: 'sign_in_account(wanted_email text)',
    returns: 'table (account_id uuid, password_hash text, last_workspace_id uuid)',
    body: `select a.id, a.password_hash, a.last_workspace_id from public.account a where a.email = lower(wanted_email) collate "C"`,
  });
  await createLookup(runner, {
    signature: 'workspaces_of_account(wanted_account uuid)',
    returns:
      'table (workspace_id uuid, slug text, name text, settings jsonb, status text, created_at timestamptz, role text)',
    body: `select w.workspace_id, w.slug, w.name, w.settings, w.status, w.created_at, m.role
           from public.member m join public.workspace w on w.workspace_id = m.workspace_id
           where m.user_id = wanted_account order by w.slug limit 250`,
  });
  await createLookup(runner, {
    signature: 'refresh_token_by_hash(wanted_hash bytea)',
    returns: 'table (workspace_id uuid, token_id uuid)',
    body: 'select t.workspace_id, t.id from public.refresh_token t where t.token_hash = wanted_hash',
  });
  await createLookup(runner, {
    signature: 'invitation_by_hash(wanted_hash bytea)',
    returns: 'table (workspace_id uuid, invitation_id uuid)',
    body: 'select i.workspace_id, i.id from public.invitation i where i.token_hash = wanted_hash',
  });
  await createLookup(runner, {
    signature: 'api_key_by_key_id(wanted_key_id text)',
    returns: `table (workspace_id uuid, id uuid, secret_hash bytea, scopes text[], role text, expires_at timestamptz,
              last_used_at timestamptz, revoked_at timestamptz, workspace_status text)`,
    body: `select k.workspace_id, k.id, k.secret_hash, k.scopes, k.role, k.expires_at, k.last_used_at, k.revoked_at, w.status
           from public.api_key k join public.workspace w on w.workspace_id = k.workspace_id
           where k.key_id = wanted_key_id collate "C"`,
  });
  await createLookup(runner, {
    signature: 'revocations_since(since timestamptz)',
    returns: 'table (workspace_id uuid, kind text, subject uuid, at timestamptz)',
    body: 'select r.workspace_id, r.kind, r.subject, r.at from public.revocation r where r.at >= since order by r.at',
  });
  await createLookup(runner, {
    signature: 'workspace_by_slug(wanted_slug text)',
    returns: 'table (workspace_id uuid)',
    body: 'select w.workspace_id from public.workspace w where w.slug = wanted_slug collate "C"',
  });
  await createLookup(runner, {
    signature: 'has_demo_accounts()',
    returns: 'table (found boolean)',
    body: 'select exists (select from public.account a where a.is_demo)',
  });
  await createLookup(runner, {
    signature:
      'create_account(new_id uuid, new_email text, new_display_name text, new_password_hash text, demo boolean)',
    returns: 'table (account_id uuid)',
    volatility: 'volatile',
    // An account that exists is only named: nobody can overwrite its password through an invitation.
    body: `with created as (
             insert into public.account (id, email, display_name, password_hash, is_demo)
             values (new_id, lower(new_email), new_display_name, new_password_hash, demo)
             on conflict (email) do nothing returning id
           )
           select id from created
           union all
           select a.id from public.account a where a.email = lower(new_email) collate "C" limit 1`,
  });
  await createLookup(runner, {
    signature: 'set_first_password(invitation_hash bytea, new_password_hash text)',
    returns: 'table (account_id uuid)',
    volatility: 'volatile',
    body: `update public.account a set password_hash = new_password_hash, updated_at = now()
           from public.invitation i
           where i.token_hash = invitation_hash and i.accepted_at is null and i.expires_at > now()
             and a.email = lower(i.email) and a.password_hash is null
           returning a.id`,
  });
  await createLookup(runner, {
    signature: 'note_workspace_used(wanted_account uuid, used_workspace uuid)',
    returns: 'void',
    volatility: 'volatile',
    body: `update public.account set last_workspace_id = used_workspace, updated_at = now()
           where id = wanted_account and last_workspace_id is distinct from used_workspace`,
  });
}
