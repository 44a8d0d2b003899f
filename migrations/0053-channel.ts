import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/**
 * Channels by which people are told of alerts: how far each has come in stream `notifications`, what was sent for which alert, and what a
 * channel answers to in the place where its messages are gathered.
 */
export class Channel0053 implements MigrationInterface {
  readonly name = 'Channel1763700000053';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channel (
        workspace_id uuid not null,
        id uuid not null,
        kind text not null check (kind in ('EMAIL', 'SLACK', 'PAGERDUTY', 'WEBHOOK')),
        name text not null,
        settings jsonb not null,
        -- Sealed; null: it has none.
        secret text,
        status text not null check (status in ('ACTIVE', 'FAILING', 'DISABLED')),
        status_reason text,
        failing_since timestamptz(3),
        version integer not null default 1,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, id)
      )`);
    await lockTenantTable(runner, 'channel', ['select', 'insert', 'update', 'delete']);
    await runner.query(`
      create table channel_position (
        workspace_id uuid not null,
        channel_id uuid not null,
        -- A test has no place in the stream.
        is_test boolean not null,
        active boolean not null,
        -- Read up to.
        seq bigint not null,
        fence bigint not null default 0,
        lease_until timestamptz,
        attempt integer not null default 0,
        next_attempt_at timestamptz not null default now(),
        primary key (workspace_id, channel_id, is_test),
        foreign key (workspace_id, channel_id) references channel (workspace_id, id) on delete cascade
      )`);
    await runner.query('create index channel_position_due on channel_position (next_attempt_at) where active');
    await lockTenantTable(runner, 'channel_position', ['select', 'insert', 'update', 'delete']);
    await openToLookup(runner, 'channel_position', [
      'workspace_id',
      'channel_id',
      'is_test',
      'active',
      'seq',
      'lease_until',
      'next_attempt_at',
    ]);
    // It stays when its channel goes.
    await runner.query(`
      create table notification (
        workspace_id uuid not null,
        id uuid not null,
        channel_id uuid not null,
        -- Of its event in stream notifications; null: a test.
        seq bigint,
        at timestamptz(3) not null,
        kind text not null,
        route text not null,
        alerts integer not null,
        attempts integer not null,
        outcome text not null check (outcome in ('DELIVERED', 'RETRY', 'DEAD_LETTER', 'REFUSED')),
        answer text,
        primary key (workspace_id, id)
      )`);
    await runner.query('create unique index notification_of on notification (workspace_id, channel_id, seq)');
    await runner.query('create index notification_age on notification (workspace_id, at)');
    await lockTenantTable(runner, 'notification', ['select', 'insert', 'update', 'delete']);
    await openToLookup(runner, 'notification', ['workspace_id', 'at']);
    await runner.query(`
      create table notification_alert (
        workspace_id uuid not null,
        alert_id uuid not null,
        notification_id uuid not null,
        primary key (workspace_id, alert_id, notification_id),
        foreign key (workspace_id, notification_id) references notification (workspace_id, id) on delete cascade
      )`);
    await runner.query('create index notification_alert_of on notification_alert (workspace_id, notification_id)');
    await lockTenantTable(runner, 'notification_alert', ['select', 'insert', 'delete']);
    await runner.query(`
      create table channel_thread (
        workspace_id uuid not null,
        channel_id uuid not null,
        group_key text not null,
        -- What the channel calls the first message of a group.
        reference text not null,
        at timestamptz(3) not null default now(),
        primary key (workspace_id, channel_id, group_key),
        foreign key (workspace_id, channel_id) references channel (workspace_id, id) on delete cascade
      )`);
    await lockTenantTable(runner, 'channel_thread', ['select', 'insert', 'update', 'delete']);
    await createLookup(runner, {
      signature: 'due_channels(most integer)',
      returns: 'table (workspace_id uuid, channel_id uuid, is_test boolean)',
      body: `select due.workspace_id, due.channel_id, due.is_test from (
               select p.workspace_id, p.channel_id, p.is_test, p.next_attempt_at,
                 row_number() over (partition by p.workspace_id order by p.next_attempt_at) as turn
               from public.channel_position p
               left join public.stream_head h on h.workspace_id = p.workspace_id and h.stream_id = 'notifications'
               where p.active and p.next_attempt_at <= now() and (p.lease_until is null or p.lease_until <= now())
                 and (p.is_test or p.seq < h.last_seq)
             ) due order by due.turn, due.next_attempt_at limit most`,
    });
    await createLookup(runner, {
      signature: 'workspaces_with_old_notifications(before timestamptz, most integer)',
      returns: 'table (workspace_id uuid)',
      body: `select w.workspace_id from public.workspace w
             where exists (select from public.notification n where n.workspace_id = w.workspace_id and n.at < before)
             order by w.workspace_id limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.workspaces_with_old_notifications(timestamptz, integer)');
    await runner.query('drop function lookup.due_channels(integer)');
    for (const table of ['channel_thread', 'notification_alert', 'notification', 'channel_position', 'channel'])
      await runner.query(`drop table ${table}`);
  }
}
