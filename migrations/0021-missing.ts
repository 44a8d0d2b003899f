import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/**
 * Imports may be declared complete: what their source showed before and shows no longer is missing, and retired after several of them.
 * A row only for what is missing, so that imports write no more than before.
 */
export class Missing0021 implements MigrationInterface {
  readonly name = 'Missing1763700000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table asset_missing (
        workspace_id uuid not null,
        asset_id uuid not null,
        missing_since timestamptz(3) not null,
        imports integer not null,
        flow_id uuid not null,
        status_before text check (status_before in ('ACTIVE', 'INACTIVE', 'RETIRED', 'UNKNOWN')),
        primary key (workspace_id, asset_id)
      )`);
    await lockTenantTable(runner, 'asset_missing', ['select', 'insert', 'update', 'delete']);
    await runner.query('alter table asset_source add column withdrawn_at timestamptz(3)');
    await runner.query(`alter table discovery_flow add column coverage text not null default 'PARTIAL'
      check (coverage in ('PARTIAL', 'COMPLETE'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table discovery_flow drop column coverage');
    await runner.query('alter table asset_source drop column withdrawn_at');
    await runner.query('drop table asset_missing');
  }
}
