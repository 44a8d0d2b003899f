import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/** Tables that every subgraph appends to in its own transactions: the event log, the audit trail, idempotency keys, consumer positions. */
export class Platform0001 implements MigrationInterface {
  readonly name = 'Platform1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table stream_head (
        workspace_id uuid not null,
        stream_id text collate "C" not null,
        last_seq bigint not null default 0,
        min_seq bigint not null default 1,
        primary key (workspace_id, stream_id)
      )`);
    await lockTenantTable(runner, 'stream_head', ['select', 'insert', 'update']);
    await openToLookup(runner, 'stream_head', ['workspace_id', 'stream_id', 'last_seq']);
    await runner.query(`
      create table event (
        workspace_id uuid not null,
        stream_id text collate "C" not null,
        seq bigint not null,
        event_id uuid not null,
        type text not null,
        payload jsonb not null,
        at timestamptz(3) not null default clock_timestamp(),
        primary key (workspace_id, stream_id, seq)
      )`);
    await lockTenantTable(runner, 'event', ['select', 'insert']);
    await runner.query(`
      create table consumer_position (
        workspace_id uuid not null,
        consumer text not null,
        stream_id text collate "C" not null,
        seq bigint not null,
        primary key (workspace_id, consumer, stream_id)
      )`);
    await lockTenantTable(runner, 'consumer_position', ['select', 'insert', 'update']);
    await openToLookup(runner, 'consumer_position', ['workspace_id', 'consumer', 'stream_id', 'seq']);
    await runner.query(`
      create table audit_head (
        workspace_id uuid primary key,
        last_number bigint not null,
        last_hash bytea not null
      )`);
    await lockTenantTable(runner, 'audit_head', ['select', 'insert', 'update']);
    await runner.query(`
      create table audit_entry (
        workspace_id uuid not null,
        number bigint not null,
        id uuid not null,
        at timestamptz(3) not null,
        actor_kind text not null check (actor_kind in ('user', 'apiKey', 'system')),
        actor_id text not null,
        action text not null,
        entity_type text not null,
        entity_id text not null,
        before jsonb,
        after jsonb,
        request_id text not null,
        hash bytea not null,
        primary key (workspace_id, number)
      )`);
    await lockTenantTable(runner, 'audit_entry', ['select', 'insert']);
    await runner.query(`
      create table idempotency_key (
        workspace_id uuid not null,
        principal text not null,
        field text not null,
        key text not null,
        input_hash bytea not null,
        result jsonb,
        created_at timestamptz not null,
        primary key (workspace_id, principal, field, key)
      )`);
    await runner.query('create index idempotency_key_age on idempotency_key (workspace_id, created_at)');
    await lockTenantTable(runner, 'idempotency_key', ['select', 'insert', 'update', 'delete']);
    await createLookup(runner, {
      signature: 'stream_heads(workspace_ids uuid[], stream_ids text[])',
      returns: 'table (workspace_id uuid, stream_id text, last_seq bigint)',
      body: `select h.workspace_id, h.stream_id, h.last_seq from unnest(workspace_ids, stream_ids) as wanted (workspace_id, stream_id)
             join public.stream_head h on h.workspace_id = wanted.workspace_id and h.stream_id = wanted.stream_id collate "C"`,
    });
    await createLookup(runner, {
      signature: 'streams_behind(consumer_name text, wanted_stream text, most integer)',
      returns: 'table (workspace_id uuid, position_seq bigint, last_seq bigint)',
      body: `select h.workspace_id, coalesce(p.seq, 0), h.last_seq from public.stream_head h
             left join public.consumer_position p
               on p.workspace_id = h.workspace_id and p.consumer = consumer_name and p.stream_id = h.stream_id
             where h.stream_id = wanted_stream collate "C" and h.last_seq > coalesce(p.seq, 0) order by h.workspace_id limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.streams_behind(text, text, integer)');
    await runner.query('drop function lookup.stream_heads(uuid[], text[])');
    for (const table of ['idempotency_key', 'audit_entry', 'audit_head', 'consumer_position', 'event', 'stream_head']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
