import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

export interface ChunkKey {
  /** Bare uuid. */
  readonly flowId: string;
  readonly kind: 'inventory' | 'connect' | 'settle';
  readonly chunk: number;
}

/** Takes a chunk on; no row when it was done before. Waits while another transaction has it in hand. */
export function claimChunk(key: ChunkKey): Statement {
  return sql(
    'asset.claimChunk',
    `insert into asset_chunk (workspace_id, flow_id, kind, chunk) values ($1, $2, $3, $4)
     on conflict (workspace_id, flow_id, kind, chunk) do nothing returning chunk`,
    [key.flowId, key.kind, key.chunk],
  );
}

export function recordChunk(key: ChunkKey, outcome: object): Statement {
  return sql(
    'asset.recordChunk',
    `update asset_chunk set outcome = $5::jsonb, updated_at = now()
     where workspace_id = $1 and flow_id = $2 and kind = $3 and chunk = $4`,
    [key.flowId, key.kind, key.chunk, JSON.stringify(outcome)],
  );
}

export function outcomeOfChunk<Outcome>(key: ChunkKey): Statement<Outcome> {
  return sql(
    'asset.outcomeOfChunk',
    `select outcome from asset_chunk where workspace_id = $1 and flow_id = $2 and kind = $3 and chunk = $4`,
    [key.flowId, key.kind, key.chunk],
    (row) => row['outcome'] as Outcome,
  );
}

/** Returns a row for each chunk that is gone. */
export function deleteChunks(before: Date, most: number): Statement {
  return sql(
    'asset.deleteChunks',
    `delete from asset_chunk where workspace_id = $1 and (flow_id, kind, chunk) in (
       select flow_id, kind, chunk from asset_chunk where workspace_id = $1 and created_at < $2
       order by created_at limit $3 for update skip locked
     ) returning 1`,
    [before, most],
  );
}
