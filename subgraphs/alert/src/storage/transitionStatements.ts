import type { AlertResolvedReason, AlertSeverity } from '@tributary/contracts/values';
import { bulkInsert, sql } from '@tributary/data';
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

/** Alerts of a rule that were open at a moment or later, oldest first, held until the end of the transaction. */
export function alertsOfRuleSince(table: EntityTable<AlertRow>, ruleId: string, since: Date): Statement<AlertRow> {
  return table.sql(
    'alert.alertsOfRuleSince',
    `select ${table.columnList} from alert
     where workspace_id = $1 and rule_id = $2 and (status <> 'RESOLVED' or resolved_at >= $3) order by first_seen_at, id for update`,
    [ruleId, since],
  );
}

export type NewAlert = Pick<
  AlertRow,
  | 'id'
  | 'fingerprint'
  | 'severity'
  | 'title'
  | 'description'
  | 'labels'
  | 'value'
  | 'ruleId'
  | 'flowId'
  | 'assetId'
  | 'runbookUrl'
  | 'late'
>;

/** Inserts firing alerts; one whose fingerprint has an open alert already is passed over. Answers the new ones. */
export function insertAlerts(table: EntityTable<AlertRow>, at: Date, alerts: readonly NewAlert[]): Statement<AlertRow> {
  const columns = columnsOf(table, 'fired');
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
      runbook_url: { type: 'text', of: (alert) => alert.runbookUrl },
      late: { type: 'boolean', of: (alert) => alert.late },
    },
    orderBy: 'entry.fingerprint collate "C"',
    behind: `on conflict (workspace_id, fingerprint) where status <> 'RESOLVED' do nothing returning ${columns}`,
  });
  return table.sql('alert.insertAlerts', text, values);
}

export type SeenAgain = Pick<AlertRow, 'id' | 'description' | 'value'>;

/** Counts another occurrence of alerts that are open. */
export function repeatAlerts(table: EntityTable<AlertRow>, at: Date, seen: readonly SeenAgain[]): Statement<AlertRow> {
  return table.sql(
    'alert.repeatAlerts',
    `update alert set occurrences = occurrences + 1, last_seen_at = greatest(last_seen_at, $2::timestamptz), description = seen.description,
       value = seen.value, version = version + 1, updated_at = now()
     from unnest($3::uuid[], $4::text[], $5::float8[]) as seen (id, description, value)
     where alert.workspace_id = $1 and alert.id = seen.id and alert.status <> 'RESOLVED'
     returning ${columnsOf(table, 'alert')}`,
    [at, seen.map((alert) => alert.id), seen.map((alert) => alert.description), seen.map((alert) => alert.value)],
  );
}

export type Reopened = SeenAgain & Pick<AlertRow, 'title' | 'labels'>;

/** Opens alerts again that had ended by themselves: nobody has taken them up any more. */
export function reopenAlerts(table: EntityTable<AlertRow>, at: Date, seen: readonly Reopened[]): Statement<AlertRow> {
  return table.sql(
    'alert.reopenAlerts',
    `update alert set status = 'FIRING', resolved_at = null, resolved_reason = null, reopened = reopened + 1,
       occurrences = occurrences + 1, last_seen_at = greatest(last_seen_at, $2::timestamptz), description = seen.description, title = seen.title,
       labels = seen.labels, value = seen.value, acknowledged_at = null, acknowledged_by_kind = null, acknowledged_by_id = null,
       acknowledged_until = null, retracted = false, suppressed_by = null, suppressed_until = null, version = version + 1, updated_at = now()
     from unnest($3::uuid[], $4::text[], $5::float8[], $6::text[], $7::jsonb[]) as seen (id, description, value, title, labels)
     where alert.workspace_id = $1 and alert.id = seen.id and alert.status = 'RESOLVED'
     returning ${columnsOf(table, 'alert')}`,
    [
      at,
      seen.map((alert) => alert.id),
      seen.map((alert) => alert.description),
      seen.map((alert) => alert.value),
      seen.map((alert) => alert.title),
      seen.map((alert) => JSON.stringify(alert.labels)),
    ],
  );
}

