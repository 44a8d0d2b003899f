import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable, openToLookup, createLookup } from '@tributary/data';

/**
 * Who works on an alert, until when it is taken up, and all that ever happened to it, with what was said. What the log still tells of alerts
 * that are there is their history; it does not tell who resolved them.
 */
export class AlertPeople0048 implements MigrationInterface {
  readonly name = 'AlertPeople1763700000048';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table alert add column owner_id uuid, add column acknowledged_until timestamptz(3)');
    await runner.query(
      `create index alert_acknowledged_until on alert (workspace_id, acknowledged_until) where status = 'ACKNOWLEDGED'`,
    );
    await runner.query(
      `create index alert_acknowledge_due on alert (acknowledged_until)
       where status = 'ACKNOWLEDGED' and acknowledged_until is not null`,
    );
    await openToLookup(runner, 'alert', ['workspace_id', 'status', 'acknowledged_until']);
    await createLookup(runner, {
      signature: 'due_acknowledgements(most integer, ahead_ms bigint)',
      returns: 'table (workspace_id uuid)',
      body: `select distinct a.workspace_id from public.alert a
             where a.status = 'ACKNOWLEDGED' and a.acknowledged_until <= now() + ahead_ms * interval '1 millisecond' limit most`,
    });
    await runner.query(`
      create table alert_history (
        workspace_id uuid not null,
        alert_id uuid not null,
        -- The version of the alert that it made.
        number integer not null,
        at timestamptz(3) not null,
        kind text not null,
        actor_kind text not null check (actor_kind in ('user', 'apiKey', 'system')),
        actor_id text not null,
        comment text,
        facts jsonb not null,
        primary key (workspace_id, alert_id, number)
      )`);
    await lockTenantTable(runner, 'alert_history', ['select', 'insert']);
    const tables = ['alert', 'event', 'alert_history'];
    for (const table of tables) await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`
      insert into alert_history (workspace_id, alert_id, number, at, kind, actor_kind, actor_id, facts)
      select told.workspace_id, told.alert_id, a.version - told.behind, told.at, told.kind,
        case when told.kind = 'acknowledged' then a.acknowledged_by_kind else 'system' end,
        case when told.kind = 'acknowledged' then a.acknowledged_by_id else 'event log' end, told.facts
      from (
        select e.workspace_id, (e.payload ->> 'alertId')::uuid as alert_id, e.at, substr(e.type, 7) as kind,
          coalesce(e.payload -> 'data', '{}') as facts,
          (row_number() over (partition by e.workspace_id, e.payload ->> 'alertId' order by e.seq desc) - 1)::integer as behind
        from event e where e.stream_id = 'alerts'
      ) told join alert a on a.workspace_id = told.workspace_id and a.id = told.alert_id
      where a.version > told.behind and (told.kind <> 'acknowledged' or a.acknowledged_by_id is not null)`);
    for (const table of tables) await runner.query(`alter table ${table} force row level security`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alert_history');
    await runner.query('drop function lookup.due_acknowledgements(integer, bigint)');
    await runner.query('drop policy lookup on alert');
    await runner.query('revoke select (workspace_id, status, acknowledged_until) on alert from resolver');
    await runner.query('drop index alert_acknowledge_due');
    await runner.query('drop index alert_acknowledged_until');
    await runner.query('alter table alert drop column owner_id, drop column acknowledged_until');
  }
}
