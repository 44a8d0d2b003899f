import { sql } from '@tributary/data';
import type { Database, EntityTable, Statement } from '@tributary/data';
import { AlertRuleRow } from './AlertRuleRow.js';

/** Rules, newest first, behind the rule with id `after`. */
export function listRules(database: Database, after: string | null, limit: number): Statement<AlertRuleRow> {
  return database.table(AlertRuleRow).select('alert.listRules', (query) => {
    if (after !== null) query.andWhere('row.id < :after', { after });
    return query.orderBy('row.id', 'DESC').limit(limit);
  });
}

export function countRules(): Statement<number> {
  return sql('alert.countRules', 'select count(*) as count from alert_rule where workspace_id = $1', [], (row) =>
    Number(row['count']),
  );
}

export function rulesById(database: Database, ids: readonly string[]): Statement<AlertRuleRow> {
  return database
    .table(AlertRuleRow)
    .select('alert.rulesById', (query) => query.andWhere('row.id = any(:ids)', { ids }));
}

export function deleteRule(table: EntityTable<AlertRuleRow>, id: string): Statement<AlertRuleRow> {
  return table.sql(
    'alert.deleteRule',
    `delete from alert_rule where workspace_id = $1 and id = $2 returning ${table.columnList}`,
    [id],
  );
}

export interface ClaimedRule {
  readonly rule: AlertRuleRow;
  readonly hasOpenAlerts: boolean;
}

/** Takes a due rule for one evaluation, so that no other evaluator takes it for `everyMs`. No row when another was faster. */
export function claimRule(table: EntityTable<AlertRuleRow>, id: string, everyMs: number): Statement<ClaimedRule> {
  return sql(
    'alert.claimRule',
    `update alert_rule set next_evaluation_at = now() + $3::integer * interval '1 millisecond', evaluations = evaluations + 1
     where workspace_id = $1 and id = $2 and enabled and next_evaluation_at <= now()
     returning ${table.columnList}, exists (
       select from alert where alert.workspace_id = $1 and alert.rule_id = $2 and alert.status <> 'RESOLVED') as has_open_alerts`,
    [id, everyMs],
    (row) => ({ rule: table.fromRow(row), hasOpenAlerts: row['has_open_alerts'] as boolean }),
  );
}

/** Holds a rule while what an evaluation found is written. No row when it was changed, deleted or claimed again since. */
export function lockClaimedRule(claimed: AlertRuleRow): Statement {
  return sql(
    'alert.lockClaimedRule',
    `select id from alert_rule
     where workspace_id = $1 and id = $2 and enabled and evaluations = $3 and version = $4 for update`,
    [claimed.id, claimed.evaluations, claimed.version],
  );
}
