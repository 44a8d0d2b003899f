import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/** Silences and maintenance windows, and which alerts they quieten until when. */
export class AlertSilences0055 implements MigrationInterface {
  readonly name = 'AlertSilences1763700000055';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table alert add column suppressed_by uuid, add column suppressed_until timestamptz(3)');
    await runner.query(`
      create table alert_silence (
        workspace_id uuid not null,
        id uuid not null,
        kind text not null check (kind in ('SILENCE', 'MAINTENANCE')),
        matchers jsonb not null,
        comment text not null,
        starts_at timestamptz(3) not null,
        -- Of one that recurs: when the series ends.
        ends_at timestamptz(3) not null,
        rrule text,
        time_zone text,
        duration_seconds integer,
        -- The occurrence that it is in, or the next one; null when there is none any more.
        active_from timestamptz(3),
        active_until timestamptz(3),
        -- When the workspace's alerts are looked at next because of it.
        due_at timestamptz(3),
        created_by_kind text not null check (created_by_kind in ('user', 'apiKey', 'system')),
        created_by_id text not null,
        ended_at timestamptz(3),
        version integer not null default 1,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, id)
      )`);
    await lockTenantTable(runner, 'alert_silence', ['select', 'insert', 'update']);
    await runner.query(
      'create index alert_silence_active on alert_silence (workspace_id, active_until) where active_until is not null',
    );
    await runner.query('create index alert_silence_due on alert_silence (due_at) where due_at is not null');
    await openToLookup(runner, 'alert_silence', ['workspace_id', 'due_at']);
    await createLookup(runner, {
      signature: 'due_alert_silences(most integer, ahead_ms bigint)',
      returns: 'table (workspace_id uuid)',
      body: `select s.workspace_id from public.alert_silence s
             where s.due_at <= now() + ahead_ms * interval '1 millisecond'
             group by s.workspace_id order by min(s.due_at) limit most`,
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function lookup.due_alert_silences(integer, bigint)');
    await runner.query('drop table alert_silence');
    await runner.query('alter table alert drop column suppressed_by, drop column suppressed_until');
  }
}
