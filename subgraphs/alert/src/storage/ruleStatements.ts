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
 * Takes due rules for their next ticks, so that no other evaluator takes them before another tick is due. No row for one that another was
 * faster at. `aheadMs` moves PostgreSQL's clock.
 */
export function claimRules(
  table: EntityTable<AlertRuleRow>,
  ids: readonly string[],
  aheadMs: number,
): Statement<ClaimedRule> {
  return sql(
    'alert.claimRules',
    `with due as (
       select id from alert_rule
       where workspace_id = $1 and id = any($2::uuid[]) and enabled and next_evaluation_at <= now() + $3::bigint * interval '1 millisecond'
       order by id for update skip locked
     ), claimed as (
     update alert_rule set evaluations = evaluations + 1, next_evaluation_at = to_timestamp(delay_seconds + ${everySeconds}
       * (floor((extract(epoch from now() + $3::bigint * interval '1 millisecond') - delay_seconds) / ${everySeconds}) + 1))
     where workspace_id = $1 and id in (select id from due)
     returning ${table.columnList})
     select claimed.*, now() + $3::bigint * interval '1 millisecond' as claimed_at from claimed`,
    [ids, aheadMs],
    (row) => ({ rule: table.fromRow(row), at: row['claimed_at'] as Date }),
  );
}

type Claimed = Pick<AlertRuleRow, 'id' | 'evaluations' | 'version'>;

/** Rules that are as they were claimed, in one order for all who hold many. $2 to $4: their ids, claims and versions. */
const asClaimed = `select r.id from alert_rule r
     join unnest($2::uuid[], $3::bigint[], $4::integer[]) as claimed (id, evaluations, version)
       on claimed.id = r.id and claimed.evaluations = r.evaluations and claimed.version = r.version
     where r.workspace_id = $1 and r.enabled order by r.id for update of r`;

function claims(claimed: readonly Claimed[]): unknown[] {
  return [claimed.map(({ id }) => id), claimed.map((one) => one.evaluations), claimed.map(({ version }) => version)];
}

/** Ids of those that nobody has changed, deleted or claimed since, held until the end of the transaction. */
export function lockClaimedRules(claimed: readonly Claimed[]): Statement<string> {
  return sql('alert.lockClaimedRules', asClaimed, claims(claimed), (row) => row['id'] as string);
}

/** Gives rules back that were claimed and not looked at: they are due at once. */
export function releaseRules(claimed: readonly Claimed[]): Statement {
  return sql(
    'alert.releaseRules',
    `with held as (${asClaimed})
     update alert_rule set next_evaluation_at = to_timestamp(0) where workspace_id = $1 and id in (select id from held)`,
    claims(claimed),
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

/** What evaluations leave on their rules; nothing on those that were changed, deleted or claimed again since. */
export function finishEvaluations(
  evaluations: readonly { readonly claimed: Claimed; readonly found: Evaluated }[],
): Statement {
  const found = <Value>(of: (evaluated: Evaluated) => Value) => evaluations.map((one) => of(one.found));
  return sql(
    'alert.finishEvaluations',
    `with held as (${asClaimed})
     update alert_rule set evaluated_until = found.evaluated_until, health = found.health, health_message = found.health_message,
       health_since = found.health_since, lag_ms = found.lag_ms, dropped_groups = found.dropped_groups, skipped_ticks = found.skipped_ticks,
       late_ignored = found.late_ignored, late_after = found.late_after,
       next_evaluation_at = case when found.is_behind then to_timestamp(0) else next_evaluation_at end
     from unnest($2::uuid[], $5::timestamptz[], $6::text[], $7::text[], $8::timestamptz[], $9::integer[], $10::integer[], $11::bigint[],
       $12::bigint[], $13::bigint[], $14::boolean[]) as found (id, evaluated_until, health, health_message, health_since, lag_ms,
       dropped_groups, skipped_ticks, late_ignored, late_after, is_behind)
     where alert_rule.workspace_id = $1 and alert_rule.id = found.id and alert_rule.id in (select id from held)`,
    [
      ...claims(evaluations.map(({ claimed }) => claimed)),
      found(({ evaluatedUntil }) => evaluatedUntil),
      found(({ health }) => health),
      found(({ healthMessage }) => healthMessage),
      found(({ healthSince }) => healthSince),
      found(({ lagMs }) => lagMs),
      found(({ droppedGroups }) => droppedGroups),
      found(({ skippedTicks }) => skippedTicks),
      found(({ lateIgnored }) => lateIgnored),
      found(({ lateAfter }) => lateAfter),
      found(({ isBehind }) => isBehind),
    ],
  );
}

/** Has rules that measure one of these looked at as soon as can be. */
export function makeRulesDue(metrics: readonly AlertMetric[]): Statement {
  return sql(
    'alert.makeRulesDue',
    `with measuring as (
       select id from alert_rule where workspace_id = $1 and enabled and metric = any($2::text[]) order by id for update)
     update alert_rule set next_evaluation_at = to_timestamp(0) where workspace_id = $1 and id in (select id from measuring)`,
    [metrics],
  );
}
