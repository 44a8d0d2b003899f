import type pg from 'pg';
import type { TraceSelection } from '@tributary/subgraph-metrics/rollups';

/**
 * The same traces in one table with its indexes, as the product kept them before it rolled anything up, and its questions. Without
 * row-level security: the goals are measured against that.
 */
export class OneTable {
  readonly #admin: pg.Client;

  private constructor(admin: pg.Client) {
    this.#admin = admin;
  }

  static async fill(admin: pg.Client): Promise<OneTable> {
    await admin.query(`create table one_table (
      workspace_id uuid not null, id uuid not null, external_id text collate "C" not null, flow_id text collate "C", started_at timestamptz(3) not null,
      duration_ms double precision not null, status text not null, agent text not null, operation text not null, model text, department text,
      environment text, version text, input_tokens integer not null, output_tokens integer not null, cost_usd numeric not null,
      attributes jsonb not null, created_at timestamptz not null default now(),
      primary key (workspace_id, id), constraint one_external_id unique (workspace_id, external_id))`);
    await admin.query('create index on one_table (workspace_id, started_at desc, id desc)');
    await admin.query('create index on one_table (workspace_id, flow_id, started_at desc, id desc)');
    await admin.query('create index on one_table (workspace_id, agent, started_at desc, id desc)');
    await admin.query(
      `insert into one_table ${columns} select ${ofTraces} from trace t join trace_series s using (workspace_id, series) order by t.id`,
    );
    await admin.query('analyze one_table');
    return new OneTable(admin);
  }

  /** Inserts traces as one call did; `rows` are as `ofTraces` names them. */
  async insert(rows: readonly object[]): Promise<void> {
    await this.#admin.query(
      `insert into one_table ${columns} select ${columnNames} from jsonb_populate_recordset(null::one_table, $1) entry order by external_id on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  kpis(workspaceId: string, { from, to, filter }: TraceSelection): Promise<unknown> {
    const before = new Date(2 * from.getTime() - to.getTime());
    return this.ask(
      { from: before, to, filter },
      workspaceId,
      `select started_at >= ${quoted(from)} as is_later, count(*), count(*) filter (where status <> 'OK'),
         percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration_ms), max(duration_ms), coalesce(sum(cost_usd), 0),
         coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), count(distinct agent)`,
      'group by 1',
    );
  }

  series(workspaceId: string, selection: TraceSelection): Promise<unknown> {
    const at = `date_trunc('day', started_at, 'UTC')`;
    return this.ask(
      selection,
      workspaceId,
      `select ${at}, percentile_cont(0.95) within group (order by duration_ms)`,
      'group by 1 order by 1',
    );
  }

  breakdown(workspaceId: string, selection: TraceSelection): Promise<unknown> {
    return this.ask(
      selection,
      workspaceId,
      `select model, count(*), count(*) filter (where status <> 'OK'), percentile_cont(0.95) within group (order by duration_ms),
         sum(cost_usd) as cost, sum(sum(cost_usd)) over ()`,
      'group by 1 order by cost desc, 2 desc, 1 limit 20',
    );
  }

  async bytes(): Promise<number> {
    const { rows } = await this.#admin.query<{ bytes: string }>(`select pg_total_relation_size('one_table') as bytes`);
    return Number(rows[0]!.bytes);
  }

  private ask(
    { from, to, filter }: TraceSelection,
    workspaceId: string,
    select: string,
    behind: string,
  ): Promise<unknown> {
    const narrowed = Object.entries(filter).map(
      ([column, values]) => ` and ${column} in (${(values as string[]).map((value) => `'${value}'`).join(', ')})`,
    );
    return this.#admin.query(
      `${select} from one_table where workspace_id = $1 and started_at >= $2 and started_at < $3${narrowed.join('')} ${behind}`,
      [workspaceId, from, to],
    );
  }
}

const quoted = (moment: Date) => `'${moment.toISOString()}'::timestamptz`;
const columnNames =
  'workspace_id, id, external_id, flow_id, started_at, duration_ms, status, agent, operation, model, department, environment, version, input_tokens, output_tokens, cost_usd, attributes';
const columns = `(${columnNames})`;
const ofTraces = `t.workspace_id, gen_random_uuid(), t.external_id, t.flow_id, trace_at(t.id), t.duration_ms, t.status, s.agent, t.operation, s.model, s.department,
  s.environment, s.version, t.input_tokens, t.output_tokens, t.cost_nano * 0.000000001, coalesce(t.attributes, '{}')`;
