import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup } from '@tributary/data';

/** Passwords that people change and operators let them set anew, and sessions that their person knows by what used them, and when. */
export class Accounts0018 implements MigrationInterface {
  readonly name = 'Accounts1763700000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table session add column user_agent text, add column last_used_at timestamptz(3)');
    await limitReasons(runner, ['LOGOUT', 'SWITCHED', 'REUSED', 'REMOVED', 'REVOKED', 'PASSWORD']);
    // One link at a time: the next takes the place of the one before.
    await runner.query('alter table account add column reset_hash bytea, add column reset_expires_at timestamptz(3)');
    await runner.query('create unique index account_reset on account (reset_hash) where reset_hash is not null');
    await runner.query('grant update (reset_hash, reset_expires_at) on account to resolver');
    await replaceSignInAccount(runner, ', is_demo boolean', ', a.is_demo');
    await createLookup(runner, {
      signature: 'password_of_account(wanted_account uuid)',
      returns: 'table (password_hash text)',
      body: 'select a.password_hash from public.account a where a.id = wanted_account',
    });
    await createLookup(runner, {
      signature: 'change_password(wanted_account uuid, known_hash text, new_hash text)',
      returns: 'table (account_id uuid)',
      volatility: 'volatile',
      body: `update public.account a set password_hash = new_hash, reset_hash = null, reset_expires_at = null, updated_at = now()
             where a.id = wanted_account and a.password_hash = known_hash returning a.id`,
    });
    await createLookup(runner, {
      signature: 'open_password_reset(wanted_email text, new_hash bytea, good_until timestamptz)',
      returns: 'table (account_id uuid)',
      volatility: 'volatile',
      body: `update public.account a set reset_hash = new_hash, reset_expires_at = good_until, updated_at = now()
             where a.email = lower(wanted_email) collate "C" returning a.id`,
    });
    await createLookup(runner, {
      signature: 'reset_password(wanted_hash bytea, new_hash text)',
      returns: 'table (account_id uuid, last_workspace_id uuid)',
      volatility: 'volatile',
      body: `update public.account a set password_hash = new_hash, reset_hash = null, reset_expires_at = null, updated_at = now()
             where a.reset_hash = wanted_hash and a.reset_expires_at > now() returning a.id, a.last_workspace_id`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.reset_password(bytea, text)');
    await runner.query('drop function lookup.open_password_reset(text, bytea, timestamptz)');
    await runner.query('drop function lookup.change_password(uuid, text, text)');
    await runner.query('drop function lookup.password_of_account(uuid)');
    await replaceSignInAccount(runner, '', '');
    await runner.query('alter table account drop column reset_hash, drop column reset_expires_at');
    await runner.query(`delete from session where end_reason in ('REVOKED', 'PASSWORD')`);
    await limitReasons(runner, ['LOGOUT', 'SWITCHED', 'REUSED', 'REMOVED']);
    await runner.query('alter table session drop column user_agent, drop column last_used_at');
  }
}

async function limitReasons(runner: QueryRunner, reasons: readonly string[]): Promise<void> {
  const texts = reasons.map((reason) => `'${reason}'`).join(', ');
  await runner.query('alter table session drop constraint session_end_reason_check');
  await runner.query(`alter table session add constraint session_end_reason_check check (end_reason in (${texts}))`);
}

async function replaceSignInAccount(runner: QueryRunner, column: string, value: string): Promise<void> {
  await runner.query('drop function lookup.sign_in_account(text)');
  await createLookup(runner, {
    signature: 'sign_in_account(wanted_email text)',
    returns: `table (account_id uuid, password_hash text, last_workspace_id uuid${column})`,
    body: `select a.id, a.password_hash, a.last_workspace_id${value} from public.account a
           where a.email = lower(wanted_email) collate "C"`,
  });
}
