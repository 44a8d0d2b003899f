import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/**
 * Webhooks: what is sent to whom, how far each has come, what was tried and what could not be delivered. Positions are no consumers: a
 * receiver that is down keeps no event from being retired.
 */
export class Webhook0052 implements MigrationInterface {
  readonly name = 'Webhook1763700000052';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhook (
        workspace_id uuid not null,
        id uuid not null,
        name text not null,
        url text not null,
        document text not null,
        variables jsonb not null,
        -- The field of Subscription, and the log that it reads.
        stream text not null,
        log text collate "C" not null,
        -- Of one event, in the unit of operations' costs: decides how many go into a page.
        cost_per_event integer not null,
        format text not null check (format in ('STANDARD', 'CLOUDEVENTS')),
        signing text not null check (signing in ('SYMMETRIC', 'ASYMMETRIC', 'BOTH')),
        max_batch integer not null check (max_batch between 1 and 100),
        max_per_second integer not null check (max_per_second between 1 and 20),
        -- JSON, sealed; null: none.
        headers text,
        header_names text[] not null default '{}',
        owner_kind text not null check (owner_kind in ('user', 'apiKey')),
        owner_id uuid not null,
        status text not null check (status in ('PENDING', 'ACTIVE', 'FAILING', 'PAUSED', 'DISABLED')),
        status_reason text,
        failing_since timestamptz(3),
        version integer not null default 1,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, id)
      )`);
    await lockTenantTable(runner, 'webhook', ['select', 'insert', 'update', 'delete']);
    await runner.query(`
      create table webhook_secret (
        workspace_id uuid not null,
        webhook_id uuid not null,
        id uuid not null,
        algorithm text not null check (algorithm in ('HMAC-SHA256', 'ED25519')),
        -- The key itself, sealed.
        secret text not null,
        created_at timestamptz(3) not null default now(),
        valid_until timestamptz(3),
        primary key (workspace_id, webhook_id, id),
        foreign key (workspace_id, webhook_id) references webhook (workspace_id, id) on delete cascade
      )`);
    await lockTenantTable(runner, 'webhook_secret', ['select', 'insert', 'update', 'delete']);
    await runner.query(`
      create table webhook_position (
        workspace_id uuid not null,
        webhook_id uuid not null,
        -- Zeros: what happens now. Ones: a test. All else: a replay.
        replay_id uuid not null,
        log text collate "C" not null,
        -- Whether there may be something to send: not while the webhook is pending, paused or disabled.
        active boolean not null,
        -- Read up to, and the cursor of it.
        seq bigint not null,
        cursor text not null,
        from_seq bigint not null,
        until_seq bigint,
        only_seqs bigint[],
        last_sent_seq bigint,
        -- The last event of the batch under way, written before it is sent for the first time: a retry sends the same ones.
        batch_until_seq bigint,
        -- Up to here events go one by one, because a batch was refused.
        single_until_seq bigint,
        fence bigint not null default 0,
        lease_until timestamptz,
        attempt integer not null default 0,
        -- Of these attempts, those at which the receiver would not take the message.
        refusals integer not null default 0,
        next_attempt_at timestamptz not null default now(),
        started_at timestamptz(3) not null default now(),
        finished_at timestamptz(3),
        primary key (workspace_id, webhook_id, replay_id),
        foreign key (workspace_id, webhook_id) references webhook (workspace_id, id) on delete cascade
      )`);
    await runner.query('create index webhook_position_due on webhook_position (next_attempt_at) where active');
    await lockTenantTable(runner, 'webhook_position', ['select', 'insert', 'update', 'delete']);
    await openToLookup(runner, 'webhook_position', [
      'workspace_id',
      'webhook_id',
      'replay_id',
      'log',
      'active',
      'seq',
      'until_seq',
      'lease_until',
      'next_attempt_at',
    ]);
    await runner.query(`
      create table webhook_attempt (
        workspace_id uuid not null,
        webhook_id uuid not null,
        id uuid not null,
        at timestamptz(3) not null,
        replay_id uuid not null,
        seq bigint not null,
        events integer not null,
        attempt integer not null,
        outcome text not null check (outcome in ('DELIVERED', 'RETRY', 'DEAD_LETTER', 'REFUSED')),
        status_code integer,
        duration_ms double precision not null,
        bytes integer not null,
        body_sha256 text not null,
        answer text,
        primary key (workspace_id, webhook_id, id),
        foreign key (workspace_id, webhook_id) references webhook (workspace_id, id) on delete cascade
      )`);
    await runner.query('create index webhook_attempt_age on webhook_attempt (workspace_id, at)');
    await lockTenantTable(runner, 'webhook_attempt', ['select', 'insert', 'delete']);
    await openToLookup(runner, 'webhook_attempt', ['workspace_id', 'at']);
    await runner.query(`
      create table webhook_dead_letter (
        workspace_id uuid not null,
        webhook_id uuid not null,
        id uuid not null,
        seq bigint not null,
        event_id text not null,
        type text not null,
        at timestamptz(3) not null,
        reason text not null,
        attempts integer not null,
        state text not null check (state in ('DEAD', 'SENT', 'DISCARDED')),
        primary key (workspace_id, webhook_id, id),
        foreign key (workspace_id, webhook_id) references webhook (workspace_id, id) on delete cascade
      )`);
    await runner.query(
      'create unique index webhook_dead_letter_of on webhook_dead_letter (workspace_id, webhook_id, seq)',
    );
    await lockTenantTable(runner, 'webhook_dead_letter', ['select', 'insert', 'update', 'delete']);
    // One of each workspace before a second of any: whoever has a thousand webhooks holds nobody up.
    await createLookup(runner, {
      signature: 'due_deliveries(most integer)',
      returns: 'table (workspace_id uuid, webhook_id uuid, replay_id uuid)',
      body: `select due.workspace_id, due.webhook_id, due.replay_id from (
               select p.workspace_id, p.webhook_id, p.replay_id, p.next_attempt_at,
                 row_number() over (partition by p.workspace_id order by p.next_attempt_at) as turn
               from public.webhook_position p left join public.stream_head h on h.workspace_id = p.workspace_id and h.stream_id = p.log
               where p.active and p.next_attempt_at <= now() and (p.lease_until is null or p.lease_until <= now())
                 and (p.replay_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff' or p.seq < least(h.last_seq, p.until_seq))
             ) due order by due.turn, due.next_attempt_at limit most`,
    });
    await createLookup(runner, {
      signature: 'workspaces_with_old_webhook_attempts(before timestamptz, most integer)',
      returns: 'table (workspace_id uuid)',
      body: `select w.workspace_id from public.workspace w
             where exists (select from public.webhook_attempt t where t.workspace_id = w.workspace_id and t.at < before)
             order by w.workspace_id limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.workspaces_with_old_webhook_attempts(timestamptz, integer)');
    await runner.query('drop function lookup.due_deliveries(integer)');
    for (const table of ['dead_letter', 'attempt', 'position', 'secret'])
      await runner.query(`drop table webhook_${table}`);
    await runner.query('drop table webhook');
  }
}
