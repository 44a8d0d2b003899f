import { describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { startTestDatabase } from '../src/index.js';

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

describe('startTestDatabase', () => {
  test('gives every login role its own URL to a migrated database', async () => {
    await using database = await startTestDatabase();
    for (const role of ['app', 'worker', 'migrator'] as const) {
      const [answer] = await ask(database[`${role}Url`], 'select current_user as role, current_database() as database');
      expect(answer).toEqual({ role, database: database.name });
    }
    const [answer] = await ask(database.superuserUrl, "select to_regclass('public.event') is not null as migrated");
    expect(answer).toEqual({ migrated: true });
  });

  test('a copy has the same rights as the database that was migrated', async () => {
    await using database = await startTestDatabase();
    const sql = `select has_database_privilege('app', current_database(), 'temporary') as app_may_make_temporary_tables,
      has_database_privilege('app', current_database(), 'connect') as app_may_connect,
      has_database_privilege('owner', current_database(), 'create') as owner_may_make_schemas`;
    expect(await ask(database.superuserUrl, sql)).toEqual([
      { app_may_make_temporary_tables: false, app_may_connect: true, owner_may_make_schemas: true },
    ]);
  });

  test('what one test writes no other sees, and nothing stays behind', async () => {
    const first = await startTestDatabase();
    const second = await startTestDatabase();
    await ask(first.superuserUrl, 'create table planted (id int)');
    expect(await ask(second.superuserUrl, "select to_regclass('planted') as planted")).toEqual([{ planted: null }]);
    await first[Symbol.asyncDispose]();
    await expect(ask(first.superuserUrl, 'select 1')).rejects.toMatchObject({ code: '3D000' });
    await second[Symbol.asyncDispose]();
  });

  test('many copies can be made at once', async () => {
    const databases = await Promise.all(Array.from({ length: 5 }, () => startTestDatabase()));
    expect(new Set(databases.map(({ name }) => name)).size).toBe(5);
    await Promise.all(databases.map((database) => database[Symbol.asyncDispose]()));
  });

  test('can be empty, for tests of the migrations', async () => {
    await using database = await startTestDatabase({ empty: true });
    const sql =
      "select to_regclass('public.event') as event, (select count(*)::int from pg_roles where rolname = 'app') as roles";
    expect(await ask(database.superuserUrl, sql)).toEqual([{ event: null, roles: 0 }]);
  });
});
