import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup } from '@tributary/data';

const tenant = `workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid`;

/**
 * Schema `upkeep`: what makes and drops partitions, one function an act, for role `worker`. They run as `owner`, take dates and counts and
 * never a name, and give up after a second where others hold what they need.
 */
export class TraceUpkeep0029 implements MigrationInterface {
  readonly name = 'TraceUpkeep1763700000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema upkeep');
    await runner.query('grant usage on schema upkeep to worker');
    await createHouse(runner);
    for (const { signature, returns, body } of acts) {
      await runner.query(
        `create function upkeep.${signature} returns ${returns} language plpgsql security definer
         set search_path = '' set lock_timeout = '1s' as $body$ ${body} $body$`,
      );
      await runner.query(`revoke all on function upkeep.${signature} from public`);
      await runner.query(`grant execute on function upkeep.${signature} to worker`);
    }
    // Which weeks wait in the default partition, and how many traces each.
    await runner.query('create policy lookup on trace_default for select to resolver using (true)');
    await runner.query('grant select (id) on trace_default to resolver');
    await createLookup(runner, {
      signature: 'due_trace_weeks()',
      returns: 'table (monday date, traces bigint)',
      language: 'plpgsql',
      body: `begin return query
        select date_trunc('week', public.trace_at(t.id) at time zone 'UTC')::date, count(*) from public.trace_default t group by 1 order by 1;
        end`,
    });
    await createLookup(runner, {
      signature: 'due_trace_days(before date, most integer)',
      returns: 'table (workspace_id uuid, day date)',
      language: 'plpgsql',
      body: `begin return query
        select d.workspace_id, d.day from public.trace_day d
        where not d.is_sealed and d.day < before order by d.workspace_id, d.day limit most;
        end`,
    });
    await runner.query('create index trace_day_unsealed on trace_day (workspace_id, day) where not is_sealed');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index trace_day_unsealed');
    await runner.query('drop function lookup.due_trace_days(date, integer)');
    await runner.query('drop function lookup.due_trace_weeks()');
    await runner.query('drop policy lookup on trace_default');
    await runner.query('revoke select (id) on trace_default from resolver');
    await runner.query('drop schema upkeep cascade');
  }
}

/** What the acts are made of. Nobody but the owner calls these. */
async function createHouse(runner: QueryRunner): Promise<void> {
  await runner.query(
    `create function upkeep.first_id(at date) returns uuid language sql immutable set search_path = '' as $body$
       select (lpad(to_hex((extract(epoch from at::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
     $body$`,
  );
  // Rows that are in the default partition already would keep the new one from being attached: they move first. While they do, nobody
  // else gets at the default partition, and the owner alone is let through its policy.
  await runner.query(
    `create function upkeep.split_default(stray text, part text, options text, chosen text, bounds text) returns void
     language plpgsql set search_path = '' as $body$
     declare
       parent regclass := (select inhparent from pg_catalog.pg_inherits where inhrelid = ('public.' || stray)::regclass);
     begin
       execute format('lock table public.%I in access exclusive mode', stray);
       execute format('create table public.%I (like %s including defaults including constraints) with (%s)', part, parent, options);
       execute format('alter table public.%I no force row level security', stray);
       execute format('with moved as (delete from public.%I where %s returning *) insert into public.%I select * from moved', stray, chosen, part);
       execute format('alter table public.%I force row level security', stray);
       execute format('alter table public.%I enable row level security', part);
       execute format('alter table public.%I force row level security', part);
       execute format('create policy tenant on public.%I using (${tenant}) with check (${tenant})', part);
       execute format('revoke all on public.%I from public', part);
       execute format('alter table %s attach partition public.%I for values %s', parent, part, bounds);
     end $body$`,
  );
  for (const name of ['first_id(date)', 'split_default(text, text, text, text, text)'])
    await runner.query(`revoke all on function upkeep.${name} from public`);
}

const weekName = `'trace_' || to_char(monday, 'YYYYMMDD')`;
const monthName = `'trace_cell_' || to_char(first, 'YYYYMM')`;

const acts = [
  {
    signature: 'add_trace_week(monday date)',
    returns: 'boolean',
    body: `
      begin
        if extract(isodow from monday) <> 1 then raise exception 'a week begins on a Monday' using errcode = '22023'; end if;
        if to_regclass('public.' || ${weekName}) is not null then return false; end if;
        perform upkeep.split_default('trace_default', ${weekName}, 'autovacuum_vacuum_insert_scale_factor = 0.05',
          format('id >= %L and id < %L', upkeep.first_id(monday), upkeep.first_id(monday + 7)),
          format('from (%L) to (%L)', upkeep.first_id(monday), upkeep.first_id(monday + 7)));
        return true;
      end`,
  },
  {
    signature: 'drop_trace_week(monday date)',
    returns: 'boolean',
    body: `
      begin
        if to_regclass('public.' || ${weekName}) is null then return false; end if;
        execute format('drop table public.%I', ${weekName});
        return true;
      end`,
  },
  {
    signature: 'delete_stray_traces(before date, most integer)',
    returns: 'integer',
    body: `
      declare gone integer;
      begin
        alter table public.trace_default no force row level security;
        delete from public.trace_default where ctid = any (array(
          select t.ctid from public.trace_default t where t.id < upkeep.first_id(before) limit most));
        get diagnostics gone = row_count;
        alter table public.trace_default force row level security;
        return gone;
      end`,
  },
  {
    signature: 'add_cell_month(first date)',
    returns: 'boolean',
    body: `
      begin
        if extract(day from first) <> 1 then raise exception 'a month begins on its first day' using errcode = '22023'; end if;
        if to_regclass('public.' || ${monthName}) is not null then return false; end if;
        perform upkeep.split_default('trace_cell_default', ${monthName}, 'fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05',
          format('at >= %L and at < %L', first::timestamp at time zone 'UTC', (first + interval '1 month')::timestamp at time zone 'UTC'),
          format('from (%L) to (%L)', first::timestamp at time zone 'UTC', (first + interval '1 month')::timestamp at time zone 'UTC'));
        return true;
      end`,
  },
  {
    signature: 'drop_cell_month(first date)',
    returns: 'boolean',
    body: `
      begin
        if to_regclass('public.' || ${monthName}) is null then return false; end if;
        execute format('drop table public.%I', ${monthName});
        return true;
      end`,
  },
];
