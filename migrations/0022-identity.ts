import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/**
 * An asset may be known by more keys than the one that it was made under: those of sources that took it over. Its scope, within which its
 * name is unique, has a column; UUIDs in keys that are there lose their braces.
 */
export class Identity0022 implements MigrationInterface {
  readonly name = 'Identity1763700000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table asset add column scope text');
    await runner.query(`
      create table asset_key (
        workspace_id uuid not null,
        key text collate "C" not null,
        asset_id uuid not null,
        primary key (workspace_id, key)
      )`);
    await lockTenantTable(runner, 'asset_key', ['select', 'insert']);
    await runner.query('alter table asset no force row level security');
    await runner.query(
      `update asset a set source_key = 'id:' || btrim(substr(a.source_key, 4), '{}') where a.source_key ~ '^id:\\{[0-9a-f-]{36}\\}$'
       and not exists (
         select from asset other
         where other.workspace_id = a.workspace_id and other.source_key = 'id:' || btrim(substr(a.source_key, 4), '{}')
       )`,
    );
    await runner.query('alter table asset force row level security');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table asset_key');
    await runner.query('alter table asset drop column scope');
  }
}
