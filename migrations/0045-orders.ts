import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Flows by name and those of one creator; assets by kind and by criticality, each by name within. */
export class Orders0045 implements MigrationInterface {
  readonly name = 'Orders1763700000045';

  async up(runner: QueryRunner): Promise<void> {
    // A column and no expression in the index: row-level security lets no condition into an index whose function might tell of the row.
    await runner.query(
      `alter table flow add column name_key text collate "C" not null generated always as (lower(name)) stored`,
    );
    await runner.query('create index flow_by_name on flow (workspace_id, name_key, id)');
    await runner.query('create index flow_by_creator on flow (workspace_id, created_by_id, created_at desc, id desc)');
    await runner.query('create index asset_kind on asset (workspace_id, kind, name_key, id)');
    // A comparison and no function, for the same reason.
    await runner.query(
      `create index asset_criticality on asset (workspace_id,
         (case criticality when 'CRITICAL' then 1 when 'HIGH' then 2 when 'MEDIUM' then 3 when 'LOW' then 4 else 5 end), name_key, id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index asset_criticality');
    await runner.query('drop index asset_kind');
    await runner.query('drop index flow_by_creator');
    await runner.query('drop index flow_by_name');
    await runner.query('alter table flow drop column name_key');
  }
}
