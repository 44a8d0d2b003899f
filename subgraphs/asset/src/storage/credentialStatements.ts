import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { assetToChangeColumns, toAssetToChange } from './inventoryStatements.js';
import type { AssetToChange } from './inventoryStatements.js';

/** Assets behind an id, in the order of ids, held for their change. */
export function assetsBehind(assetId: string, limit: number): Statement<AssetToChange> {
  return sql(
    'asset.behind',
    `select ${assetToChangeColumns} from asset a where a.workspace_id = $1 and a.id > $2::uuid order by a.id limit $3 for update`,
    [assetId, limit],
    toAssetToChange,
  );
}
