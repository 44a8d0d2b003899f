import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/** What agents did: one row for each run that they report. Rows are never changed, so `app` may only read and add. */
export class Metrics0006 implements MigrationInterface {
  readonly name = 'Metrics1763700000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table trace (
        workspace_id uuid not null,
        id uuid not null,
        external_id text collate "C" not null,
        flow_id text collate "C",
        started_at timestamptz(3) not null,
        duration_ms double precision not null,
        status text not null check (status in ('OK', 'ERROR', 'TIMEOUT')),
        agent text not null,
        operation text not null,
        model text,
        department text,
        environment text,
        version text,
        input_tokens integer not null,
        output_tokens integer not null,
        cost_usd numeric not null,
        attributes jsonb not null,
        created_at timestamptz not null default now(),
        primary key (workspace_id, id),
        constraint trace_external_id unique (workspace_id, external_id)
      )`);
    await runner.query('create index trace_newest on trace (workspace_id, started_at desc, id desc)');
    await runner.query('create index trace_of_flow on trace (workspace_id, flow_id, started_at desc, id desc)');
    await runner.query('create index trace_of_agent on trace (workspace_id, agent, started_at desc, id desc)');
    await lockTenantTable(runner, 'trace', ['select', 'insert']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table trace');
  }
}
