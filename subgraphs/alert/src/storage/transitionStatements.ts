import { bulkInsert } from '@tributary/data';
import type { EntityTable, Statement } from '@tributary/data';
import type { AlertRow } from './AlertRow.js';

/** The open alerts of these fingerprints, held until the end of the transaction. */
export function lockOpenAlerts(table: EntityTable<AlertRow>, fingerprints: readonly string[]): Statement<AlertRow> {
  return table.sql(
    'alert.lockOpenAlerts',
    `select ${table.columnList} from alert
     where workspace_id = $1 and fingerprint = any($2::text[]) and status <> 'RESOLVED' order by id for update`,
    [fingerprints],
  );
}

/** The open alerts of a rule, held until the end of the transaction. */
export function lockOpenAlertsOfRule(table: EntityTable<AlertRow>, ruleId: string): Statement<AlertRow> {
  return table.sql(
    'alert.lockOpenAlertsOfRule',
    `select ${table.columnList} from alert
     where workspace_id = $1 and rule_id = $2 and status <> 'RESOLVED' order by id for update`,
    [ruleId],
  );
}

export type NewAlert = Pick<
  AlertRow,
  'id' | 'fingerprint' | 'severity' | 'title' | 'description' | 'labels' | 'value' | 'ruleId' | 'flowId' | 'assetId'
>;

/** Inserts firing alerts; one whose fingerprint has an open alert already is passed over. Answers the new ones. */
export function insertAlerts(table: EntityTable<AlertRow>, at: Date, alerts: readonly NewAlert[]): Statement<AlertRow> {
  const columns = table.metadata.columns.map((column) => `fired."${column.databaseName}"`).join(', ');
  const { text, values } = bulkInsert({
    into: 'alert as fired',
    entries: alerts,
    shared: {
      status: ['text', 'FIRING'],
      first_seen_at: ['timestamptz', at],
      last_seen_at: ['timestamptz', at],
    },
    columns: {
      id: { type: 'uuid', of: (alert) => alert.id },
      fingerprint: { type: 'text', of: (alert) => alert.fingerprint },
      severity: { type: 'text', of: (alert) => alert.severity },
      title: { type: 'text', of: (alert) => alert.title },
      description: { type: 'text', of: (alert) => alert.description },
      labels: { type: 'jsonb', of: (alert) => JSON.stringify(alert.labels) },
      value: { type: 'float8', of: (alert) => alert.value },
      rule_id: { type: 'uuid', of: (alert) => alert.ruleId },
      flow_id: { type: 'uuid', of: (alert) => alert.flowId },
      asset_id: { type: 'uuid', of: (alert) => alert.assetId },
    },
    orderBy: 'entry.fingerprint collate "C"',
    behind: `on conflict (workspace_id, fingerprint) where status <> 'RESOLVED' do nothing returning ${columns}`,
  });
  return table.sql('alert.insertAlerts', text, values);
}

export type SeenAgain = Pick<AlertRow, 'id' | 'description' | 'value'>;

/** Counts another occurrence of alerts that are open. */
export function repeatAlerts(table: EntityTable<AlertRow>, at: Date, seen: readonly SeenAgain[]): Statement<AlertRow> {
  const columns = table.metadata.columns.map((column) => `alert."${column.databaseName}"`).join(', ');
  return table.sql(
    'alert.repeatAlerts',
    `update alert set occurrences = occurrences + 1, last_seen_at = greatest(last_seen_at, $2::timestamptz), description = seen.description,
       value = seen.value, version = version + 1, updated_at = now()
     from unnest($3::uuid[], $4::text[], $5::float8[]) as seen (id, description, value)
     where alert.workspace_id = $1 and alert.id = seen.id and alert.status <> 'RESOLVED'
     returning ${columns}`,
    [at, seen.map((alert) => alert.id), seen.map((alert) => alert.description), seen.map((alert) => alert.value)],
  );
}

export function resolveAlerts(table: EntityTable<AlertRow>, at: Date, ids: readonly string[]): Statement<AlertRow> {
  return table.sql(
    'alert.resolveAlerts',
    `update alert set status = 'RESOLVED', resolved_at = $2, version = version + 1, updated_at = now()
     where workspace_id = $1 and id = any($3::uuid[]) and status <> 'RESOLVED'
     returning ${table.columnList}`,
    [at, ids],
  );
}
