import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

export interface OperationUse {
  readonly documentId: string;
  readonly at: Date;
}

/** Notes when operations were run; an earlier time changes nothing. In one order, so that two gateways never wait for each other. */
export function noteOperationsUsed(operations: readonly OperationUse[]): Statement {
  return sql(
    'workspace.noteOperationsUsed',
    `insert into operation_use as known (workspace_id, document_id, last_used_at)
     select w.workspace_id, used.document_id, least(used.at, now())
     from workspace w cross join unnest($2::text[], $3::timestamptz[]) as used (document_id, at)
     where w.workspace_id = $1 order by used.document_id
     on conflict (workspace_id, document_id) do update set last_used_at = excluded.last_used_at
     where known.last_used_at < excluded.last_used_at`,
    [operations.map(({ documentId }) => documentId), operations.map(({ at }) => at)],
  );
}

/** When those of the operations were run last that ever were. */
export function operationsUsed(documentIds: readonly string[]): Statement<OperationUse> {
  return sql(
    'workspace.operationsUsed',
    'select document_id, last_used_at from operation_use where workspace_id = $1 and document_id = any($2::text[])',
    [documentIds],
    (row) => ({ documentId: row['document_id'] as string, at: row['last_used_at'] as Date }),
  );
}
