import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable, openToLookup } from '@tributary/data';

/** Traces in weekly partitions, what they have in common beside them, and the figures that are rolled up from them. */
export class TraceTables0028 implements MigrationInterface {
  readonly name = 'TraceTables1763700000028';

  async up(runner: QueryRunner): Promise<void> {
    await createFunctions(runner);
    await createTraces(runner);
    await createCells(runner);
    await createWholes(runner);
    await runner.query(`
      create table model_price (
        workspace_id uuid not null,
        model text collate "C" not null,
        provider text collate "C" not null default '',
        valid_from timestamptz(3) not null,
        input numeric not null check (input >= 0),
        output numeric not null check (output >= 0),
        cached_input numeric check (cached_input >= 0),
        cache_write numeric check (cache_write >= 0),
        primary key (workspace_id, model, provider, valid_from)
      )`);
    await lockTenantTable(runner, 'model_price', ['select', 'insert', 'update', 'delete']);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Of a copy that was given up halfway.
    await runner.query('drop trigger if exists forward on trace');
    await runner.query('drop function if exists forward_traces()');
    await runner.query('drop function if exists copy_traces(uuid, uuid[])');
    await runner.query('drop table if exists migration.trace_copy');
    await runner.query('alter table trace force row level security');
    const tables = ['model_price', 'trace_flow', 'trace_session', 'trace_day_cell', 'trace_cell', 'trace_day'];
    for (const table of [...tables, 'trace_alias', 'trace_series', 'trace_next'])
      await runner.query(`drop table ${table}`);
    await runner.query('drop function duration_bin(double precision)');
    await runner.query('drop function trace_at(uuid)');
  }
}

async function createFunctions(runner: QueryRunner): Promise<void> {
  // The first 48 bits of a trace's id: PostgreSQL 18 could do it by itself, 14 cannot.
  await runner.query(
    `create function trace_at(id uuid) returns timestamptz language sql immutable parallel safe as $body$
       select to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000.0::float8)
     $body$`,
  );
  // Each bin is 2 % wide, so that a value in the middle of it is off by less than 1 %.
  await runner.query(
    `create function duration_bin(ms double precision) returns smallint language sql immutable parallel safe as $body$
       select case when ms <= 0 then -32768 else greatest(ceil(ln(ms) / ln(1.02::float8)), -32767) end::smallint
     $body$`,
  );
}

/** `trace_next` takes the name of the table before once all rows are in it. */
async function createTraces(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table trace_next (
      workspace_id uuid not null,
      id uuid not null,
      batch_id uuid not null,
      series bigint not null,
      duration_ms double precision not null,
      cost_nano bigint not null,
      input_tokens integer not null,
      output_tokens integer not null,
      cached_input_tokens integer not null,
      status text not null check (status in ('OK', 'ERROR', 'TIMEOUT')),
      kind text not null check (kind in ('RUN', 'MODEL', 'TOOL', 'OTHER')),
      cost_source text not null check (cost_source in ('SENT', 'PRICED', 'UNPRICED')),
      operation text not null,
      external_id text collate "C" not null,
      run_id text collate "C",
      parent_external_id text collate "C",
      flow_id text collate "C",
      session_id text collate "C",
      user_id text,
      attributes jsonb,
      constraint trace_key primary key (workspace_id, id)
    ) partition by range (id)`);
  await runner.query('create index trace_by_batch on trace_next (workspace_id, batch_id)');
  await runner.query('create index trace_by_series on trace_next (workspace_id, series, id)');
  for (const [name, column] of [
    ['flow', 'flow_id'],
    ['session', 'session_id'],
    ['run', 'run_id'],
  ]) {
    await runner.query(
      `create index trace_by_${name} on trace_next (workspace_id, ${column}, id) where ${column} is not null`,
    );
  }
  await lockTenantTable(runner, 'trace_next', ['select', 'insert']);
  await runner.query('create table trace_default partition of trace_next default');
  await lockTenantTable(runner, 'trace_default', []);
  await runner.query(`
    create table trace_series (
      workspace_id uuid not null,
      series bigint not null,
      agent text not null,
      department text,
      environment text,
      model text,
      provider text,
      version text,
      kind text not null,
      first_at timestamptz(3) not null,
      primary key (workspace_id, series)
    )`);
  await lockTenantTable(runner, 'trace_series', ['select', 'insert', 'update']);
  await runner.query(`
    create table trace_alias (
      workspace_id uuid not null,
      old_id uuid not null,
      id uuid not null,
      primary key (workspace_id, old_id)
    )`);
  await lockTenantTable(runner, 'trace_alias', ['select', 'insert']);
}

const sums = `
  requests bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cached_input_tokens bigint not null,
  cost_nano numeric not null,
  unpriced bigint not null,
  duration_max double precision not null`;

const cell = `
  workspace_id uuid not null,
  grouping smallint not null,
  at timestamptz(3) not null,
  key text collate "C" not null,
  environment text collate "C" not null,
  kind text collate "C" not null,
  status text collate "C" not null,
  ${sums},
  bins smallint[] not null,
  counts integer[] not null`;

async function createCells(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table trace_cell (
      level smallint not null,
      ${cell},
      primary key (workspace_id, level, grouping, at, key, environment, kind, status)
    ) partition by range (at)`);
  await lockTenantTable(runner, 'trace_cell', ['select', 'insert', 'update', 'delete']);
  await runner.query(
    `create table trace_cell_default partition of trace_cell default with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`,
  );
  await lockTenantTable(runner, 'trace_cell_default', []);
  await runner.query(`
    create table trace_day_cell (
      ${cell},
      primary key (workspace_id, grouping, at, key, environment, kind, status)
    ) with (autovacuum_vacuum_scale_factor = 0.05)`);
  await lockTenantTable(runner, 'trace_day_cell', ['select', 'insert', 'update', 'delete']);
  await runner.query(`
    create table trace_day (
      workspace_id uuid not null,
      day date not null,
      traces bigint not null,
      longest_ms double precision not null,
      grain text not null check (grain in ('RAW', 'HOUR')),
      seal bigint not null default 0,
      is_sealed boolean not null default false,
      dropped smallint[] not null default '{}',
      primary key (workspace_id, day)
    )`);
  await lockTenantTable(runner, 'trace_day', ['select', 'insert', 'update', 'delete']);
  await openToLookup(runner, 'trace_day', ['workspace_id', 'day', 'is_sealed']);
}

/** What is asked for whole, whatever its age. */
async function createWholes(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table trace_session (
      workspace_id uuid not null,
      session_id text collate "C" not null,
      user_id text,
      first_at timestamptz(3) not null,
      last_at timestamptz(3) not null,
      errors bigint not null,
      ${sums},
      primary key (workspace_id, session_id)
    ) with (fillfactor = 80)`);
  await runner.query('create index trace_session_newest on trace_session (workspace_id, last_at desc, session_id)');
  await lockTenantTable(runner, 'trace_session', ['select', 'insert', 'update']);
  await runner.query(`
    create table trace_flow (
      workspace_id uuid not null,
      flow_id text collate "C" not null,
      errors bigint not null,
      ${sums},
      bins smallint[] not null,
      counts integer[] not null,
      primary key (workspace_id, flow_id)
    ) with (fillfactor = 80)`);
  await lockTenantTable(runner, 'trace_flow', ['select', 'insert', 'update']);
}
