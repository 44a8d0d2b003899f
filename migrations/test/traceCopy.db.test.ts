import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { findCatalogueFaults, migrate } from '@tributary/data';
import { installJobs, migrations } from '@tributary/migrations';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await startTestDatabase({ empty: true });
  admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await database[Symbol.asyncDispose]();
});

const before = migrations.findIndex((migration) => migration.name === 'TraceTables0028');
const run = (last: number, direction: 'up' | 'down' = 'up') =>
  migrate({
    adminUrl: database.superuserUrl,
    migrations: migrations.slice(0, last),
    installJobs,
    passwords: database.passwords,
    direction,
  });

const [one, other] = [randomUUID(), randomUUID()];

async function insertOld(client: pg.Client, workspaceId: string, from: number, to: number): Promise<void> {
  await client.query(
    `insert into trace (workspace_id, id, external_id, flow_id, started_at, duration_ms, status, agent, operation, model, department,
       environment, version, input_tokens, output_tokens, cost_usd, attributes)
     select $1, gen_random_uuid(), 'e' || n, case when n % 3 = 0 then 'flow_' || n % 7 end, timestamptz '2026-03-01' + n * interval '37 s',
       n % 900, (array['OK', 'ERROR', 'TIMEOUT'])[1 + n % 3], 'agent ' || n % 5, 'work', case when n % 2 = 0 then 'modell' end, 'IT', null,
       'v' || n % 2, n % 50, n % 20, n * 0.0000123, case when n % 10 = 0 then jsonb_build_object('n', n) else '{}' end
     from generate_series($2::integer, $3::integer) n`,
    [workspaceId, from, to],
  );
}

/** What can be known of all traces, under whatever tables. */
const old = `select count(*)::int as n, sum(duration_ms) as ms, sum(cost_usd)::text as usd, sum(input_tokens)::int as tokens,
  count(flow_id)::int as flows, count(distinct agent)::int as agents, sum((attributes ->> 'n')::int)::int as attributes,
  sum(extract(epoch from started_at))::text as at from trace where workspace_id = $1`;
const now = `select count(*)::int as n, sum(duration_ms) as ms, (sum(cost_nano) * 0.000000001)::text as usd, sum(input_tokens)::int as tokens,
  count(flow_id)::int as flows, count(distinct agent)::int as agents, sum((attributes ->> 'n')::int)::int as attributes,
  sum(extract(epoch from trace_at(id)))::text as at
  from trace join trace_series using (workspace_id, series) where workspace_id = $1`;
const numbers = async (text: string, workspaceId: string) => {
  const [row] = (await admin.query(text, [workspaceId])).rows;
  return { ...row, usd: Number(row.usd), at: Number(row.at) };
};

test('traces come into the new table while others write, after a stop halfway too, and go back', async () => {
  await run(before);
  await insertOld(admin, one, 1, 60_000);
  await insertOld(admin, other, 1, 500);
  const untouched = await numbers(old, other);

  // The copy stops in the second slice: what would be its batch is refused.
  await run(before + 2);
  await admin.query(
    `create function stop_copy() returns trigger language plpgsql as $$ begin
       if (select count(*) from public.event) >= 1 then raise exception 'stopped'; end if; return new; end $$`,
  );
  await admin.query('create trigger stop before insert on event for each row execute function stop_copy()');
  await expect(run(before + 3)).rejects.toThrow('stopped');
  await admin.query('drop trigger stop on event');
  await admin.query('drop function stop_copy()');
  expect((await admin.query('select count(*)::int as n from trace_next')).rows[0].n).toBeGreaterThan(0);

  // A process of the version before goes on reading and writing.
  const app = new pg.Client({ connectionString: database.appUrl });
  await app.connect();
  await app.query(`select set_config('app.workspace_id', $1, false)`, [one]);
  await insertOld(app, one, 60_001, 60_100);
  const full = await numbers(old, one);
  expect((await app.query('select count(*)::int as n from trace')).rows[0].n).toBe(60_100);
  await app.end();
  const [{ id: oldId }] = (
    await admin.query(`select id from trace where workspace_id = $1 and external_id = 'e77'`, [one])
  ).rows;

  await run(migrations.length);
  expect(await numbers(now, one)).toEqual(full);
  expect(await numbers(now, other)).toEqual(untouched);
  expect(await findCatalogueFaults(database.superuserUrl)).toEqual([]);
  const { rows } = await admin.query(
    `select a.id, t.series::text from trace_alias a join trace t using (workspace_id, id) where a.workspace_id = $1 and a.old_id = $2`,
    [one, oldId],
  );
  // What a process makes of 'e77' at that time, and of these names: the metrics subgraph has a test for the same values.
  expect(rows).toEqual([{ id: '019ca6dd-54e8-78af-ad11-440906b47a92', series: '6700107228086610098' }]);

  // Every trace is of a batch that the log names: the roll-up finds them all.
  const unnamed = await admin.query(
    `select count(*)::int as n from trace t where not exists (select from event e where e.workspace_id = t.workspace_id
       and e.stream_id = 'traces' and (e.payload ->> 'batchId')::uuid = t.batch_id)`,
  );
  expect(unnamed.rows[0].n).toBe(0);
  const accepted = await admin.query(
    `select sum((payload ->> 'accepted')::int)::int as n from event where stream_id = 'traces'`,
  );
  expect(accepted.rows[0].n).toBe(60_600);

  while ((await admin.query(`select to_regclass('trace_series') is not null as is_there`)).rows[0].is_there)
    await run(migrations.length, 'down');
  expect(await numbers(old, one)).toEqual(full);
  expect(
    (await admin.query(`select id from trace where workspace_id = $1 and external_id = 'e77'`, [one])).rows,
  ).toEqual([{ id: oldId }]);
  await run(migrations.length);
  expect(await numbers(now, one)).toEqual(full);
  expect(await findCatalogueFaults(database.superuserUrl)).toEqual([]);
}, 120_000);
