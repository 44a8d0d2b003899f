import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

const run = (direction: 'up' | 'down' = 'up') =>
  migrate({ adminUrl: database.superuserUrl, migrations, installJobs, passwords: database.passwords, direction });

/** Everything that the migrations make, as text: columns, keys, policies, grants, functions. */
async function shape(): Promise<string[]> {
  const { rows } = await admin.query<{ line: string }>(`
    select format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema in ('public', 'lookup')
    union all select format('key %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('policy %s %s %s %s', tablename, policyname, qual, with_check) from pg_policies where schemaname = 'public'
    union all select format('grant %s %s %s', table_name, grantee, privilege_type) from information_schema.role_table_grants where table_schema = 'public'
    union all select format('function %s %s', oid::regprocedure, proowner::regrole) from pg_proc where pronamespace in (select oid from pg_namespace where nspname in ('lookup', 'public', 'upkeep'))
    order by 1`);
  return rows.map((row) => row.line);
}

describe('migrations', () => {
  test('go up, and up again does nothing', async () => {
    expect(await run()).toHaveLength(migrations.length);
    expect(await run()).toEqual([]);
  }, 60_000);

  test('several processes that start at once take turns', async () => {
    expect(await Promise.all([run(), run(), run()])).toEqual([[], [], []]);
  }, 60_000);

  test('go all the way down, leaving nothing but the version table, and up to the same again', async () => {
    const before = await shape();
    for (const _ of migrations) await run('down');
    expect(await shape()).toEqual([]);
    expect((await admin.query('select count(*)::int as n from migration.history')).rows).toEqual([{ n: 0 }]);
    await run();
    expect(await shape()).toEqual(before);
  }, 60_000);

  test('leave a catalogue without a fault', async () => {
    expect(await findCatalogueFaults(database.superuserUrl)).toEqual([]);
  });
});

describe('the catalogue check', () => {
  const breaches: [string, string, string][] = [
    ['a table without a workspace', 'create table stray (id uuid primary key)', 'stray'],
    ['a table without forced row-level security', 'create table unlocked (workspace_id uuid primary key)', 'unlocked'],
    ['row-level security that is no longer forced', 'alter table event no force row level security', 'event'],
    ['a policy that lets all through', 'create policy open on event using (true)', 'event'],
    ['a policy that was loosened', 'alter policy tenant on event using (true)', 'event'],
    ['a policy whose with check was loosened', 'alter policy tenant on event with check (true)', 'event'],
    ['a unique key without a workspace', 'create unique index by_id on event (event_id)', 'event'],
    [
      'a foreign key without a workspace',
      'alter table event add unique (workspace_id, event_id); create unique index loose on audit_entry (id); alter table event add foreign key (event_id) references audit_entry (id)',
      'event',
    ],
    ['a view with its owner’s rights', 'create view peek as select * from event', 'peek'],
    [
      'a partition that was left open',
      'create table parted (workspace_id uuid not null, n int not null, primary key (workspace_id, n)) partition by range (n); create table parted_1 partition of parted for values from (1) to (2)',
      'parted_1',
    ],
    ['app that may truncate', 'grant truncate on event to app', 'event'],
    ['app that may change the audit trail', 'grant update on audit_entry to app', 'audit_entry'],
    ['a role that bypasses', 'alter role app bypassrls', 'app'],
    [
      'an act of upkeep that takes a text',
      `create function upkeep.drop_any(name text) returns void language plpgsql security definer set search_path = '' as 'begin end';
       alter function upkeep.drop_any(text) owner to owner; revoke all on function upkeep.drop_any(text) from public;
       grant execute on function upkeep.drop_any(text) to worker`,
      'drop_any',
    ],
    [
      'an act of upkeep that app may run',
      'grant execute on function upkeep.drop_trace_week(date) to app',
      'drop_trace_week',
    ],
    ['a week of traces that was left open', 'alter table trace_default no force row level security', 'trace_default'],
    [
      'a lookup function with a search path',
      "create function lookup.bad() returns int language sql security definer as 'select 1'",
      'bad',
    ],
  ];

  test.each(breaches)('finds %s', async (_, breach, object) => {
    await admin.query('begin');
    try {
      await admin.query(breach);
      const faults = await findCatalogueFaults(database.superuserUrl, admin);
      expect(faults.map((fault) => fault.object)).toContain(object);
    } finally {
      await admin.query('rollback');
    }
  });
});
