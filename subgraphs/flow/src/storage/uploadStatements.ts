import { sql } from '@tributary/data';
import type { Statement, WorkspaceTransaction } from '@tributary/data';

/**
 * Keeps an upload for another `keepMs` and answers its size; null when it is unknown, not whole, or on its way out. The row stays
 * locked, so that the sweeper cannot take it before the flow that uses it is there.
 */
export async function useUpload(
  transaction: WorkspaceTransaction,
  id: string,
  keepMs: number,
): Promise<{ bytes: number } | null> {
  const row = await transaction.queryOne(
    sql(
      'upload.use',
      `update upload set expires_at = greatest(expires_at, now() + make_interval(secs => $3)), updated_at = now()
       where workspace_id = $1 and id = $2 and state = 'READY' returning bytes`,
      [id, keepMs / 1_000],
    ),
  );
  return row && { bytes: Number(row['bytes']) };
}

/** Closes an expired upload to everybody and answers where its bytes lie; null when it is in use after all. */
export async function condemnUpload(transaction: WorkspaceTransaction, id: string): Promise<string | null> {
  const row = await transaction.queryOne(
    sql(
      'upload.condemn',
      `update upload set state = 'DELETING', updated_at = now()
       where workspace_id = $1 and id = $2 and expires_at < now() and not exists (
         select from discovery_flow d join flow f on f.workspace_id = d.workspace_id and f.id = d.flow_id
         where d.workspace_id = $1 and d.upload_id = $2 and f.status in ('QUEUED', 'RUNNING', 'AWAITING_APPROVAL', 'PAUSED'))
       returning storage_key`,
      [id],
    ),
  );
  return row ? (row['storage_key'] as string) : null;
}

export async function deleteUpload(transaction: WorkspaceTransaction, id: string): Promise<void> {
  await transaction.query(sql('upload.delete', 'delete from upload where workspace_id = $1 and id = $2', [id]));
}

export interface StoredSource {
  readonly bytes: number;
  readonly storageKey: string;
}

/** Where the bytes of a whole upload lie. */
export function findUpload(id: string): Statement<StoredSource> {
  return sql(
    'upload.find',
    `select bytes, storage_key from upload where workspace_id = $1 and id = $2 and state = 'READY'`,
    [id],
    (row) => ({ bytes: Number(row['bytes']), storageKey: row['storage_key'] as string }),
  );
}
