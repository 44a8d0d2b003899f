import { sql } from '@tributary/data';
import type { Database, EntityTable, Statement } from '@tributary/data';
import { WebhookRow } from './WebhookRow.js';

/** Newest first, behind the webhook with id `after`. */
export function listWebhooks(database: Database, after: string | null, limit: number): Statement<WebhookRow> {
  return database.table(WebhookRow).select('delivery.listWebhooks', (query) => {
    if (after !== null) query.andWhere('row.id < :after', { after });
    return query.orderBy('row.id', 'DESC').limit(limit);
  });
}

export function countWebhooks(): Statement<number> {
  return sql('delivery.countWebhooks', 'select count(*) as count from webhook where workspace_id = $1', [], (row) =>
    Number(row['count']),
  );
}

export function webhooksById(database: Database, ids: readonly string[]): Statement<WebhookRow> {
  return database
    .table(WebhookRow)
    .select('delivery.webhooksById', (query) => query.andWhere('row.id = any(:ids)', { ids }));
}

/** Holds webhooks in one order, so that two who do so do not wait for each other. Answers those that are there, and when that was. */
export function lockWebhooks(ids: readonly string[]): Statement<{ readonly id: string; readonly now: Date }> {
  return sql(
    'delivery.lockWebhooks',
    'select id, now() as now from webhook where workspace_id = $1 and id = any($2::uuid[]) order by id for update',
    [ids],
    (row) => ({ id: row['id'] as string, now: row['now'] as Date }),
  );
}

export function existingWebhooks(ids: readonly string[]): Statement<string> {
  return sql(
    'delivery.existingWebhooks',
    'select id from webhook where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}

export function deleteWebhook(table: EntityTable<WebhookRow>, id: string): Statement<WebhookRow> {
  return table.sql(
    'delivery.deleteWebhook',
    `delete from webhook where workspace_id = $1 and id = $2 returning ${table.columnList}`,
    [id],
  );
}

export interface Failing {
  readonly since: Date;
  /** It was not so before. */
  readonly isNews: boolean;
}

/** That its receiver does not answer: since when is said once. No row when nothing is sent to it any more. */
export function noteFailing(id: string, at: Date): Statement<Failing> {
  return sql(
    'delivery.noteFailing',
    `with before as (
       select id, status from webhook where workspace_id = $1 and id = $2 and status in ('ACTIVE', 'FAILING') for update
     )
     update webhook set status = 'FAILING', failing_since = coalesce(failing_since, $3), updated_at = now()
     from before where webhook.workspace_id = $1 and webhook.id = before.id
     returning webhook.failing_since, before.status = 'ACTIVE' as is_news`,
    [id, at],
    (row) => ({ since: row['failing_since'] as Date, isNews: row['is_news'] as boolean }),
  );
}

/** That it is far behind. No row when that was known. */
export function noteLagging(id: string, at: Date): Statement {
  return sql(
    'delivery.noteLagging',
    'update webhook set lagging_since = $3 where workspace_id = $1 and id = $2 and lagging_since is null returning id',
    [id, at],
  );
}

/** That it is not far behind any more. */
export function noteCaughtUp(id: string): Statement {
  return sql(
    'delivery.noteCaughtUp',
    'update webhook set lagging_since = null where workspace_id = $1 and id = $2 returning id',
    [id],
  );
}

/** That its receiver answers again. */
export function noteRecovered(id: string): Statement {
  return sql(
    'delivery.noteRecovered',
    `update webhook set status = 'ACTIVE', failing_since = null, updated_at = now()
     where workspace_id = $1 and id = $2 and status = 'FAILING' returning id`,
    [id],
  );
}
