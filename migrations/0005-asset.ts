import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/**
 * The inventory. What changes at every discovery, changed or not, (when an asset was seen last, and by which flow) has a narrow table
 * of its own, so that a rerun over unchanged assets rewrites neither wide rows nor their indexes.
 */
export class Asset0005 implements MigrationInterface {
  readonly name = 'Asset1763700000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table asset (
        workspace_id uuid not null,
        id uuid not null,
        source_key text collate "C" not null,
        source_shape text not null,
        fingerprint text not null,
        kind text not null check (kind in ('SERVER', 'VIRTUAL_MACHINE', 'APPLICATION', 'DATABASE', 'NETWORK_DEVICE', 'STORAGE',
          'CONTAINER', 'CLOUD_RESOURCE', 'SERVICE', 'OTHER')),
        name text not null,
        name_key text collate "C" not null,
        external_id text,
        external_key text collate "C",
        status text not null check (status in ('ACTIVE', 'INACTIVE', 'RETIRED', 'UNKNOWN')),
        environment text,
        department text,
        criticality text not null check (criticality in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'UNKNOWN')),
        hostname text,
        hostname_key text collate "C",
        ip_address text,
        operating_system text,
        owner_email text,
        tags text[] not null default '{}',
        attributes jsonb not null default '{}',
        edited_fields text[] not null default '{}',
        search_text text not null,
        version integer not null default 1,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, id),
        constraint asset_source_key unique (workspace_id, source_key)
      ) with (fillfactor = 90)`);
    await runner.query('create index asset_name on asset (workspace_id, name_key, id)');
    // One index for all five facets: few distinct values each, so PostgreSQL skips over those that a filter leaves out.
    await runner.query(
      'create index asset_facet on asset (workspace_id, kind, status, criticality, environment, department)',
    );
    // The other names that a dependency may say, where they differ from the first.
    await runner.query(
      'create index asset_hostname on asset (workspace_id, hostname_key) where hostname_key is not null',
    );
    await runner.query(
      'create index asset_external on asset (workspace_id, external_key) where external_key is not null',
    );
    // Assets that only a dependency named so far: the source that brings them takes them over.
    await runner.query(`create index asset_placeholder on asset (workspace_id, name_key) where source_shape = ''`);
    await lockTenantTable(runner, 'asset', ['select', 'insert', 'update']);

    await runner.query(`
      create table asset_sighting (
        workspace_id uuid not null,
        asset_id uuid not null,
        flow_id uuid,
        last_seen_at timestamptz(3) not null,
        primary key (workspace_id, asset_id)
      )`);
    await runner.query('create index asset_sighting_time on asset_sighting (workspace_id, last_seen_at, asset_id)');
    await runner.query('create index asset_sighting_flow on asset_sighting (workspace_id, flow_id, asset_id)');
    await lockTenantTable(runner, 'asset_sighting', ['select', 'insert', 'update']);

    await runner.query(`
      create table asset_term (
        workspace_id uuid not null,
        term text collate "C" not null,
        asset_id uuid not null,
        primary key (workspace_id, term, asset_id)
      )`);
    await lockTenantTable(runner, 'asset_term', ['select', 'insert', 'delete']);

    await runner.query(`
      create table asset_dependency (
        workspace_id uuid not null,
        from_id uuid not null,
        to_id uuid not null,
        kind text collate "C" not null,
        confidence double precision not null check (confidence between 0 and 1),
        flow_id uuid not null,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, from_id, to_id, kind),
        check (from_id <> to_id),
        foreign key (workspace_id, from_id) references asset (workspace_id, id) on delete cascade,
        foreign key (workspace_id, to_id) references asset (workspace_id, id) on delete cascade
      ) with (fillfactor = 90)`);
    await runner.query(
      'create index asset_dependency_incoming on asset_dependency (workspace_id, to_id, from_id, kind)',
    );
    await lockTenantTable(runner, 'asset_dependency', ['select', 'insert', 'update']);

    await runner.query(`
      create table asset_chunk (
        workspace_id uuid not null,
        flow_id uuid not null,
        kind text not null check (kind in ('inventory', 'connect')),
        chunk integer not null,
        outcome jsonb,
        created_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        primary key (workspace_id, flow_id, kind, chunk)
      )`);
    await lockTenantTable(runner, 'asset_chunk', ['select', 'insert', 'update']);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['asset_chunk', 'asset_dependency', 'asset_term', 'asset_sighting', 'asset']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
