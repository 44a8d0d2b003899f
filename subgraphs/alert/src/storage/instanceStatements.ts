import type { AlertInstanceState } from '@tributary/contracts/values';
import { bulkInsert, sql } from '@tributary/data';
import type { EntityTable, Row, Statement } from '@tributary/data';
import type { InstanceRow } from './InstanceRow.js';

type Stored = Omit<InstanceRow, 'workspaceId' | 'version'>;

/** Everything that is known of rules. */
export function instancesOfRules(table: EntityTable<InstanceRow>, ruleIds: readonly string[]): Statement<InstanceRow> {
  return table.sql(
    'alert.instancesOfRules',
    `select ${table.columnList} from alert_instance where workspace_id = $1 and rule_id = any($2::uuid[])`,
    [ruleIds],
  );
}

/** The same, held until the end of the transaction. */
export function lockInstancesOfRules(
  table: EntityTable<InstanceRow>,
  ruleIds: readonly string[],
): Statement<InstanceRow> {
  return table.sql(
    'alert.lockInstancesOfRules',
    `select ${table.columnList} from alert_instance where workspace_id = $1 and rule_id = any($2::uuid[])
     order by rule_id, fingerprint for update`,
    [ruleIds],
  );
}

/** One of them, held until the end of the transaction. */
export function lockInstance(
  table: EntityTable<InstanceRow>,
  ruleId: string,
  fingerprint: string,
): Statement<InstanceRow> {
  return table.sql(
    'alert.lockInstance',
    `select ${table.columnList} from alert_instance where workspace_id = $1 and rule_id = $2 and fingerprint = $3 for update`,
    [ruleId, fingerprint],
  );
}

/** Of each of these rules the instances by fingerprint, behind `after`. */
export function listInstancesOf(
  table: EntityTable<InstanceRow>,
  ruleIds: readonly string[],
  states: readonly AlertInstanceState[] | null,
  after: string | null,
  limit: number,
): Statement<InstanceRow> {
  return table.sql(
    'alert.listInstancesOf',
    `select found.* from unnest((select $2::uuid[])) as wanted (rule_id)
     cross join lateral (
       select ${table.columnList} from alert_instance
       where workspace_id = $1 and rule_id = wanted.rule_id and ($3::text[] is null or state = any($3::text[]))
         and ($4::text is null or fingerprint > $4::text collate "C") order by fingerprint limit $5
     ) as found`,
    [ruleIds, states, after, limit],
  );
}

export function countInstancesOf(
  ruleIds: readonly string[],
  states: readonly AlertInstanceState[] | null,
): Statement<{ readonly ruleId: string; readonly count: number }> {
  return sql(
    'alert.countInstancesOf',
    `select rule_id, count(*) as count from alert_instance
     where workspace_id = $1 and rule_id = any($2::uuid[]) and ($3::text[] is null or state = any($3::text[])) group by 1`,
    [ruleIds, states],
    (row) => ({ ruleId: row['rule_id'] as string, count: Number(row['count']) }),
  );
}

/** Writes instances as they are now. */
export function saveInstances(instances: readonly Stored[]): Statement {
  const columns = {
    rule_id: { type: 'uuid', of: (one: Stored) => one.ruleId },
    fingerprint: { type: 'text', of: (one: Stored) => one.fingerprint },
    key: { type: 'text', of: (one: Stored) => one.key },
    state: { type: 'text', of: (one: Stored) => one.state },
    since: { type: 'timestamptz', of: (one: Stored) => one.since },
    value: { type: 'float8', of: (one: Stored) => one.value },
    observed_at: { type: 'timestamptz', of: (one: Stored) => one.observedAt },
    no_data_since: { type: 'timestamptz', of: (one: Stored) => one.noDataSince },
    muted_until_clear: { type: 'boolean', of: (one: Stored) => one.mutedUntilClear },
    flapping: { type: 'boolean', of: (one: Stored) => one.flapping },
    ended_at: { type: 'timestamptz', of: (one: Stored) => one.endedAt },
    repeats: { type: 'integer', of: (one: Stored) => one.repeats },
    told_at: { type: 'timestamptz', of: (one: Stored) => one.toldAt },
    last_alert_id: { type: 'uuid', of: (one: Stored) => one.lastAlertId },
  };
  const changed = Object.keys(columns).filter((column) => column !== 'rule_id' && column !== 'fingerprint');
  const { text, values } = bulkInsert({
    into: 'alert_instance as known',
    entries: instances,
    columns,
    orderBy: 'entry.rule_id, entry.fingerprint collate "C"',
    behind: `on conflict (workspace_id, rule_id, fingerprint) do update set ${changed
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}, version = known.version + 1`,
  });
  return sql('alert.saveInstances', text, values);
}