/** Notes how open alerts are doing; null leaves it. */
export function noteAlerts(
  table: EntityTable<AlertRow>,
  ids: readonly string[],
  facts: { readonly recovering?: boolean; readonly flapping?: boolean },
): Statement<AlertRow> {
  return table.sql(
    'alert.noteAlerts',
    `update alert set recovering = coalesce($3::boolean, recovering), flapping = coalesce($4::boolean, flapping),
       version = version + 1, updated_at = now()
     where workspace_id = $1 and id = any($2::uuid[]) and status <> 'RESOLVED' returning ${table.columnList}`,
    [ids, facts.recovering ?? null, facts.flapping ?? null],
  );
}

/** Notes since when open alerts have no data behind them. */
export function noteSilence(seen: readonly { readonly id: string; readonly noDataSince: Date | null }[]): Statement {
  return sql(
    'alert.noteSilence',
    `update alert set no_data_since = seen.since, updated_at = now()
     from unnest($2::uuid[], $3::timestamptz[]) as seen (id, since)
     where alert.workspace_id = $1 and alert.id = seen.id and alert.no_data_since is distinct from seen.since`,
    [seen.map((alert) => alert.id), seen.map((alert) => alert.noDataSince)],
  );
}

/** Makes open alerts of a rule as grave as the rule is now; what watchers filter by stays. */
export function escalateAlerts(
  table: EntityTable<AlertRow>,
  ids: readonly string[],
  severity: AlertSeverity,
): Statement<AlertRow> {
  return table.sql(
    'alert.escalateAlerts',
    `update alert set fired_severity = coalesce(fired_severity, severity), severity = $3, version = version + 1, updated_at = now()
     where workspace_id = $1 and id = any($2::uuid[]) and status <> 'RESOLVED' returning ${table.columnList}`,
    [ids, severity],
  );
}

/** Says of alerts that late data showed otherwise. */
export function correctAlerts(
  table: EntityTable<AlertRow>,
  ids: readonly string[],
  facts: { readonly retracted: boolean },
): Statement<AlertRow> {
  return table.sql(
    'alert.correctAlerts',
    `update alert set retracted = $3, version = version + 1, updated_at = now()
     where workspace_id = $1 and id = any($2::uuid[]) returning ${table.columnList}`,
    [ids, facts.retracted],
  );
}

export function resolveAlerts(
  table: EntityTable<AlertRow>,
  at: Date,
  ids: readonly string[],
  reason: AlertResolvedReason,
): Statement<AlertRow> {
  return table.sql(
    'alert.resolveAlerts',
    `update alert set status = 'RESOLVED', resolved_at = $2, resolved_reason = $4, recovering = false, flapping = false,
       no_data_since = null, acknowledged_until = null, version = version + 1, updated_at = now()
     where workspace_id = $1 and id = any($3::uuid[]) and status <> 'RESOLVED'
     returning ${table.columnList}`,
    [at, ids, reason],
  );
}

/** Gives alerts back that were acknowledged for a time that is over. */
export function expireAcknowledgements(table: EntityTable<AlertRow>, aheadMs: number): Statement<AlertRow> {
  return table.sql(
    'alert.expireAcknowledgements',
    `update alert set status = 'FIRING', acknowledged_by_kind = null, acknowledged_by_id = null, acknowledged_at = null,
       acknowledged_until = null, version = version + 1, updated_at = now()
     where workspace_id = $1 and status = 'ACKNOWLEDGED' and acknowledged_until <= now() + $2::bigint * interval '1 millisecond'
     returning ${table.columnList}`,
    [aheadMs],
  );
}

function columnsOf(table: EntityTable<AlertRow>, alias: string): string {
  return table.metadata.columns.map((column) => `${alias}."${column.databaseName}"`).join(', ');
}
