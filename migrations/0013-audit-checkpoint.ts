import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, openToLookup } from '@tributary/data';

/**
 * What the audit trail is judged by. Checkpoints lie in schema `jobs`, which belongs to role `worker` and which `app` cannot read;
 * `worker` sees of the trail its heads and hashes, nothing of what was done.
 */
export class AuditCheckpoint0013 implements MigrationInterface {
  readonly name = 'AuditCheckpoint1763700000013';

  async up(runner: QueryRunner): Promise<void> {
    await openToLookup(runner, 'audit_head', ['workspace_id', 'last_number', 'last_hash']);
    await openToLookup(runner, 'audit_entry', ['workspace_id', 'number', 'hash']);
    await createLookup(runner, {
      signature: 'audit_heads(after_workspace uuid, most integer)',
      returns: 'table (workspace_id uuid, last_number bigint, last_hash bytea)',
      body: `select h.workspace_id, h.last_number, h.last_hash from public.audit_head h
             where h.workspace_id > after_workspace order by h.workspace_id limit most`,
    });
    await createLookup(runner, {
      signature: 'audit_hash_at(wanted_workspace uuid, wanted_number bigint)',
      returns: 'bytea',
      body: `select e.hash from public.audit_entry e where e.workspace_id = wanted_workspace and e.number = wanted_number`,
    });
    await runner.query('revoke execute on function lookup.audit_heads(uuid, integer) from app');
    await runner.query('revoke execute on function lookup.audit_hash_at(uuid, bigint) from app');
    // Rights keep `app` from changing an entry; this keeps the owner from doing it by mistake.
    await runner.query(`
      create function audit_is_final() returns trigger language plpgsql set search_path = '' as $body$
      begin
        raise exception 'entries of the audit trail are never changed or deleted' using errcode = '42501';
      end $body$`);
    await runner.query('revoke all on function audit_is_final() from public');
    await runner.query(
      'create trigger audit_is_final before update or delete or truncate on audit_entry for each statement execute function audit_is_final()',
    );
    await runner.query('set local role worker');
    await runner.query(`
      create table jobs.audit_checkpoint (
        workspace_id uuid not null,
        number bigint not null,
        hash bytea not null,
        at timestamptz(3) not null,
        signature bytea not null,
        primary key (workspace_id, number)
      )`);
    await runner.query('set local role owner');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('set local role worker');
    await runner.query('drop table jobs.audit_checkpoint');
    await runner.query('set local role owner');
    await runner.query('drop trigger audit_is_final on audit_entry');
    await runner.query('drop function audit_is_final()');
    await runner.query('drop function lookup.audit_hash_at(uuid, bigint)');
    await runner.query('drop function lookup.audit_heads(uuid, integer)');
    for (const table of ['audit_entry', 'audit_head']) {
      await runner.query(`revoke all on ${table} from resolver`);
      await runner.query(`drop policy lookup on ${table}`);
    }
  }
}
