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
  const all = <Value>(valueOf: (alert: NewAlert) => Value) => alerts.map(valueOf);
  return table.sql(
    'alert.insertAlerts',
    `insert into alert (workspace_id, id, fingerprint, severity, status, title, description, labels, value,
       first_seen_at, last_seen_at, rule_id, flow_id, asset_id)
     select $1, id, fingerprint, severity, 'FIRING', title, description, labels::jsonb, value, $2::timestamptz, $2::timestamptz, rule_id, flow_id, asset_id
     from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::uuid[], $11::uuid[], $12::uuid[])
       as fired (id, fingerprint, severity, title, description, labels, value, rule_id, flow_id, asset_id)
     order by fingerprint collate "C"
     on conflict (workspace_id, fingerprint) where status <> 'RESOLVED' do nothing
     returning ${table.columnList}`,
    [
      at,
      all((alert) => alert.id),
      all((alert) => alert.fingerprint),
      all((alert) => alert.severity),
      all((alert) => alert.title),
      all((alert) => alert.description),
      all((alert) => JSON.stringify(alert.labels)),
      all((alert) => alert.value),
      all((alert) => alert.ruleId),
      all((alert) => alert.flowId),
      all((alert) => alert.assetId),
    ],
  );
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
