import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

const kinds = [
  'runs_on',
  'hosted_by',
  'member_of',
  'part_of',
  'depends_on',
  'connected_to',
  'uses',
  'backed_up_by',
  'related_to',
];
const known = kinds.map((kind) => `'${kind}'`).join(', ');
const told = ['asset_dependency', 'asset_sighting', 'discovery_flow'];

/**
 * Edges and sightings carry who said so: a source, by the flow that brought it. What is there already was said by the flow that last saw
 * it, under the name that its source had; kinds of edges become a closed register, in which an old free word is related_to.
 */
export class WhoSaidSo0020 implements MigrationInterface {
  readonly name = 'WhoSaidSo1763700000020';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner);
    await runner.query('grant delete on asset_dependency to app');
    await runner.query('alter table asset_dependency add column relation text');
    await overAllWorkspaces(runner, async () => {
      await noteSources(runner);
      await foldKinds(runner);
      await runner.query(
        `insert into asset_dependency_source (workspace_id, from_id, to_id, kind, source_id, flow_id, first_seen_at, last_seen_at)
         select workspace_id, from_id, to_id, kind, flow_id, flow_id, created_at, updated_at from asset_dependency`,
      );
    });
    await runner.query(
      `alter table asset_dependency drop column flow_id, add constraint asset_dependency_kind check (kind in (${known}))`,
    );
    await runner.query(`alter table asset_chunk drop constraint asset_chunk_kind_check,
      add constraint asset_chunk_kind_check check (kind in ('inventory', 'connect', 'settle'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table asset_chunk drop constraint asset_chunk_kind_check');
    await runner.query(`alter table asset_chunk add constraint asset_chunk_kind_check
      check (kind in ('inventory', 'connect')) not valid`);
    await runner.query(
      'alter table asset_dependency drop constraint asset_dependency_kind, drop column relation, add column flow_id uuid',
    );
    await overAllWorkspaces(runner, async () => {
      await runner.query(`update asset_dependency d set flow_id = (
        select s.flow_id from asset_dependency_source s
        where (s.workspace_id, s.from_id, s.to_id, s.kind) = (d.workspace_id, d.from_id, d.to_id, d.kind)
        order by s.last_seen_at desc limit 1)`);
    });
    await runner.query('alter table asset_dependency alter column flow_id set not null');
    await runner.query('revoke delete on asset_dependency from app');
    for (const table of ['asset_source', 'asset_dependency_source', 'inventory_flow', 'inventory_source'])
      await runner.query(`drop table ${table}`);
  }
}

async function createTables(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table inventory_source (
      workspace_id uuid not null,
      id uuid not null,
      key text collate "C" not null,
      name text not null,
      is_migrated boolean not null default false,
      created_at timestamptz(3) not null default now(),
      primary key (workspace_id, id)
    )`);
  await runner.query(
    'create index inventory_source_migrated on inventory_source (workspace_id, name) where is_migrated',
  );
  await lockTenantTable(runner, 'inventory_source', ['select', 'insert']);

  await runner.query(`
    create table inventory_flow (
      workspace_id uuid not null,
      flow_id uuid not null,
      source_id uuid not null,
      started_at timestamptz(3) not null default now(),
      primary key (workspace_id, flow_id)
    )`);
  await runner.query('create index inventory_flow_source on inventory_flow (workspace_id, source_id, flow_id)');
  await lockTenantTable(runner, 'inventory_flow', ['select', 'insert']);

  await runner.query(`
    create table asset_dependency_source (
      workspace_id uuid not null,
      from_id uuid not null,
      to_id uuid not null,
      kind text collate "C" not null,
      source_id uuid not null,
      flow_id uuid not null,
      first_seen_at timestamptz(3) not null,
      last_seen_at timestamptz(3) not null,
      primary key (workspace_id, from_id, to_id, kind, source_id),
      constraint asset_dependency_source_kind check (kind in (${known}))
    ) with (fillfactor = 90)`);
  // Finds at once what a source said and its newest flow did not say again.
  await runner.query(
    'create index asset_dependency_source_said on asset_dependency_source (workspace_id, source_id, flow_id, from_id, to_id, kind)',
  );
  await lockTenantTable(runner, 'asset_dependency_source', ['select', 'insert', 'update', 'delete']);

  // Only of assets that several sources saw: of the others the sighting says all there is to say.
  await runner.query(`
    create table asset_source (
      workspace_id uuid not null,
      asset_id uuid not null,
      source_id uuid not null,
      flow_id uuid not null,
      first_seen_at timestamptz(3) not null,
      last_seen_at timestamptz(3) not null,
      primary key (workspace_id, asset_id, source_id)
    )`);
  await runner.query('create index asset_source_seen on asset_source (workspace_id, source_id, flow_id, asset_id)');
  await lockTenantTable(runner, 'asset_source', ['select', 'insert', 'update']);
}

/** The owner is held to the policies, too; for the length of this transaction it sees the rows of all workspaces. */
async function overAllWorkspaces(runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  const tables = [...told, 'inventory_source', 'inventory_flow', 'asset_dependency_source'];
  for (const table of tables) await runner.query(`alter table ${table} no force row level security`);
  await work();
  for (const table of tables) await runner.query(`alter table ${table} force row level security`);
}

async function noteSources(runner: QueryRunner): Promise<void> {
  const flows = `(select workspace_id, flow_id from asset_dependency union select workspace_id, flow_id from asset_sighting
    where flow_id is not null) f`;
  await runner.query(
    `insert into inventory_source (workspace_id, id, key, name, is_migrated)
     select f.workspace_id, f.flow_id, 'flow:' || f.flow_id, coalesce(d.source_name, 'flow ' || f.flow_id), true from ${flows}
     left join discovery_flow d on d.workspace_id = f.workspace_id and d.flow_id = f.flow_id`,
  );
  await runner.query(
    `insert into inventory_flow (workspace_id, flow_id, source_id) select f.workspace_id, f.flow_id, f.flow_id from ${flows}`,
  );
}

/** Of several edges between two assets whose words fall together, the surest stays. */
async function foldKinds(runner: QueryRunner): Promise<void> {
  const folded = `case when lower(kind) in (${known}) then lower(kind) else 'related_to' end`;
  await runner.query(
    `delete from asset_dependency d using (
       select workspace_id, from_id, to_id, kind, row_number() over (
         partition by workspace_id, from_id, to_id, ${folded} order by kind = ${folded} desc, confidence desc, kind) as place
       from asset_dependency
     ) ranked
     where ranked.place > 1
     and (d.workspace_id, d.from_id, d.to_id, d.kind) = (ranked.workspace_id, ranked.from_id, ranked.to_id, ranked.kind)`,
  );
  await runner.query(
    `update asset_dependency set kind = ${folded}, relation = case when lower(kind) in (${known}) then null else kind end
     where kind not in (${known})`,
  );
}
