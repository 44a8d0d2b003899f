import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/** What a workspace says itself of sources that the product does not know. */
export class SourceDefinitions0026 implements MigrationInterface {
  readonly name = 'SourceDefinitions1763700000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table source_definition (
        workspace_id uuid not null,
        id uuid not null,
        name text not null,
        -- YAML, as the definitions that come with the product.
        content text not null,
        version integer not null default 1,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, id)
      )`);
    await lockTenantTable(runner, 'source_definition', ['select', 'insert', 'update', 'delete']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table source_definition');
  }
}
