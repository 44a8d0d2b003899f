import type { MigrationInterface, QueryRunner } from 'typeorm';

const slice = 50_000;
/** Weeks that get a partition at once: those that traces are usually of. Others are kept in the default partition for a while. */
const weeksBack = 53;
const weeksAhead = 4;

/**
 * Copies every trace into the new table while others go on reading and writing the old one: new ones are forwarded by a trigger, those
 * that are there follow in slices of 50,000, each a transaction that notes how far it came. Killed anywhere, the next run goes on there.
 * Each slice is a batch of stream `traces`, so that the roll-up comes by it as by any other.
 */
export class TraceCopy0030 implements MigrationInterface {
  readonly name = 'TraceCopy1763700000030';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await inTransaction(runner, () => begin(runner));
    for (const workspace of await workspacesLeft(runner)) {
      while (await inTransaction(runner, () => copySlice(runner, workspace))) {
        // More of this workspace's traces wait.
      }
    }
    await checkWhole(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('truncate trace_next, trace_series, trace_alias');
  }
}

async function inTransaction<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

async function begin(runner: QueryRunner): Promise<void> {
  await runner.query(
    'create table if not exists migration.trace_copy (workspace_id uuid primary key, last_id uuid, is_done boolean not null)',
  );
  await runner.query(
    `select upkeep.add_trace_week((date_trunc('week', now() at time zone 'UTC') + n * interval '7 days')::date)
     from generate_series($1::integer, $2::integer) n`,
    [-weeksBack, weeksAhead],
  );
  await runner.query(copyTraces);
  await runner.query(
    `create or replace function forward_traces() returns trigger language plpgsql set search_path = '' as $body$
     begin
       perform public.copy_traces((select n.workspace_id from new_traces n limit 1), array(select n.id from new_traces n));
       return null;
     end $body$`,
  );
  await runner.query(
    `create or replace trigger forward after insert on trace referencing new table as new_traces
     for each statement execute function forward_traces()`,
  );
  // The owner has to find out whose traces there are; nobody else is let through by this.
  await runner.query('alter table trace no force row level security');
  await runner.query(
    `insert into migration.trace_copy (workspace_id, is_done)
     with recursive found as (
       (select workspace_id from trace order by workspace_id limit 1)
       union all
       select (select t.workspace_id from trace t where t.workspace_id > f.workspace_id order by t.workspace_id limit 1)
       from found f where f.workspace_id is not null
     ) select workspace_id, false from found where workspace_id is not null
     on conflict (workspace_id) do nothing`,
  );
}