/** The last moments at which alerts of an instance began or ended. Apart from the rest: a list of lists has one length. */
export function saveChanges(instances: readonly Pick<InstanceRow, 'ruleId' | 'fingerprint' | 'changes'>[]): Statement {
  return sql(
    'alert.saveChanges',
    `update alert_instance i set changes = array(
       select jsonb_array_elements_text(seen.changes)::timestamptz order by 1
     ) from unnest($2::uuid[], $3::text[], $4::jsonb[]) as seen (rule_id, fingerprint, changes)
     where i.workspace_id = $1 and i.rule_id = seen.rule_id and i.fingerprint = seen.fingerprint collate "C"`,
    [
      instances.map((one) => one.ruleId),
      instances.map((one) => one.fingerprint),
      instances.map((one) => JSON.stringify(one.changes)),
    ],
  );
}

export function deleteInstances(instances: readonly Pick<InstanceRow, 'ruleId' | 'fingerprint'>[]): Statement {
  return sql(
    'alert.deleteInstances',
    `delete from alert_instance i using unnest($2::uuid[], $3::text[]) as gone (rule_id, fingerprint)
     where i.workspace_id = $1 and i.rule_id = gone.rule_id and i.fingerprint = gone.fingerprint collate "C"`,
    [instances.map((one) => one.ruleId), instances.map((one) => one.fingerprint)],
  );
}

export function deleteInstancesOfRule(ruleId: string): Statement {
  return sql('alert.deleteInstancesOfRule', 'delete from alert_instance where workspace_id = $1 and rule_id = $2', [
    ruleId,
  ]);
}

/** A change of an instance, and the instance behind it. */
export interface StoredTransition {
  readonly fingerprint: string;
  readonly tick: Date;
  readonly fromState: AlertInstanceState;
  readonly toState: AlertInstanceState;
  readonly value: number | null;
  readonly cause: 'TICK' | 'LATE' | 'DECIDED';
  readonly after: Readonly<Record<string, unknown>>;
}

export function insertTransitions(transitions: readonly (StoredTransition & { readonly ruleId: string })[]): Statement {
  const { text, values } = bulkInsert({
    into: 'alert_transition',
    entries: transitions,
    columns: {
      rule_id: { type: 'uuid', of: (one) => one.ruleId },
      fingerprint: { type: 'text', of: (one) => one.fingerprint },
      tick: { type: 'timestamptz', of: (one) => one.tick },
      from_state: { type: 'text', of: (one) => one.fromState },
      to_state: { type: 'text', of: (one) => one.toState },
      value: { type: 'float8', of: (one) => one.value },
      cause: { type: 'text', of: (one) => one.cause },
      after: { type: 'jsonb', of: (one) => JSON.stringify(one.after) },
    },
    behind: `on conflict (workspace_id, rule_id, fingerprint, tick) do update set from_state = excluded.from_state,
      to_state = excluded.to_state, value = excluded.value, cause = excluded.cause, after = excluded.after`,
  });
  return sql('alert.insertTransitions', text, values);
}

/** Of each fingerprint of a rule its transitions from a tick on, and the last one before it, oldest first. */
export function transitionsFrom(ruleId: string, tick: Date): Statement<StoredTransition> {
  return sql(
    'alert.transitionsFrom',
    `select t.fingerprint, t.tick, t.from_state, t.to_state, t.value, t.cause, t.after from alert_transition t
     where t.workspace_id = $1 and t.rule_id = $2 and t.tick >= coalesce((
       select max(earlier.tick) from alert_transition earlier
       where earlier.workspace_id = $1 and earlier.rule_id = $2 and earlier.fingerprint = t.fingerprint and earlier.tick < $3
     ), $3) order by t.tick, t.fingerprint`,
    [ruleId, tick],
    toTransition,
  );
}

export function deleteTransitionsFrom(ruleId: string, fingerprints: readonly string[], tick: Date): Statement {
  return sql(
    'alert.deleteTransitionsFrom',
    'delete from alert_transition where workspace_id = $1 and rule_id = $2 and fingerprint = any($3::text[]) and tick >= $4',
    [ruleId, fingerprints, tick],
  );
}

export function deleteTransitions(ruleId: string): Statement {
  return sql('alert.deleteTransitions', 'delete from alert_transition where workspace_id = $1 and rule_id = $2', [
    ruleId,
  ]);
}

export function deleteOldTransitions(before: Date, most: number): Statement {
  return sql(
    'alert.deleteOldTransitions',
    `delete from alert_transition where workspace_id = $1 and (rule_id, fingerprint, tick) in (
       select rule_id, fingerprint, tick from alert_transition where workspace_id = $1 and tick < $2
       order by tick limit $3 for update skip locked) returning 1`,
    [before, most],
  );
}

function toTransition(row: Row): StoredTransition {
  return {
    fingerprint: row['fingerprint'] as string,
    tick: row['tick'] as Date,
    fromState: row['from_state'] as AlertInstanceState,
    toState: row['to_state'] as AlertInstanceState,
    value: row['value'] as number | null,
    cause: row['cause'] as StoredTransition['cause'],
    after: row['after'] as StoredTransition['after'],
  };
}
