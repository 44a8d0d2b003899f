import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { firstIdAt, startedAtOf, traceIdOf } from '../src/storage/traceId.js';
import { seriesOf } from '../src/storage/traceSeries.js';

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

const moments = [
  '1990-01-01T00:00:00.000Z',
  '2024-02-29T23:59:59.999Z',
  '2026-11-27T12:34:56.789Z',
  '2199-12-31T23:00:00.000Z',
].map((text) => new Date(text));

test('an id says when its trace began, to the millisecond, in code and in SQL', async () => {
  for (const moment of moments) {
    const id = traceIdOf(moment, newUuid());
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(startedAtOf(id)).toEqual(moment);
    const { rows } = await admin.query(`select date_trunc('milliseconds', trace_at($1)) as at`, [id]);
    expect(rows[0].at).toEqual(moment);
  }
});

test('a period is a range of ids: all that began in it, and nothing else', () => {
  for (const moment of moments) {
    const next = new Date(moment.getTime() + 1);
    for (let n = 0; n < 50; n += 1) {
      expect(traceIdOf(moment, `t${n}`) >= firstIdAt(moment)).toBe(true);
      expect(traceIdOf(moment, `t${n}`) < firstIdAt(next)).toBe(true);
    }
  }
});

test('a trace that is sent again has the same id, and no other trace has it', () => {
  const ids = moments.flatMap((moment) => ['a', 'b', 'c'].map((external) => traceIdOf(moment, external)));
  expect(new Set(ids).size).toBe(ids.length);
  expect(traceIdOf(moments[2]!, 'a')).toBe(traceIdOf(new Date(moments[2]!), 'a'));
});

test('the id of a trace and the number of its names never change', () => {
  expect(traceIdOf(new Date('2026-03-01T00:47:29.000Z'), 'e77')).toBe('019ca6dd-54e8-78af-ad11-440906b47a92');
  const names = { agent: 'agent 2', department: 'IT', environment: null, model: null, provider: null, version: 'v1' };
  expect(seriesOf({ ...names, kind: 'OTHER' })).toBe('6700107228086610098');
});

test('the middle of a bin is within 1 % of every duration in it', async () => {
  const durations = Array.from({ length: 5_000 }, (_, n) => 10 ** (-3 + (n / 5_000) * 13.4));
  const { rows } = await admin.query(
    'select ms, duration_bin(ms) as bin from unnest($1::float8[]) ms union all select 0, duration_bin(0)',
    [durations],
  );
  for (const { ms, bin } of rows.slice(0, -1))
    expect(Math.abs((2 * 1.02 ** bin) / 2.02 / ms - 1)).toBeLessThan(0.00991);
  expect(rows.at(-1)).toEqual({ ms: 0, bin: -32_768 });
  const tiniest = await admin.query(`select duration_bin('5e-324') as bin`);
  expect(tiniest.rows[0].bin).toBe(-32_767);
});
