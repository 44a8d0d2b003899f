import type { AlertMetric } from '@tributary/contracts/values';
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

/** Of a rule that says nothing of it: a twentieth of its window within 10 s and 5 min. */
const everySeconds = 'coalesce(every_seconds, least(300, greatest(10, round(window_seconds / 20.0))))::integer';

export interface ClaimedRule {
  readonly rule: AlertRuleRow;
  /** PostgreSQL's time at the claim. */
  readonly at: Date;
}

/**
 * Takes a due rule for its next ticks, so that no other evaluator takes it before another tick is due. No row when another was faster.
 * `aheadMs` moves PostgreSQL's clock.
 */
export function claimRule(table: EntityTable<AlertRuleRow>, id: string, aheadMs: number): Statement<ClaimedRule> {
  return sql(
    'alert.claimRule',
    `with claimed as (
     update alert_rule set evaluations = evaluations + 1, next_evaluation_at = to_timestamp(delay_seconds + ${everySeconds}
       * (floor((extract(epoch from now() + $3::bigint * interval '1 millisecond') - delay_seconds) / ${everySeconds}) + 1))
     where workspace_id = $1 and id = $2 and enabled and next_evaluation_at <= now() + $3::bigint * interval '1 millisecond'
     returning ${table.columnList})
     select claimed.*, now() + $3::bigint * interval '1 millisecond' as claimed_at from claimed`,
    [id, aheadMs],
    (row) => ({ rule: table.fromRow(row), at: row['claimed_at'] as Date }),
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

/** What an evaluation leaves on its rule. */
export type Evaluated = Pick<
  AlertRuleRow,
  | 'evaluatedUntil'
  | 'health'
  | 'healthMessage'
  | 'healthSince'
  | 'lagMs'
  | 'droppedGroups'
  | 'skippedTicks'
  | 'lateIgnored'
  | 'lateAfter'
> & {
  /** Whether ticks are left that should be evaluated without waiting. */
  readonly isBehind: boolean;
};

/** No row when the rule was changed, deleted or claimed again since. */
export function finishEvaluation(claimed: AlertRuleRow, found: Evaluated): Statement {
  return sql(
    'alert.finishEvaluation',
    `update alert_rule set evaluated_until = $5, health = $6, health_message = $7, health_since = $8, lag_ms = $9, dropped_groups = $10,
       skipped_ticks = $11, late_ignored = $12, late_after = $13,
       next_evaluation_at = case when $14 then to_timestamp(0) else next_evaluation_at end
     where workspace_id = $1 and id = $2 and enabled and evaluations = $3 and version = $4 returning id`,
    [
      claimed.id,
      claimed.evaluations,
      claimed.version,
      found.evaluatedUntil,
      found.health,
      found.healthMessage,
      found.healthSince,
      found.lagMs,
      found.droppedGroups,
      found.skippedTicks,
      found.lateIgnored,
      found.lateAfter,
      found.isBehind,
    ],
  );
}

/** Has rules that measure one of these looked at as soon as can be. */
export function makeRulesDue(metrics: readonly AlertMetric[]): Statement {
  return sql(
    'alert.makeRulesDue',
    `update alert_rule set next_evaluation_at = to_timestamp(0)
     where workspace_id = $1 and enabled and metric = any($2::text[])`,
    [metrics],
  );
}
