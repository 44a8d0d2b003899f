import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup } from '@tributary/data';

/** Which workspaces are suspended: every gateway asks each second, so that a list of few costs few pages. */
export class Suspension0010 implements MigrationInterface {
  readonly name = 'Suspension1763700000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index workspace_suspended on workspace (workspace_id) where status = 'SUSPENDED'`);
    await createLookup(runner, {
      signature: 'suspended_workspaces()',
      returns: 'table (workspace_id uuid)',
      body: `select w.workspace_id from public.workspace w where w.status = 'SUSPENDED' order by w.workspace_id`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.suspended_workspaces()');
    await runner.query('drop index workspace_suspended');
  }
}
