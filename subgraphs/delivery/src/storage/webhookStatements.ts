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

/** That its receiver does not answer: since when is said once. Answers since when. */
export function noteFailing(id: string, at: Date): Statement<Date> {
  return sql(
    'delivery.noteFailing',
    `update webhook set status = 'FAILING', failing_since = coalesce(failing_since, $3), updated_at = now()
     where workspace_id = $1 and id = $2 and status in ('ACTIVE', 'FAILING') returning failing_since`,
    [id, at],
    (row) => row['failing_since'] as Date,
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
