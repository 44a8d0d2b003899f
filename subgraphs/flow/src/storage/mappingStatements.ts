import { bulkInsert, sql } from '@tributary/data';
import type { Statement, WorkspaceTransaction } from '@tributary/data';

/** What people of a workspace decided for a column of this name; a null target is a decision too. */
export interface MappingDecisionRecord {
  /** Lower-cased. */
  readonly sourceField: string;
  readonly targetField: string | null;
}

export function recallDecisions(sourceFields: readonly string[]): Statement<MappingDecisionRecord> {
  return sql(
    'mapping.recall',
    'select source_field, target_field from mapping_memory where workspace_id = $1 and source_field = any($2)',
    [sourceFields.map((field) => field.toLowerCase())],
    (row) => ({ sourceField: row['source_field'] as string, targetField: row['target_field'] as string | null }),
  );
}

/** The last decision for a column stands. */
export async function rememberDecisions(
  transaction: WorkspaceTransaction,
  decisions: readonly MappingDecisionRecord[],
): Promise<void> {
  const last = new Map(decisions.map((decision) => [decision.sourceField.toLowerCase(), decision.targetField]));
  if (last.size === 0) return;
  const { text, values } = bulkInsert({
    into: 'mapping_memory as known',
    entries: [...last],
    columns: {
      source_field: { type: 'text', of: ([sourceField]) => sourceField },
      target_field: { type: 'text', of: ([, targetField]) => targetField },
    },
    orderBy: 'entry.source_field collate "C"',
    behind: `on conflict (workspace_id, source_field) do update
      set target_field = excluded.target_field, approvals = known.approvals + 1, updated_at = excluded.updated_at`,
  });
  await transaction.query(sql('mapping.remember', text, values));
}
