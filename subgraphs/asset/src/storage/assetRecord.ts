import type { Row } from '@tributary/data';
import { contentColumns, toAssetContent, type AssetContent } from './assetContent.js';

/** An asset as readers know it: its row and its last sighting. */
export interface AssetRecord extends AssetContent {
  readonly id: string;
  readonly nameKey: string;
  readonly version: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Bare uuid. */
  readonly discoveredByFlowId: string | null;
}

/** Columns of a record, from `asset a` joined with `asset_sighting s`. */
export const recordColumns = `a.id, ${contentColumns}, a.name_key, a.version, a.created_at, s.last_seen_at, s.flow_id`;

/** The join that `recordColumns` reads from; its first condition is the workspace. */
export const recordTables = `asset a join asset_sighting s on s.workspace_id = $1 and s.asset_id = a.id`;

export function toAssetRecord(row: Row): AssetRecord {
  return {
    id: row['id'] as string,
    ...toAssetContent(row),
    nameKey: row['name_key'] as string,
    version: row['version'] as number,
    firstSeenAt: row['created_at'] as Date,
    lastSeenAt: row['last_seen_at'] as Date,
    discoveredByFlowId: row['flow_id'] as string | null,
  };
}
