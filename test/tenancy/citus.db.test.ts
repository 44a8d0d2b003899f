import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createLogger } from '@tributary/observability';
import { Database } from '@tributary/data';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { citusRefusals } from './citusRefusals.js';
import { entities, everyStatement } from './everyStatement.js';

let cluster: TestDatabase;
let database: Database;
let admin: pg.Client;

beforeAll(async () => {
  cluster = await startTestDatabase();
  const logger = createLogger({ name: 'test', level: 'silent' });
  database = await Database.open({ url: cluster.appUrl, entities, logger });
  admin = new pg.Client({ connectionString: cluster.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await database.close();
  await cluster[Symbol.asyncDispose]();
});

describe('what Citus refuses', () => {
  test.each([
    [
      'a stable function when a row is there already',
      'insert into t (workspace_id, n) values ($1, $2) on conflict (workspace_id) do update set n = excluded.n, at = now()',
    ],
    [
      'the same in a step of a statement',
      "with head as (insert into h (workspace_id) values ($1) on conflict (workspace_id) do update set hash = sha256(convert_to($2, 'UTF8')) returning hash) select hash from head",
    ],
    [
      'a time that an interval is taken from',
      "insert into t (workspace_id, at) values ($1, now()) on conflict (workspace_id) do update set at = excluded.at where t.at < excluded.at - interval '1 day'",
    ],
    ['rows from lists alone', 'insert into t (workspace_id, n) select $1, n from unnest($2::int[]) as new (n)'],
    [
      'rows from a step before',
      'with made as (insert into t (workspace_id, n) values ($1, 1) returning n) insert into s (workspace_id, n) select $1, n from made',
    ],
    [
      'rows from JSON alone',
      'insert into t (workspace_id, n) select $1, n from json_to_recordset($2::json) as f (n int)',
    ],
    ['the clock in a branch of an update', 'update t set ended_at = coalesce(ended_at, now()) where workspace_id = $1'],
    [
      'the same in a CASE',
      'update t set until = case when $2::boolean then now() end where workspace_id = $1 returning n',
    ],
    ['the clock in what an update answers', 'update t set n = 1 where workspace_id = $1 returning n, now() as at'],
    [
      'an interval of a column',
      "update t set at = now() + new.ms * interval '1 millisecond' from unnest($2::int[]) as new (ms) where t.workspace_id = $1",
    ],
    ['what only PostgreSQL 18 answers', 'update t set n = 1 where workspace_id = $1 returning old.n as before'],
  ])('is seen in a statement: %s', (_, text) => {
    expect(citusRefusals(text)).toHaveLength(1);
  });

  test.each([
    'insert into t (workspace_id, n) select w.workspace_id, n from workspace w cross join unnest($2::int[]) as new (n) where w.workspace_id = $1',
    'insert into t (workspace_id, at) values ($1, now()) on conflict (workspace_id) do update set at = excluded.at returning now()',
    "update t set until = now() + case when $2::boolean then interval '0' end, ended_at = least(ended_at, now()) where workspace_id = $1",
    'with moved as (update t set at = now() where workspace_id = $1 returning n) select n, now() as at from moved',
    "update t set at = now() + $2::integer * interval '1 millisecond' where workspace_id = $1",
    'update t set at = now() from unnest($2::int[]) as new (n) where t.workspace_id = $1 and t.n = new.n',
  ])('is not seen where it is not: %s', (text) => {
    expect(citusRefusals(text)).toEqual([]);
  });

  test('is in no statement of storage', async () => {
    const refused = (await everyStatement(database)).map(({ name, text }) => [name, ...citusRefusals(text)]);
    expect(refused.filter(([, ...refusals]) => refusals.length > 0)).toEqual([]);
  });

  test('is in no look-up: one with parameters is PL/pgSQL, and says nothing that a statement may not', async () => {
    const lookups = await admin.query<{ name: string; language: string; takes: number; body: string }>(
      `select p.proname as name, l.lanname as language, p.pronargs as takes, p.prosrc as body
       from pg_proc p join pg_language l on l.oid = p.prolang where p.pronamespace = 'lookup'::regnamespace order by 1`,
    );
    const inSql = lookups.rows.filter(({ language, takes }) => language !== 'plpgsql' && takes > 0);
    expect(inSql.map(({ name }) => name)).toEqual([]);
    expect(lookups.rows.length).toBeGreaterThan(25);
    for (const { name, body } of lookups.rows) expect([name, ...citusRefusals(body)]).toEqual([name]);
  });

  test('is in no key: what is unique or refers to a row of a workspace says the workspace, so that each table can be distributed by it', async () => {
    const keys = await admin.query<{ key: string }>(
      `select format('%s: %s', c.relname, i.relname) as key from pg_index x
       join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
       where c.relnamespace = 'public'::regnamespace and x.indisunique and exists (
         select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')
       and not exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id' and w.attnum = any (x.indkey))
       union all
       select format('%s: %s', k.conrelid::regclass, k.conname) from pg_constraint k
       where k.contype = 'f' and k.connamespace = 'public'::regnamespace and exists (
         select from pg_attribute w where w.attrelid = k.confrelid and w.attname = 'workspace_id')
       and not exists (
         select from unnest(k.conkey, k.confkey) as pair (here, there)
         join pg_attribute h on h.attrelid = k.conrelid and h.attnum = pair.here and h.attname = 'workspace_id'
         join pg_attribute t on t.attrelid = k.confrelid and t.attnum = pair.there and t.attname = 'workspace_id')`,
    );
    expect(keys.rows.map(({ key }) => key)).toEqual([]);
    const others = await admin.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id')`,
    );
    expect(others.rows.map(({ name }) => name)).toEqual(['account']);
  });

  test('is in no default of a column', async () => {
    const defaults = await admin.query<{ column: string }>(
      `select format('%s.%s', c.relname, a.attname) as column from pg_attrdef d
       join pg_class c on c.oid = d.adrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum
       where c.relnamespace = 'public'::regnamespace
       and pg_get_expr(d.adbin, d.adrelid) ~ '(clock_timestamp|random|gen_random_uuid|nextval)' order by 1`,
    );
    expect(defaults.rows.map(({ column }) => column)).toEqual([]);
  });
});
