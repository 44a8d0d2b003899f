import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createLookup, lockTenantTable, openToLookup } from '@tributary/data';

/** Flows and what they are made of: phases, the discovery child row, field mappings, rejected rows, uploads; and the door to the job queue. */
export class Flow0004 implements MigrationInterface {
  readonly name = 'Flow1763700000004';

  async up(runner: QueryRunner): Promise<void> {
    await createFlow(runner);
    await createDiscovery(runner);
    await createUpload(runner);
    await createLookups(runner);
    await openJobQueue(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await asWorker(runner, [
      'drop function jobs.enqueue_phase(uuid, text, integer)',
      'drop table jobs.worker_beat',
      'revoke usage on schema jobs from app',
    ]);
    await runner.query('drop function lookup.lost_flows(integer)');
    await runner.query('drop function lookup.expired_uploads(integer)');
    for (const table of [
      'upload',
      'rejected_row',
      'mapping_memory',
      'field_mapping',
      'discovery_source',
      'discovery_flow',
      'flow_phase',
      'flow',
    ]) {
      await runner.query(`drop table ${table}`);
    }
  }
}

async function createFlow(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table flow (
      workspace_id uuid not null,
      id uuid not null,
      kind text collate "C" not null,
      name text not null,
      driver text not null check (driver in ('ENGINE', 'RUNNER')),
      status text not null check (status in ('QUEUED', 'RUNNING', 'AWAITING_APPROVAL', 'PAUSED', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
      progress double precision not null default 0 check (progress between 0 and 1),
      current_phase text,
      failure_code text,
      failure_message text,
      failure_phase text,
      failure_retryable boolean,
      created_by_kind text not null check (created_by_kind in ('user', 'apiKey', 'system')),
      created_by_id text not null,
      started_at timestamptz(3),
      finished_at timestamptz(3),
      version integer not null default 1,
      -- Only the job of this run may claim the flow; every enqueuing and every control action counts it up.
      run integer not null default 0,
      -- Whoever writes for a phase must hold the fence that its claim gave out.
      fence bigint not null default 0,
      -- Runners: without a report by then the flow is lost. Null while nobody owes a report.
      report_due_at timestamptz(3),
      -- Runners: reports leave one audit entry for each flow and minute.
      report_audited_at timestamptz(3),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
  await runner.query('create index flow_newest on flow (workspace_id, created_at desc, id desc)');
  await runner.query('create index flow_by_status on flow (workspace_id, status, created_at desc, id desc)');
  await runner.query('create index flow_by_kind on flow (workspace_id, kind, created_at desc, id desc)');
  await runner.query('create index flow_report_due on flow (report_due_at) where report_due_at is not null');
  await lockTenantTable(runner, 'flow', ['select', 'insert', 'update']);
  await openToLookup(runner, 'flow', ['workspace_id', 'id', 'status', 'report_due_at']);
  await runner.query(`
    create table flow_phase (
      workspace_id uuid not null,
      flow_id uuid not null,
      ordinal integer not null,
      name text not null,
      title text not null,
      status text not null default 'PENDING' check (status in ('PENDING', 'RUNNING', 'AWAITING_APPROVAL', 'SUCCEEDED', 'FAILED', 'SKIPPED')),
      progress double precision not null default 0 check (progress between 0 and 1),
      -- Share of the flow's progress.
      weight double precision not null default 1,
      attempts integer not null default 0,
      started_at timestamptz(3),
      finished_at timestamptz(3),
      summary jsonb not null default '{}',
      -- Where the phase stands, for whoever takes it up again. Never shown.
      checkpoint jsonb,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, flow_id, ordinal),
      unique (workspace_id, flow_id, name),
      foreign key (workspace_id, flow_id) references flow (workspace_id, id) on delete cascade
    )`);
  await lockTenantTable(runner, 'flow_phase', ['select', 'insert', 'update']);
}

async function createDiscovery(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table discovery_flow (
      workspace_id uuid not null,
      flow_id uuid not null,
      source_name text not null,
      source_format text not null check (source_format in ('CSV', 'JSON')),
      -- Null: the content is in discovery_source.
      upload_id uuid,
      source_bytes bigint not null default 0,
      require_approval boolean not null,
      rows_total integer not null default 0,
      rows_valid integer not null default 0,
      rows_rejected integer not null default 0,
      assets_created integer not null default 0,
      assets_updated integer not null default 0,
      dependencies_found integer not null default 0,
      -- What the import learned of the columns.
      profile jsonb,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, flow_id),
      foreign key (workspace_id, flow_id) references flow (workspace_id, id) on delete cascade
    )`);
  await runner.query(
    'create index discovery_flow_upload on discovery_flow (workspace_id, upload_id) where upload_id is not null',
  );
  await lockTenantTable(runner, 'discovery_flow', ['select', 'insert', 'update']);
  await openToLookup(runner, 'discovery_flow', ['workspace_id', 'flow_id', 'upload_id']);
  await runner.query(`
    create table discovery_source (
      workspace_id uuid not null,
      flow_id uuid not null,
      content text not null,
      primary key (workspace_id, flow_id),
      foreign key (workspace_id, flow_id) references flow (workspace_id, id) on delete cascade
    )`);
  await lockTenantTable(runner, 'discovery_source', ['select', 'insert', 'delete']);
  await runner.query(`
    create table field_mapping (
      workspace_id uuid not null,
      flow_id uuid not null,
      ordinal integer not null,
      source_field text not null,
      target_field text,
      confidence double precision not null check (confidence between 0 and 1),
      status text not null check (status in ('SUGGESTED', 'APPROVED', 'REJECTED')),
      reason text not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, flow_id, ordinal),
      unique (workspace_id, flow_id, source_field),
      foreign key (workspace_id, flow_id) references flow (workspace_id, id) on delete cascade
    )`);
  await lockTenantTable(runner, 'field_mapping', ['select', 'insert', 'update', 'delete']);
  await runner.query(`
    create table mapping_memory (
      workspace_id uuid not null,
      -- Lower-cased name of the column.
      source_field text collate "C" not null,
      -- Null: the column was left out.
      target_field text,
      approvals integer not null default 1,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, source_field)
    )`);
  await lockTenantTable(runner, 'mapping_memory', ['select', 'insert', 'update']);
  await runner.query(`
    create table rejected_row (
      workspace_id uuid not null,
      flow_id uuid not null,
      line integer not null,
      code text not null,
      message text not null,
      raw jsonb not null,
      primary key (workspace_id, flow_id, line),
      foreign key (workspace_id, flow_id) references flow (workspace_id, id) on delete cascade
    )`);
  await lockTenantTable(runner, 'rejected_row', ['select', 'insert', 'delete']);
}

async function createUpload(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table upload (
      workspace_id uuid not null,
      id uuid not null,
      name text not null,
      -- STORING: bytes are under way. DELETING: nobody may use it any more, and the sweeper ends it.
      state text not null check (state in ('STORING', 'READY', 'DELETING')),
      bytes bigint not null default 0,
      sha256 text,
      storage_key text not null,
      expires_at timestamptz(3) not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
  await runner.query('create index upload_expiry on upload (expires_at)');
  await lockTenantTable(runner, 'upload', ['select', 'insert', 'update', 'delete']);
  await openToLookup(runner, 'upload', ['workspace_id', 'id', 'expires_at']);
}

async function createLookups(runner: QueryRunner): Promise<void> {
  await createLookup(runner, {
    signature: 'lost_flows(most integer)',
    returns: 'table (workspace_id uuid, flow_id uuid)',
    body: 'select f.workspace_id, f.id from public.flow f where f.report_due_at < now() order by f.report_due_at limit most',
  });
  // An upload that a flow still needs is not due, however old it is.
  await createLookup(runner, {
    signature: 'expired_uploads(most integer)',
    returns: 'table (workspace_id uuid, upload_id uuid)',
    body: `select u.workspace_id, u.id from public.upload u
           where u.expires_at < now() and not exists (
             select from public.discovery_flow d join public.flow f on f.workspace_id = d.workspace_id and f.id = d.flow_id
             where d.workspace_id = u.workspace_id and d.upload_id = u.id
             and f.status in ('QUEUED', 'RUNNING', 'AWAITING_APPROVAL', 'PAUSED'))
           order by u.expires_at limit most`,
  });
}

/**
 * Schema `jobs` belongs to role `worker`, and the queue's own tables let nobody else in. `app` may do one thing: enqueue a phase of a
 * flow of the workspace that is bound to its transaction.
 */
async function openJobQueue(runner: QueryRunner): Promise<void> {
  await asWorker(runner, [
    `create table jobs.worker_beat (pool_id text primary key, at timestamptz not null default clock_timestamp())`,
    `create function jobs.enqueue_phase(flow_id uuid, phase text, run integer) returns void language plpgsql
     security definer set search_path = '' as $body$
     declare
       workspace uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
     begin
       if workspace is null then
         raise exception 'no workspace is bound to this transaction' using errcode = '42501';
       end if;
       perform jobs.add_job(
         'phase',
         json_build_object('workspaceId', workspace, 'flowId', flow_id, 'phase', phase, 'run', run),
         max_attempts => 100
       );
     end $body$`,
    'revoke all on function jobs.enqueue_phase(uuid, text, integer) from public',
    'grant usage on schema jobs to app',
    'grant execute on function jobs.enqueue_phase(uuid, text, integer) to app',
  ]);
}

async function asWorker(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  await runner.query('set local role worker');
  for (const statement of statements) await runner.query(statement);
  await runner.query('set local role owner');
}
