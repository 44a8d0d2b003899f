import { sql } from '@tributary/data';
import type { Database, EntityTable, Statement } from '@tributary/data';
import { ChannelRow } from './ChannelRow.js';

/** By name: a workspace has few. */
export function listChannels(database: Database, limit: number): Statement<ChannelRow> {
  return database
    .table(ChannelRow)
    .select('delivery.listChannels', (query) =>
      query.orderBy('row.name', 'ASC').addOrderBy('row.id', 'ASC').limit(limit),
    );
}

export function countChannels(): Statement<number> {
  return sql('delivery.countChannels', 'select count(*) as count from channel where workspace_id = $1', [], (row) =>
    Number(row['count']),
  );
}

export function channelsById(database: Database, ids: readonly string[]): Statement<ChannelRow> {
  return database
    .table(ChannelRow)
    .select('delivery.channelsById', (query) => query.andWhere('row.id = any(:ids)', { ids }));
}

export function existingChannels(ids: readonly string[]): Statement<string> {
  return sql(
    'delivery.existingChannels',
    'select id from channel where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}

export function deleteChannel(table: EntityTable<ChannelRow>, id: string): Statement<ChannelRow> {
  return table.sql(
    'delivery.deleteChannel',
    `delete from channel where workspace_id = $1 and id = $2 returning ${table.columnList}`,
    [id],
  );
}

/** That it does not take what it is sent: since when is said once. Answers since when. */
export function noteChannelFailing(id: string, at: Date): Statement<Date> {
  return sql(
    'delivery.noteChannelFailing',
    `update channel set status = 'FAILING', failing_since = coalesce(failing_since, $3), updated_at = now()
     where workspace_id = $1 and id = $2 and status in ('ACTIVE', 'FAILING') returning failing_since`,
    [id, at],
    (row) => row['failing_since'] as Date,
  );
}

/** That it takes it again. */
export function noteChannelRecovered(id: string): Statement {
  return sql(
    'delivery.noteChannelRecovered',
    `update channel set status = 'ACTIVE', status_reason = null, failing_since = null, updated_at = now()
     where workspace_id = $1 and id = $2 and status <> 'ACTIVE' returning id`,
    [id],
  );
}

/** What the channel calls the first message of a group. */
export function threadOf(channelId: string, groupKey: string): Statement<string> {
  return sql(
    'delivery.threadOf',
    'select reference from channel_thread where workspace_id = $1 and channel_id = $2 and group_key = $3',
    [channelId, groupKey],
    (row) => row['reference'] as string,
  );
}

export function putThread(channelId: string, groupKey: string, reference: string): Statement {
  return sql(
    'delivery.putThread',
    `insert into channel_thread (workspace_id, channel_id, group_key, reference) values ($1, $2, $3, $4)
     on conflict (workspace_id, channel_id, group_key) do update set reference = excluded.reference, at = excluded.at`,
    [channelId, groupKey, reference],
  );
}

/** The group is over: what comes next begins anew. */
export function forgetThread(channelId: string, groupKey: string): Statement {
  return sql(
    'delivery.forgetThread',
    'delete from channel_thread where workspace_id = $1 and channel_id = $2 and group_key = $3',
    [channelId, groupKey],
  );
}
