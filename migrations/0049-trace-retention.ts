import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/** How far back a workspace's traces and hour cells reach: figures of before are told by what is rolled up. */
export class TraceRetention0049 implements MigrationInterface {
  readonly name = 'TraceRetention1763700000049';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table trace_retention (
        workspace_id uuid primary key,
        traces_from date not null default '1900-01-01',
        hours_from date not null default '1900-01-01',
        changed_at timestamptz(3) not null default now()
      )`);
    await lockTenantTable(runner, 'trace_retention', ['select', 'insert', 'update']);
    await openToLookup(runner, 'trace_retention', ['workspace_id', 'traces_from', 'hours_from', 'changed_at']);
    // Workspaces with days that are due: traces of before the first day, hour cells of before the second.
    await createLookup(runner, {
      signature: 'due_trace_retention(traces_before date, hours_before date, most integer)',
      returns: 'table (workspace_id uuid)',
      body: `select distinct d.workspace_id from public.trace_day d
        left join public.trace_retention r on r.workspace_id = d.workspace_id
        where d.day < traces_before and d.day >= coalesce(r.traces_from, '1900-01-01')
          or d.day < hours_before and d.day >= coalesce(r.hours_from, '1900-01-01')
        order by 1 limit most`,
    });
    // The first days whose traces and whose hour cells somebody still reads. What was given up since `before` may be under a reader's eyes.
    await createLookup(runner, {
      signature: 'oldest_trace_days(before timestamptz)',
      returns: 'table (of_traces date, of_hours date)',
      body: `select min(d.day) filter (where d.day >= coalesce(r.traces_from, '1900-01-01')),
          min(d.day) filter (where d.day >= coalesce(r.hours_from, '1900-01-01'))
        from public.trace_day d
        left join public.trace_retention r on r.workspace_id = d.workspace_id and r.changed_at < before`,
    });
    await runner.query(
      `create function upkeep.delete_stray_cells(before date, most integer) returns integer language plpgsql security definer
       set search_path = '' set lock_timeout = '1s' as $body$
       declare gone integer;
       begin
         alter table public.trace_cell_default no force row level security;
         delete from public.trace_cell_default where ctid = any (array(
           select c.ctid from public.trace_cell_default c where c.at < before::timestamp at time zone 'UTC' limit most));
         get diagnostics gone = row_count;
         alter table public.trace_cell_default force row level security;
         return gone;
       end $body$`,
    );
    await runner.query('revoke all on function upkeep.delete_stray_cells(date, integer) from public');
    await runner.query('grant execute on function upkeep.delete_stray_cells(date, integer) to worker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function upkeep.delete_stray_cells(date, integer)');
    await runner.query('drop function lookup.oldest_trace_days(timestamptz)');
    await runner.query('drop function lookup.due_trace_retention(date, date, integer)');
    await runner.query('drop table trace_retention');
  }
}
