import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/**
 * How far each part has come with taking out of a workspace's rows the credentials that were stored before imports left them out.
 */
export class StoredCredentials0023 implements MigrationInterface {
  readonly name = 'StoredCredentials1763700000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table credential_sweep (
        workspace_id uuid not null,
        part text collate "C" not null check (part in ('asset', 'flow')),
        position text not null,
        rows_changed integer not null default 0,
        values_removed integer not null default 0,
        finished_at timestamptz(3),
        primary key (workspace_id, part)
      )`);
    await lockTenantTable(runner, 'credential_sweep', ['select', 'insert', 'update']);
    await openToLookup(runner, 'credential_sweep', ['workspace_id', 'part', 'finished_at']);
    await createLookup(runner, {
      signature: 'workspaces_to_sweep(wanted_part text, most integer)',
      returns: 'table (workspace_id uuid)',
      body: `select w.workspace_id from public.workspace w
             where not exists (select from public.credential_sweep s
               where s.workspace_id = w.workspace_id and s.part = wanted_part and s.finished_at is not null)
             order by w.workspace_id limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.workspaces_to_sweep(text, integer)');
    await runner.query('drop table credential_sweep');
  }
}