/** Stores traces of the old table in the new one, as one batch. */
const copyTraces = `create or replace function copy_traces(wanted_workspace uuid, ids uuid[]) returns void
language plpgsql set search_path = '' as $body$
declare
  batch uuid := overlay(gen_random_uuid()::text placing
    substr(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0'), 1, 8) || '-' ||
    substr(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0'), 9, 4) || '-7' from 1 for 15)::uuid;
  told jsonb;
begin
  if cardinality(ids) = 0 then return; end if;
  with old as materialized (
    select t.*, ('x' || left(encode(sha256(convert_to(
        octet_length(agent) || ':' || agent || coalesce(octet_length(department) || ':' || department, '-') ||
        coalesce(octet_length(environment) || ':' || environment, '-') || coalesce(octet_length(model) || ':' || model, '-') ||
        '-' || coalesce(octet_length(version) || ':' || version, '-') || '5:OTHER', 'UTF8')), 'hex'), 16))::bit(64)::bigint as series,
      (lpad(to_hex((extract(epoch from started_at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 2, 3) ||
        substr('89ab89ab89ab89ab', ('x' || substr(hash, 5, 1))::bit(4)::integer + 1, 1) || substr(hash, 6, 15))::uuid as new_id
    from public.trace t cross join lateral (select encode(sha256(convert_to(t.external_id, 'UTF8')), 'hex') as hash) h
    where t.workspace_id = wanted_workspace and t.id = any (ids)
  ), series as (
    insert into public.trace_series (workspace_id, series, agent, department, environment, model, provider, version, kind, first_at)
    select workspace_id, series, agent, department, environment, model, null, version, 'OTHER', min(started_at) from old
    group by workspace_id, series, agent, department, environment, model, version order by series
    on conflict (workspace_id, series) do nothing
  ), alias as (
    insert into public.trace_alias (workspace_id, old_id, id) select workspace_id, id, new_id from old
    on conflict (workspace_id, old_id) do nothing
  ), stored as (
    insert into public.trace_next (workspace_id, id, batch_id, series, duration_ms, cost_nano, input_tokens, output_tokens,
      cached_input_tokens, status, kind, cost_source, operation, external_id, flow_id, attributes)
    select workspace_id, new_id, batch, series, duration_ms, round(cost_usd * 1000000000)::bigint, input_tokens, output_tokens, 0,
      status, 'OTHER', 'SENT', operation, external_id, flow_id, nullif(attributes, '{}') from old order by new_id
    on conflict (workspace_id, id) do nothing returning public.trace_at(id) as at
  )
  select jsonb_build_object('batchId', batch, 'accepted', count(*), 'firstStartedAt', to_json(min(at) at time zone 'UTC') #>> '{}' || 'Z',
    'lastStartedAt', to_json(max(at) at time zone 'UTC') #>> '{}' || 'Z',
    'hours', '[]'::jsonb, 'minutesStarted', '[]'::jsonb, 'minutesEnded', '[]'::jsonb, 'costs', '[]'::jsonb, 'restNano', '0')
  into told from stored having count(*) > 0;
  if told is null then return; end if;
  with head as (
    insert into public.stream_head as head (workspace_id, stream_id, last_seq) values (wanted_workspace, 'traces', 1)
    on conflict (workspace_id, stream_id) do update set last_seq = head.last_seq + 1 returning last_seq
  )
  insert into public.event (workspace_id, stream_id, seq, event_id, type, payload)
  select wanted_workspace, 'traces', last_seq, gen_random_uuid(), 'traces.ingested', told from head;
end $body$`;

async function workspacesLeft(runner: QueryRunner): Promise<string[]> {
  const rows = (await runner.query(
    'select workspace_id from migration.trace_copy where not is_done order by workspace_id',
  )) as { workspace_id: string }[];
  return rows.map((row) => row.workspace_id);
}

/** Copies the next slice; answers whether there may be more. */
async function copySlice(runner: QueryRunner, workspace: string): Promise<boolean> {
  await runner.query(`select set_config('app.workspace_id', $1, true)`, [workspace]);
  const [copied] = (await runner.query(
    `with next as (
       select t.id from trace t join migration.trace_copy c on c.workspace_id = t.workspace_id
       where t.workspace_id = $1 and (c.last_id is null or t.id > c.last_id) order by t.id limit $2
     ), ids as (select array_agg(id order by id) as all_ids from next), copied as (
       select all_ids, copy_traces($1, all_ids) from ids where all_ids is not null
     ) select coalesce(cardinality(all_ids), 0) as number, all_ids[cardinality(all_ids)] as last from copied`,
    [workspace, slice],
  )) as { number: number; last: string }[];
  await runner.query(
    'update migration.trace_copy set last_id = coalesce($2, last_id), is_done = $3 where workspace_id = $1',
    [workspace, copied?.last ?? null, (copied?.number ?? 0) < slice],
  );
  return copied?.number === slice;
}

/** Throws unless every trace has its new id. One snapshot: what comes in meanwhile is forwarded in its own transaction. */
async function checkWhole(runner: QueryRunner): Promise<void> {
  for (const { workspace_id: workspace } of (await runner.query('select workspace_id from migration.trace_copy')) as {
    workspace_id: string;
  }[]) {
    const [counted] = await inTransaction(runner, async () => {
      await runner.query(`select set_config('app.workspace_id', $1, true)`, [workspace]);
      return (await runner.query(
        `select (select count(*) from trace where workspace_id = $1) = (select count(*) from trace_alias where workspace_id = $1) as is_whole`,
        [workspace],
      )) as { is_whole: boolean }[];
    });
    if (!counted?.is_whole)
      throw new Error(`Traces of workspace ${workspace} were not copied. Run the migration again.`);
  }
}
