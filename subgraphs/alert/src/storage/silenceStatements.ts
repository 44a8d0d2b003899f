import { sql, unfilteredSql } from '@tributary/data';
import type { EntityTable, Statement } from '@tributary/data';
import type { AlertRow } from './AlertRow.js';
import type { SilenceRow } from './SilenceRow.js';

/** Whether a silence holds notifications at `$moment`. */
const isActive = (moment: string) => `ended_at is null and active_from <= ${moment} and active_until > ${moment}`;

/** Silences, newest first, behind the one with id `after`; `active`: those that hold notifications at a moment, or those that do not. */
export function listSilences(
  table: EntityTable<SilenceRow>,
  active: boolean | null,
  at: Date,
  after: string | null,
  limit: number,
): Statement<SilenceRow> {
  return table.sql(
    'alert.listSilences',
    `select ${table.columnList} from alert_silence where workspace_id = $1 and ($2::boolean is null or coalesce(${isActive('$3::timestamptz')}, false) = $2)
       and ($4::uuid is null or id < $4::uuid) order by id desc limit $5`,
    [active, at, after, limit],
  );
}

export function countSilences(active: boolean | null, at: Date): Statement<number> {
  return sql(
    'alert.countSilences',
    `select count(*) as count from alert_silence
     where workspace_id = $1 and ($2::boolean is null or coalesce(${isActive('$3::timestamptz')}, false) = $2)`,
    [active, at],
    (row) => Number(row['count']),
  );
}

/** How many are not over. */
export function countOpenSilences(at: Date): Statement<number> {
  return sql(
    'alert.countOpenSilences',
    `select count(*) as count from alert_silence where workspace_id = $1 and ended_at is null and ends_at > $2 and active_until is not null`,
    [at],
    (row) => Number(row['count']),
  );
}

export function silencesById(table: EntityTable<SilenceRow>, ids: readonly string[]): Statement<SilenceRow> {
  return table.sql(
    'alert.silencesById',
    `select ${table.columnList} from alert_silence where workspace_id = $1 and id = any($2::uuid[])`,
    [ids],
  );
}

/** What is now in this transaction, by PostgreSQL's clock, which `aheadMs` moves. */
export function databaseClock(aheadMs: number): Statement {
  return unfilteredSql('alert.databaseClock', `select now() + $1::bigint * interval '1 millisecond' as at`, [aheadMs]);
}

/** Those that hold notifications now, by PostgreSQL's clock, which `aheadMs` moves. */
export function activeSilences(table: EntityTable<SilenceRow>, aheadMs: number): Statement<SilenceRow> {
  const now = `(now() + $2::bigint * interval '1 millisecond')`;
  return table.sql(
    'alert.activeSilences',
    `select ${table.columnList} from alert_silence where workspace_id = $1 and ${isActive(now)} order by active_until desc, id`,
    [aheadMs],
  );
}

/** Those of which something begins or ends, held until the end of the transaction. */
export function lockDueSilences(table: EntityTable<SilenceRow>, at: Date): Statement<SilenceRow> {
  return table.sql(
    'alert.lockDueSilences',
    `select ${table.columnList} from alert_silence where workspace_id = $1 and due_at <= $2 order by id for update skip locked`,
    [at],
  );
}

/** Notes of silences what they are in, or what comes next. Nobody decided it: their version stays. */
export function moveSilences(
  seen: readonly Pick<SilenceRow, 'id' | 'activeFrom' | 'activeUntil' | 'dueAt'>[],
): Statement {
  return sql(
    'alert.moveSilences',
    `update alert_silence set active_from = seen.active_from, active_until = seen.active_until, due_at = seen.due_at
     from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) as seen (id, active_from, active_until, due_at)
     where alert_silence.workspace_id = $1 and alert_silence.id = seen.id`,
    [
      seen.map((one) => one.id),
      seen.map((one) => one.activeFrom),
      seen.map((one) => one.activeUntil),
      seen.map((one) => one.dueAt),
    ],
  );
}

/** What of an open alert decides who is meant. */
export type MatchedAlert = Pick<
  AlertRow,
  'id' | 'fingerprint' | 'severity' | 'labels' | 'ruleId' | 'flowId' | 'assetId' | 'suppressedBy' | 'suppressedUntil'
>;

export function openAlertsToMatch(): Statement<MatchedAlert> {
  return sql(
    'alert.openAlertsToMatch',
    `select id, fingerprint, severity, labels, rule_id, flow_id, asset_id, suppressed_by, suppressed_until
     from alert where workspace_id = $1 and status <> 'RESOLVED'`,
    [],
    (row) => ({
      id: row['id'] as string,
      fingerprint: row['fingerprint'] as string,
      severity: row['severity'] as AlertRow['severity'],
      labels: row['labels'] as AlertRow['labels'],
      ruleId: row['rule_id'] as string | null,
      flowId: row['flow_id'] as string | null,
      assetId: row['asset_id'] as string | null,
      suppressedBy: row['suppressed_by'] as string | null,
      suppressedUntil: row['suppressed_until'] as Date | null,
    }),
  );
}

/** Who quietens an alert, and until when; null: nobody. */
export interface Suppression {
  readonly id: string;
  readonly by: string | null;
  readonly until: Date | null;
}

/** Notes of open alerts who quietens them. Answers those that were told something else before. */
export function suppressAlerts(table: EntityTable<AlertRow>, seen: readonly Suppression[]): Statement<AlertRow> {
  const columns = table.metadata.columns.map((column) => `alert."${column.databaseName}"`).join(', ');
  return table.sql(
    'alert.suppressAlerts',
    `update alert set suppressed_by = seen.by, suppressed_until = seen.until, version = version + 1, updated_at = now()
     from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as seen (id, by, until)
     where alert.workspace_id = $1 and alert.id = seen.id and alert.status <> 'RESOLVED'
       and (alert.suppressed_by is distinct from seen.by or alert.suppressed_until is distinct from seen.until)
     returning ${columns}`,
    [seen.map((one) => one.id), seen.map((one) => one.by), seen.map((one) => one.until)],
  );
}

/** Labels that rules of the workspace give to their alerts. */
export function labelsOfRules(): Statement<string> {
  return sql(
    'alert.labelsOfRules',
    'select distinct label from alert_rule cross join lateral jsonb_object_keys(labels) as given (label) where workspace_id = $1',
    [],
    (row) => row['label'] as string,
  );
}
