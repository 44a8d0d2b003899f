import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup } from '@tributary/data';

/** Invitations that can be taken back, and API keys whose secret can be rolled while the old one stays good for a time. */
export class People0011 implements MigrationInterface {
  readonly name = 'People1763700000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table invitation add column revoked_at timestamptz(3)');
    await runner.query('grant select (revoked_at) on invitation to resolver');
    await createSetFirstPassword(runner, 'and i.revoked_at is null');
    await runner.query(
      'alter table api_key add column previous_hash bytea, add column previous_until timestamptz(3), add check ((previous_hash is null) = (previous_until is null))',
    );
    await runner.query('grant select (previous_hash, previous_until) on api_key to resolver');
    await runner.query('drop function lookup.api_key_by_key_id(text)');
    await createLookup(runner, {
      signature: 'api_key_by_key_id(wanted_key_id text)',
      returns: `table (workspace_id uuid, id uuid, secret_hash bytea, previous_hash bytea, previous_until timestamptz, scopes text[],
                role text, expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz, workspace_status text)`,
      body: `select k.workspace_id, k.id, k.secret_hash, k.previous_hash, k.previous_until, k.scopes, k.role, k.expires_at,
               k.last_used_at, k.revoked_at, w.status
             from public.api_key k join public.workspace w on w.workspace_id = k.workspace_id
             where k.key_id = wanted_key_id collate "C"`,
    });
    await limitKinds(runner, ['session', 'user', 'apiKey', 'apiKeySecret']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from revocation where kind = 'apiKeySecret'`);
    await limitKinds(runner, ['session', 'user', 'apiKey']);
    await runner.query('drop function lookup.api_key_by_key_id(text)');
    await createLookup(runner, {
      signature: 'api_key_by_key_id(wanted_key_id text)',
      returns: `table (workspace_id uuid, id uuid, secret_hash bytea, scopes text[], role text, expires_at timestamptz,
                last_used_at timestamptz, revoked_at timestamptz, workspace_status text)`,
      body: `select k.workspace_id, k.id, k.secret_hash, k.scopes, k.role, k.expires_at, k.last_used_at, k.revoked_at, w.status
             from public.api_key k join public.workspace w on w.workspace_id = k.workspace_id
             where k.key_id = wanted_key_id collate "C"`,
    });
    await runner.query('alter table api_key drop column previous_hash, drop column previous_until');
    await createSetFirstPassword(runner, '');
    await runner.query('alter table invitation drop column revoked_at');
  }
}

async function createSetFirstPassword(runner: QueryRunner, condition: string): Promise<void> {
  await runner.query('drop function lookup.set_first_password(bytea, text)');
  await createLookup(runner, {
    signature: 'set_first_password(invitation_hash bytea, new_password_hash text)',
    returns: 'table (account_id uuid)',
    volatility: 'volatile',
    body: `update public.account a set password_hash = new_password_hash, updated_at = now()
           from public.invitation i
           where i.token_hash = invitation_hash and i.accepted_at is null and i.expires_at > now() ${condition}
             and a.email = lower(i.email) and a.password_hash is null
           returning a.id`,
  });
}

async function limitKinds(runner: QueryRunner, kinds: readonly string[]): Promise<void> {
  await runner.query('alter table revocation drop constraint revocation_kind_check');
  await runner.query(
    `alter table revocation add constraint revocation_kind_check check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`,
  );
}
