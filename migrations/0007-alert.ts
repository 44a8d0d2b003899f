import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/** What needs a person, and the rules that find it out. An alert outlives its rule, so it only names it. */
export class Alert0007 implements MigrationInterface {
  readonly name = 'Alert1763700000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table alert (
        workspace_id uuid not null,
        id uuid not null,
        fingerprint text collate "C" not null,
        severity text not null check (severity in ('INFO', 'WARNING', 'CRITICAL')),
        status text not null check (status in ('FIRING', 'ACKNOWLEDGED', 'RESOLVED')),
        title text not null,
        description text not null,
        labels jsonb not null,
        value double precision,
        occurrences integer not null default 1,
        first_seen_at timestamptz(3) not null,
        last_seen_at timestamptz(3) not null,
        acknowledged_by_kind text check (acknowledged_by_kind in ('user', 'apiKey', 'system')),
        acknowledged_by_id text,
        acknowledged_at timestamptz(3),
        comment text,
        resolved_at timestamptz(3),
        rule_id uuid,
        flow_id uuid,
        asset_id uuid,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id),
        constraint alert_state check (
          (status = 'RESOLVED') = (resolved_at is not null)
          and (acknowledged_at is null) = (acknowledged_by_kind is null)
          and (status <> 'ACKNOWLEDGED' or acknowledged_at is not null))
      )`);
    await runner.query(
      `create unique index alert_open on alert (workspace_id, fingerprint) where status <> 'RESOLVED'`,
    );
    await runner.query(`create index alert_open_of_rule on alert (workspace_id, rule_id) where status <> 'RESOLVED'`);
    await runner.query('create index alert_recent on alert (workspace_id, last_seen_at desc, id desc)');
    for (const column of ['status', 'rule_id', 'flow_id', 'asset_id']) {
      const name = `alert_by_${column.replace('_id', '')}`;
      await runner.query(`create index ${name} on alert (workspace_id, ${column}, last_seen_at desc, id desc)`);
    }
    await lockTenantTable(runner, 'alert', ['select', 'insert', 'update']);
    await runner.query(`
      create table alert_rule (
        workspace_id uuid not null,
        id uuid not null,
        name text not null,
        metric text not null,
        comparison text not null check (comparison in ('ABOVE', 'BELOW')),
        threshold double precision not null,
        window_seconds integer not null check (window_seconds > 0),
        group_by text,
        scope jsonb,
        severity text not null check (severity in ('INFO', 'WARNING', 'CRITICAL')),
        enabled boolean not null,
        next_evaluation_at timestamptz not null default now(),
        evaluations bigint not null default 0,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id)
      )`);
    await runner.query('create index alert_rule_due on alert_rule (next_evaluation_at) where enabled');
    await lockTenantTable(runner, 'alert_rule', ['select', 'insert', 'update', 'delete']);
    await openToLookup(runner, 'alert_rule', ['workspace_id', 'id', 'enabled', 'next_evaluation_at']);
    await createLookup(runner, {
      signature: 'due_alert_rules(most integer)',
      returns: 'table (workspace_id uuid, rule_id uuid)',
      body: `select r.workspace_id, r.id from public.alert_rule r
             where r.enabled and r.next_evaluation_at <= now() order by r.next_evaluation_at limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.due_alert_rules(integer)');
    await runner.query('drop table alert_rule');
    await runner.query('drop table alert');
  }
}
