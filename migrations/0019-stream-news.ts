import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup } from '@tributary/data';

/**
 * Streams say when they were written to last, so that consumers which look for new events every second find these by an index, however
 * many workspaces have none. Streams of one flow say nothing: nobody consumes them.
 */
export class StreamNews0019 implements MigrationInterface {
  readonly name = 'StreamNews1763700000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table stream_head add column changed_at timestamptz');
    await runner.query(
      'create index stream_head_news on stream_head (stream_id, changed_at) where changed_at is not null',
    );
    await runner.query('grant select (changed_at) on stream_head to resolver');
    await createLookup(runner, {
      signature: 'streams_with_news(consumer_name text, wanted_stream text, most integer)',
      returns: 'table (workspace_id uuid)',
      // First what is new, of which there is little, so that no plan begins with all positions.
      body: `with news as materialized (
               select h.workspace_id, h.stream_id, h.last_seq from public.stream_head h
               where h.stream_id = wanted_stream collate "C" and h.changed_at > now() - interval '30 seconds')
             select n.workspace_id from news n left join public.consumer_position p
               on p.workspace_id = n.workspace_id and p.consumer = consumer_name and p.stream_id = n.stream_id
             where n.last_seq > coalesce(p.seq, 0) order by n.workspace_id limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.streams_with_news(text, text, integer)');
    await runner.query('drop index stream_head_news');
    await runner.query('alter table stream_head drop column changed_at');
  }
}
