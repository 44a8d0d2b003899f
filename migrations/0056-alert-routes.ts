import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/** Who is told of which alerts: routes as data, and the groups of alerts that are told together. */
export class AlertRoutes0056 implements MigrationInterface {
  readonly name = 'AlertRoutes1763700000056';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table alert_routing (
        workspace_id uuid primary key,
        -- Of the whole list of routes.
        version integer not null
      )`);
    await lockTenantTable(runner, 'alert_routing', ['select', 'insert', 'update']);
    await runner.query(`
      create table alert_route (
        workspace_id uuid not null,
        id uuid not null,
        position integer not null,
        name text not null,
        matchers jsonb not null,
        go_on boolean not null,
        group_by text[] not null,
        group_wait_seconds integer not null,
        group_interval_seconds integer not null,
        repeat_seconds integer not null,
        steps jsonb not null,
        primary key (workspace_id, id)
      )`);
    await lockTenantTable(runner, 'alert_route', ['select', 'insert', 'update', 'delete']);
    await runner.query(`
      create table alert_group (
        workspace_id uuid not null,
        route_id uuid not null,
        group_key text collate "C" not null,
        labels jsonb not null,
        -- Since when something waits to be told; null: nothing does.
        news_at timestamptz(3),
        notified_at timestamptz(3),
        -- The highest step that was told since the group began; null: none.
        step integer,
        due_at timestamptz(3),
        primary key (workspace_id, route_id, group_key)
      )`);
    await lockTenantTable(runner, 'alert_group', ['select', 'insert', 'update', 'delete']);
    await runner.query('create index alert_group_due on alert_group (due_at) where due_at is not null');
    await runner.query(`
      create table alert_group_member (
        workspace_id uuid not null,
        route_id uuid not null,
        group_key text collate "C" not null,
        alert_id uuid not null,
        -- What people were told of it last; null: nothing.
        told text,
        -- Since when it fires and nobody has acknowledged it; null: it does not.
        since timestamptz(3),
        -- The highest step that was told of it since then; null: none.
        step integer,
        primary key (workspace_id, route_id, group_key, alert_id)
      )`);
    await lockTenantTable(runner, 'alert_group_member', ['select', 'insert', 'update', 'delete']);
    await runner.query('create index alert_group_member_alert on alert_group_member (workspace_id, alert_id)');
    await openToLookup(runner, 'alert_group', ['workspace_id', 'route_id', 'group_key', 'due_at']);
    await createLookup(runner, {
      signature: 'due_alert_groups(most integer, ahead_ms bigint)',
      returns: 'table (workspace_id uuid, route_id uuid, group_key text)',
      body: `select due.workspace_id, due.route_id, due.group_key from (
               select g.workspace_id, g.route_id, g.group_key, g.due_at,
                 row_number() over (partition by g.workspace_id order by g.due_at, g.group_key) as turn
               from public.alert_group g where g.due_at <= now() + ahead_ms * interval '1 millisecond'
             ) due order by due.turn, due.due_at limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.due_alert_groups(integer, bigint)');
    for (const table of ['alert_group_member', 'alert_group', 'alert_route', 'alert_routing'])
      await runner.query(`drop table ${table}`);
  }
}
