import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** Attributes of assets behind an id, in the order of ids, held for their change. */
export function attributesBehind(
  assetId: string,
  limit: number,
): Statement<{ id: string; attributes: Record<string, unknown> }> {
  return sql(
    'asset.attributesBehind',
    'select id, attributes from asset where workspace_id = $1 and id > $2::uuid order by id limit $3 for update',
    [assetId, limit],
    (row) => ({ id: row['id'] as string, attributes: row['attributes'] as Record<string, unknown> }),
  );
}

export function replaceAttributes(ids: readonly string[], attributes: readonly string[]): Statement {
  return sql(
    'asset.replaceAttributes',
    `update asset a set attributes = new.attributes::jsonb, version = a.version + 1, updated_at = now()
     from unnest($2::uuid[], $3::text[]) as new (id, attributes) where a.workspace_id = $1 and a.id = new.id`,
    [ids, attributes],
  );
}
