import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/** When a workspace last ran each stored operation. */
export class OperationUse0070 implements MigrationInterface {
  readonly name = 'OperationUse1763700000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table operation_use (
        workspace_id uuid not null,
        -- As gateways know the operation: the same for all workspaces.
        document_id text not null,
        last_used_at timestamptz(3) not null,
        primary key (workspace_id, document_id)
      )`);
    await lockTenantTable(runner, 'operation_use', ['select', 'insert', 'update']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table operation_use');
  }
}
