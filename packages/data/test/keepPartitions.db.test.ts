import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { findCatalogueFaults, keepPartitions } from '@tributary/data';
import { metricsText } from '@tributary/observability';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await startTestDatabase();
  admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await database[Symbol.asyncDispose]();
});

const workspace = '0190a000-0000-7000-8000-000000000001';

/** Traces that began in the hour behind `start`. */
async function plant(start: string, number: number): Promise<void> {
  await admin.query(
    `insert into trace (workspace_id, id, batch_id, series, duration_ms, cost_nano, input_tokens, output_tokens, cached_input_tokens,
       status, kind, cost_source, operation, external_id)
     select $1, (lpad(to_hex((extract(epoch from $2::timestamptz) * 1000)::bigint + n), 12, '0') || '7000' || '8000' || repeat('0', 12))::uuid,
       $1, 1, 1, 0, 0, 0, 0, 'OK', 'OTHER', 'SENT', 'op', 'e' || n from generate_series(1, $3::integer) n`,
    [workspace, start, number],
  );
}

const places = async (start: string) =>
  (
    await admin.query<{ place: string; n: number }>(
      `select tableoid::regclass::text as place, count(*)::int as n from trace
       where date_trunc('day', trace_at(id), 'UTC') = date_trunc('day', $1::timestamptz, 'UTC') group by 1`,
      [start],
    )
  ).rows;

test('weeks ahead have partitions before their traces come, and those of many stray traces get one with them in it', async () => {
  const now = new Date('2031-05-14T12:00:00Z');
  await plant('2031-07-16T08:00:00Z', 1_200);
  await plant('1990-01-02T08:00:00Z', 3);
  expect(await places('2031-07-16')).toEqual([{ place: 'trace_default', n: 1_200 }]);
  expect(await keepPartitions(database.workerUrl, now)).toBe(5 + 1 + 2);
  expect(await metricsText()).toMatch(/^tributary_trace_stray_rows\S* 1203$/m);
  expect(await places('2031-07-16')).toEqual([{ place: 'trace_20310714', n: 1_200 }]);
  expect(await places('1990-01-02')).toEqual([{ place: 'trace_default', n: 3 }]);
  await plant('2031-05-28T08:00:00Z', 5);
  expect(await places('2031-05-28')).toEqual([{ place: 'trace_20310526', n: 5 }]);
  expect(await keepPartitions(database.workerUrl, now)).toBe(0);
  expect(await findCatalogueFaults(database.superuserUrl)).toEqual([]);
});

test('a partition that somebody is in the way of is made the next time', async () => {
  const now = new Date('2032-05-14T12:00:00Z');
  const other = new pg.Client({ connectionString: database.superuserUrl });
  await other.connect();
  await other.query('begin');
  await other.query('lock table trace_default in row share mode');
  await other.query('lock table trace_cell_default in row share mode');
  expect(await keepPartitions(database.workerUrl, now)).toBe(0);
  await other.query('rollback');
  await other.end();
  expect(await keepPartitions(database.workerUrl, now)).toBe(7);
}, 30_000);

test('app can neither make a partition nor touch one by its name', async () => {
  const app = new pg.Client({ connectionString: database.appUrl });
  await app.connect();
  await app.query(`select set_config('app.workspace_id', $1, false)`, [workspace]);
  await expect(app.query(`select upkeep.add_trace_week('2033-01-03')`)).rejects.toThrow('permission denied');
  await expect(app.query('select 1 from trace_default')).rejects.toThrow('permission denied');
  await app.end();
});
