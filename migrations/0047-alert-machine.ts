import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/**
 * One state for each rule and fingerprint, with every change of it, and rules that say when an alert begins, ends and is the same. Rules
 * that are there keep what they did: windows by when runs began, evaluated at once, and over when data stop. Their open alerts go on as
 * they are: none of them fires again.
 */
export class AlertMachine0047 implements MigrationInterface {
  readonly name = 'AlertMachine1763700000047';

  async up(runner: QueryRunner): Promise<void> {
    // A default that is there while the column is added is what rows that are there get; what comes later gets the second one.
    await runner.query(`
      alter table alert_rule
        add column recovery_threshold double precision,
        add column for_seconds integer not null default 0,
        add column keep_firing_seconds integer not null default 0,
        add column every_seconds integer,
        add column delay_seconds integer not null default 0,
        add column time_basis text not null default 'STARTED' check (time_basis in ('STARTED', 'ENDED', 'INGESTED')),
        add column no_data text not null default 'RESOLVE' check (no_data in ('HOLD', 'RESOLVE', 'FIRE', 'ALERT')),
        add column missing_after_seconds integer,
        add column also jsonb not null default '[]',
        add column combine text not null default 'ALL' check (combine in ('ALL', 'ANY')),
        add column expect jsonb not null default '[]',
        add column reopen_seconds integer not null default 600,
        add column max_alerts integer not null default 1000,
        add column labels jsonb not null default '{}',
        add column runbook_url text,
        add column evaluated_until timestamptz(3) default now(),
        add column health text not null default 'OK' check (health in ('OK', 'LATE', 'ERROR')),
        add column health_message text,
        add column health_since timestamptz(3),
        add column lag_ms integer,
        add column dropped_groups integer not null default 0,
        add column skipped_ticks bigint not null default 0,
        add column late_ignored bigint not null default 0,
        add column late_after bigint`);
    await runner.query(`
      alter table alert_rule alter column delay_seconds set default 15, alter column time_basis set default 'ENDED',
        alter column no_data set default 'HOLD', alter column evaluated_until drop default`);
    await runner.query(`
      alter table alert
        add column fired_severity text check (fired_severity in ('INFO', 'WARNING', 'CRITICAL')),
        add column resolved_reason text check (resolved_reason in ('BACK_TO_NORMAL', 'NO_DATA', 'SERIES_GONE', 'RULE_CHANGED',
          'RULE_DISABLED', 'RULE_DELETED', 'FLOW_SUCCEEDED', 'FLOW_CANCELLED', 'RESOLVED_BY_PERSON', 'SUPERSEDED')),
        add column recovering boolean not null default false,
        add column flapping boolean not null default false,
        add column reopened integer not null default 0,
        add column late boolean not null default false,
        add column retracted boolean not null default false,
        add column no_data_since timestamptz(3),
        add column runbook_url text`);
    await runner.query(`
      create table alert_instance (
        workspace_id uuid not null,
        rule_id uuid not null,
        fingerprint text collate "C" not null,
        key text,
        state text not null check (state in ('OK', 'PENDING', 'FIRING', 'RECOVERING')),
        since timestamptz(3) not null,
        value double precision,
        observed_at timestamptz(3),
        no_data_since timestamptz(3),
        muted_until_clear boolean not null default false,
        changes timestamptz(3)[] not null default '{}' check (cardinality(changes) <= 21),
        flapping boolean not null default false,
        ended_at timestamptz(3),
        repeats integer not null default 0,
        told_at timestamptz(3),
        last_alert_id uuid,
        version integer not null default 1,
        primary key (workspace_id, rule_id, fingerprint)
      )`);
    await lockTenantTable(runner, 'alert_instance', ['select', 'insert', 'update', 'delete']);
    await runner.query(`
      create table alert_transition (
        workspace_id uuid not null,
        rule_id uuid not null,
        fingerprint text collate "C" not null,
        tick timestamptz(3) not null,
        from_state text not null check (from_state in ('OK', 'PENDING', 'FIRING', 'RECOVERING')),
        to_state text not null check (to_state in ('OK', 'PENDING', 'FIRING', 'RECOVERING')),
        value double precision,
        cause text not null check (cause in ('TICK', 'LATE', 'DECIDED')),
        -- The instance as it was then, from which late data are evaluated anew.
        after jsonb not null,
        primary key (workspace_id, rule_id, fingerprint, tick)
      )`);
    await lockTenantTable(runner, 'alert_transition', ['select', 'insert', 'update', 'delete']);
    await runner.query('create index alert_transition_age on alert_transition (workspace_id, tick)');
    await openToLookup(runner, 'alert_transition', ['workspace_id', 'tick']);
    await createLookup(runner, {
      signature: 'workspaces_with_old_alert_transitions(before timestamptz, most integer)',
      returns: 'table (workspace_id uuid)',
      body: `select w.workspace_id from public.workspace w
             where exists (select from public.alert_transition t where t.workspace_id = w.workspace_id and t.tick < before)
             order by w.workspace_id limit most`,
    });
    const tables = ['alert', 'alert_rule', 'alert_instance', 'alert_transition'];
    for (const table of tables) await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`
      insert into alert_instance (workspace_id, rule_id, fingerprint, key, state, since, value, observed_at, changes, told_at, last_alert_id)
      select a.workspace_id, a.rule_id, a.fingerprint, a.labels ->> 'key', 'FIRING', a.first_seen_at, a.value, a.last_seen_at,
        array[a.first_seen_at], a.last_seen_at, a.id
      from alert a join alert_rule r on r.workspace_id = a.workspace_id and r.id = a.rule_id where a.status <> 'RESOLVED'`);
    // Late data go back no further than what was decided before the machine was there.
    await runner.query(`
      insert into alert_transition (workspace_id, rule_id, fingerprint, tick, from_state, to_state, value, cause, after)
      select workspace_id, rule_id, fingerprint, now(), 'OK', 'FIRING', value, 'DECIDED', '{}' from alert_instance`);
    for (const table of tables) await runner.query(`alter table ${table} force row level security`);
    // Evaluators of before must not go on beside the machine.
    await runner.query('drop function lookup.due_alert_rules(integer)');
    await createLookup(runner, {
      signature: 'due_alert_rules_in_turn(most integer, ahead_ms bigint)',
      returns: 'table (workspace_id uuid, rule_id uuid)',
      body: `select due.workspace_id, due.id from (
               select r.workspace_id, r.id, r.next_evaluation_at,
                 row_number() over (partition by r.workspace_id order by r.next_evaluation_at, r.id) as turn
               from public.alert_rule r where r.enabled and r.next_evaluation_at <= now() + ahead_ms * interval '1 millisecond'
             ) due order by due.turn, due.next_evaluation_at limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.due_alert_rules_in_turn(integer, bigint)');
    await createLookup(runner, {
      signature: 'due_alert_rules(most integer)',
      returns: 'table (workspace_id uuid, rule_id uuid)',
      body: `select r.workspace_id, r.id from public.alert_rule r
             where r.enabled and r.next_evaluation_at <= now() order by r.next_evaluation_at limit most`,
    });
    await runner.query('drop function lookup.workspaces_with_old_alert_transitions(timestamptz, integer)');
    await runner.query('drop table alert_transition');
    await runner.query('drop table alert_instance');
    await runner.query(`
      alter table alert drop column fired_severity, drop column resolved_reason, drop column recovering, drop column flapping,
        drop column reopened, drop column late, drop column retracted, drop column no_data_since, drop column runbook_url`);
    await runner.query(`
      alter table alert_rule drop column recovery_threshold, drop column for_seconds, drop column keep_firing_seconds,
        drop column every_seconds, drop column delay_seconds, drop column time_basis, drop column no_data,
        drop column missing_after_seconds, drop column also, drop column combine, drop column expect, drop column reopen_seconds,
        drop column max_alerts, drop column labels, drop column runbook_url, drop column evaluated_until, drop column health,
        drop column health_message, drop column health_since, drop column lag_ms, drop column dropped_groups,
        drop column skipped_ticks, drop column late_ignored, drop column late_after`);
  }
}
