/**
 * What Citus wants written otherwise once all tables are spread: the acts of upkeep that move rows between partitions. On plain PostgreSQL
 * they move them in one statement, and delete so many at a time; there is neither across shards. Run at every migration.
 */
export const onCitus: readonly string[] = [
  `create or replace function upkeep.split_default(stray text, part text, options text, chosen text, bounds text) returns void
   language plpgsql set search_path = '' as $body$
   declare
     parent regclass := (select inhparent from pg_catalog.pg_inherits where inhrelid = ('public.' || stray)::regclass);
     tenant text := 'workspace_id = nullif(current_setting(''app.workspace_id'', true), '''')::uuid';
   begin
     execute format('lock table public.%I in access exclusive mode', stray);
     execute format('create table public.%I (like %s including defaults including constraints) with (%s)', part, parent, options);
     perform create_distributed_table(('public.' || part)::regclass, 'workspace_id', colocate_with => 'public.workspace');
     execute format('alter table public.%I no force row level security', stray);
     execute format('insert into public.%I select * from public.%I where %s', part, stray, chosen);
     execute format('delete from public.%I where %s', stray, chosen);
     execute format('alter table public.%I force row level security', stray);
     execute format('alter table public.%I enable row level security', part);
     execute format('alter table public.%I force row level security', part);
     execute format('create policy tenant on public.%I using (%s) with check (%s)', part, tenant, tenant);
     execute format('revoke all on public.%I from public', part);
     execute format('alter table %s attach partition public.%I for values %s', parent, part, bounds);
   end $body$`,
  deleteStray('delete_stray_traces', 'trace_default', 't.id < upkeep.first_id(before)'),
  deleteStray('delete_stray_cells', 'trace_cell_default', `t.at < before::timestamp at time zone 'UTC'`),
];

function deleteStray(name: string, table: string, condition: string): string {
  return `create or replace function upkeep.${name}(before date, most integer) returns integer
     language plpgsql security definer set search_path = '' set lock_timeout = '1s' as $body$
     declare gone integer;
     begin
       alter table public.${table} no force row level security;
       delete from public.${table} t where ${condition};
       get diagnostics gone = row_count;
       alter table public.${table} force row level security;
       return gone;
     end $body$`;
}
