import type { AssetContent } from './assetContent.js';

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

/** The join that whole records are read from; its first condition is the workspace. */
export const recordTables = `asset a join asset_sighting s on s.workspace_id = $1 and s.asset_id = a.id`;
