import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, openToLookup } from '@tributary/data';

/** What takes away rows whose time has passed: old events, used idempotency keys, spent refresh tokens, an import's notes of its chunks. */
export class Housekeeping0012 implements MigrationInterface {
  readonly name = 'Housekeeping1763700000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant delete on event to app');
    await openToLookup(runner, 'event', ['workspace_id', 'stream_id', 'seq', 'at']);
    await runner.query('grant select (min_seq) on stream_head to resolver');
    // Looks at the next `page` streams of all workspaces, and answers which of them hold an event from before `before`; and the last
    // one that it looked at, so that the caller can go on behind it.
    await createLookup(runner, {
      signature: 'streams_with_old_events(before timestamptz, after_workspace uuid, after_stream text, page integer)',
      returns: 'table (workspace_id uuid, stream_id text, is_old boolean)',
      body: `with looked as (
               select h.workspace_id, h.stream_id, h.min_seq, row_number() over (order by h.workspace_id, h.stream_id) as n
               from public.stream_head h where (h.workspace_id, h.stream_id) > (after_workspace, after_stream collate "C")
               order by h.workspace_id, h.stream_id limit page
             ), judged as (
               select l.workspace_id, l.stream_id, l.n, exists (
                 select from public.event e where e.workspace_id = l.workspace_id and e.stream_id = l.stream_id and e.seq = l.min_seq and e.at < before
               ) as is_old from looked l
             )
             select j.workspace_id, j.stream_id, j.is_old from judged j
             where j.is_old or j.n = (select max(n) from judged) order by j.n`,
    });
    await openToLookup(runner, 'idempotency_key', ['workspace_id', 'created_at']);
    await createDueWorkspaces(runner, 'workspaces_with_old_idempotency_keys', 'idempotency_key', 'created_at');
    await runner.query('create index refresh_token_expiry on refresh_token (workspace_id, expires_at)');
    await runner.query('grant select (expires_at) on refresh_token to resolver');
    await createDueWorkspaces(runner, 'workspaces_with_old_refresh_tokens', 'refresh_token', 'expires_at');
    await runner.query('create index asset_chunk_age on asset_chunk (workspace_id, created_at)');
    await runner.query('grant delete on asset_chunk to app');
    await openToLookup(runner, 'asset_chunk', ['workspace_id', 'created_at']);
    await createDueWorkspaces(runner, 'workspaces_with_old_asset_chunks', 'asset_chunk', 'created_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const what of ['asset_chunks', 'refresh_tokens', 'idempotency_keys']) {
      await runner.query(`drop function lookup.workspaces_with_old_${what}(timestamptz, integer)`);
    }
    await runner.query('drop function lookup.streams_with_old_events(timestamptz, uuid, text, integer)');
    await runner.query('drop policy lookup on asset_chunk');
    await runner.query('revoke select (workspace_id, created_at) on asset_chunk from resolver');
    await runner.query('revoke delete on asset_chunk from app');
    await runner.query('drop index asset_chunk_age');
    await runner.query('revoke select (expires_at) on refresh_token from resolver');
    await runner.query('drop index refresh_token_expiry');
    await runner.query('drop policy lookup on idempotency_key');
    await runner.query('revoke select (workspace_id, created_at) on idempotency_key from resolver');
    await runner.query('revoke select (min_seq) on stream_head from resolver');
    await runner.query('drop policy lookup on event');
    await runner.query('revoke select (workspace_id, stream_id, seq, at) on event from resolver');
    await runner.query('revoke delete on event from app');
  }
}

/** `lookup.<name>`: workspaces that hold a row of `table` from before a moment. Their index finds the oldest row of each at once. */
async function createDueWorkspaces(runner: QueryRunner, name: string, table: string, column: string): Promise<void> {
  await createLookup(runner, {
    signature: `${name}(before timestamptz, most integer)`,
    returns: 'table (workspace_id uuid)',
    body: `select w.workspace_id from public.workspace w
           where exists (select from public.${table} t where t.workspace_id = w.workspace_id and t.${column} < before)
           order by w.workspace_id limit most`,
  });
}
