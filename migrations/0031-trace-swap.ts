import type { MigrationInterface, QueryRunner } from 'typeorm';
import { lockTenantTable } from '@tributary/data';

/** The new table of traces takes the place of the old one. Who still writes to it when its turn comes is waited for; then it is an instant. */
export class TraceSwap0031 implements MigrationInterface {
  readonly name = 'TraceSwap1763700000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('lock table trace in access exclusive mode');
    await runner.query('drop table trace');
    await runner.query('drop function forward_traces()');
    await runner.query('drop function copy_traces(uuid, uuid[])');
    await runner.query('drop table migration.trace_copy');
    await runner.query('alter table trace_next rename to trace');
  }

  /**
   * Puts the traces back into the old form, under their old ids where they had one. What it cannot say is lost: sessions, users, cached
   * tokens, and of an external id that was sent with several times all but one.
   */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table trace rename to trace_next');
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
    // Nothing may have looked at these tables yet, and a nested loop over all of them would take for ever.
    await runner.query('set local enable_nestloop = off');
    const tables = ['trace_next', 'trace_series', 'trace_alias'];
    for (const table of tables) await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`
      insert into trace (workspace_id, id, external_id, flow_id, started_at, duration_ms, status, agent, operation, model, department,
        environment, version, input_tokens, output_tokens, cost_usd, attributes)
      select t.workspace_id, coalesce(a.old_id, t.id), t.external_id, t.flow_id, trace_at(t.id), t.duration_ms, t.status, s.agent,
        t.operation, s.model, s.department, s.environment, s.version, t.input_tokens, t.output_tokens, t.cost_nano * 0.000000001,
        coalesce(t.attributes, '{}')
      from trace_next t join trace_series s on s.workspace_id = t.workspace_id and s.series = t.series
      left join trace_alias a on a.workspace_id = t.workspace_id and a.id = t.id
      on conflict (workspace_id, external_id) do nothing`);
    for (const table of tables) await runner.query(`alter table ${table} force row level security`);
    await runner.query('create index trace_newest on trace (workspace_id, started_at desc, id desc)');
    await runner.query('create index trace_of_flow on trace (workspace_id, flow_id, started_at desc, id desc)');
    await runner.query('create index trace_of_agent on trace (workspace_id, agent, started_at desc, id desc)');
    await lockTenantTable(runner, 'trace', ['select', 'insert']);
  }
}
