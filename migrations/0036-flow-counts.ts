import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/** How many assets each flow was the last to see, in parts that are added up: nobody counts all its sightings to say it. */
export class FlowCounts0036 implements MigrationInterface {
  readonly name = 'FlowCounts1763700000036';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table asset_flow_count (
        workspace_id uuid not null,
        flow_id uuid not null,
        id uuid not null,
        change integer not null,
        primary key (workspace_id, flow_id, id) include (change)
      )`);
    await runner.query('alter table asset_sighting no force row level security');
    await runner.query(
      `insert into asset_flow_count (workspace_id, flow_id, id, change)
       select workspace_id, flow_id, flow_id, count(*) from asset_sighting where flow_id is not null group by 1, 2`,
    );
    await runner.query('alter table asset_sighting force row level security');
    await lockTenantTable(runner, 'asset_flow_count', ['select', 'insert', 'delete']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table asset_flow_count');
  }
}
