import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, openToLookup } from '@tributary/data';

/** How long events wait for receivers that answer, and for those in trouble, over all workspaces: for who runs the product. */
export class DeliveryLag0067 implements MigrationInterface {
  readonly name = 'DeliveryLag1763700000067';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['webhook', 'channel']) await openToLookup(runner, table, ['workspace_id', 'id', 'status']);
    await createLookup(runner, {
      signature: 'delivery_lag()',
      returns: 'table (kind text, status text, waiting bigint, oldest timestamptz)',
      body: `select 'webhook', w.status, count(*), min(e.at) from public.webhook w
             join public.webhook_position p on p.workspace_id = w.workspace_id and p.webhook_id = w.id
             join public.event e on e.workspace_id = p.workspace_id and e.stream_id = p.log and e.seq = p.seq + 1
             where p.active and p.replay_id = '00000000-0000-0000-0000-000000000000' group by w.status
             union all
             select 'channel', c.status, count(*), min(e.at) from public.channel c
             join public.channel_position p on p.workspace_id = c.workspace_id and p.channel_id = c.id
             join public.event e on e.workspace_id = p.workspace_id and e.stream_id = 'notifications' and e.seq = p.seq + 1
             where p.active and not p.is_test group by c.status`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.delivery_lag()');
    for (const table of ['webhook', 'channel']) {
      await runner.query(`revoke select (workspace_id, id, status) on ${table} from resolver`);
      await runner.query(`drop policy lookup on ${table}`);
    }
  }
}
