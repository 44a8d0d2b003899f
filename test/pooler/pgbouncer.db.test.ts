import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database, migrate, refusePooler, refuseWrongPooler, unfilteredSql, type Pooler } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import {
  eventually,
  startPgBouncer,
  startTcpProxy,
  startTestDatabase,
  type PgBouncer,
  type TestDatabase,
} from '@tributary/kit';
import { migrations } from '@tributary/migrations';
import { createLogger } from '@tributary/observability';
import pg from 'pg';

let database: TestDatabase;
let pooler: PgBouncer;
let superuser: string;

beforeAll(async () => {
  database = await startTestDatabase();
  const { username, password } = new URL(database.superuserUrl);
  superuser = decodeURIComponent(username);
  pooler = await startPgBouncer({
    databaseUrl: database.superuserUrl,
    passwords: { ...database.passwords, [superuser]: decodeURIComponent(password) },
  });
}, 60_000);
afterAll(async () => {
  await pooler[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const open = (mode: Pooler): Promise<Database> =>
  Database.open({
    url: pooler.through(database.appUrl),
    entities: [],
    logger: createLogger({ name: 'test', level: 'silent' }),
    pooler: mode,
    poolSize: 8,
  });
const whose = unfilteredSql('test.whose', `select current_setting('app.workspace_id') as workspace`);
const added = (a: number, b: number) => unfilteredSql('test.added', 'select $1::int + $2::int as sum', [a, b]);

test('transactions of many workspaces over two connections each see their own workspace, reads and writes alike', async () => {
  await using here = await open('transaction');
  await using there = await open('transaction');
  const workspaces = Array.from({ length: 20 }, () => newUuid());
  const wrong: unknown[] = [];
  const ask = async (handle: Database, n: number): Promise<void> => {
    const workspaceId = workspaces[n % workspaces.length]!;
    const read = await handle.readBatch({ workspaceId }, [whose, added(n, 1)]);
    const written = await handle.withWorkspace({ workspaceId }, async (transaction) => [
      await transaction.query(whose),
      await transaction.query(added(n, 2)),
    ]);
    const expected = [[{ workspace: workspaceId }], [{ sum: n + 1 }], [{ workspace: workspaceId }], [{ sum: n + 2 }]];
    const seen = [...read, ...written];
    if (JSON.stringify(seen) !== JSON.stringify(expected)) wrong.push({ seen, expected });
  };
  for (let round = 0; round < 25; round += 1)
    await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2 === 0 ? here : there, round * 20 + n)));
  expect(wrong).toEqual([]);
}, 60_000);

test('statements that are prepared by name fail behind it, so the proof above is one', async () => {
  await using named = await open('tracked');
  const failures = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      named.read({ workspaceId: newUuid() }, added(n, 1)).then(
        () => 0,
        () => 1,
      ),
    ),
  );
  expect(failures.reduce<number>((sum, each) => sum + each, 0)).toBeGreaterThan(0);
}, 60_000);

test('a process that is not told of the pooler, or of one that can do more, is refused and told what to set', async () => {
  const url = pooler.through(database.appUrl);
  await expect(refuseWrongPooler(url, 'none')).rejects.toThrow('DATABASE_POOLER=transaction');
  await expect(refuseWrongPooler(url, 'tracked')).rejects.toThrow('PgBouncer 1.21');
  await expect(refuseWrongPooler(url, 'transaction')).resolves.toBeUndefined();
  await expect(refuseWrongPooler(database.appUrl, 'none')).resolves.toBeUndefined();
});

test('what holds locks and listens is refused behind it, and leaves no lock there', async () => {
  await expect(refusePooler(pooler.through(database.workerUrl), 'WORKER_DATABASE_URL')).rejects.toThrow(
    'WORKER_DATABASE_URL leads to a pooler',
  );
  await expect(refusePooler(database.workerUrl, 'WORKER_DATABASE_URL')).resolves.toBeUndefined();
  const adminUrl = pooler.through(database.superuserUrl);
  await expect(migrate({ adminUrl, migrations, passwords: database.passwords })).rejects.toThrow(
    'DATABASE_ADMIN_URL leads to a pooler',
  );
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    const held = await client.query(
      `select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(held.rowCount).toBe(0);
  } finally {
    await client.end();
  }
});

test('a database that is away is no reason to refuse a start', async () => {
  await expect(refuseWrongPooler('postgres://app:x@127.0.0.1:1/none', 'none')).resolves.toBeUndefined();
});

test('a database that is lost behind it is a service that is away, not a statement that was refused', async () => {
  const url = new URL(database.superuserUrl);
  await using between = await startTcpProxy(Number(url.port));
  url.port = String(between.port);
  await using lost = await startPgBouncer({ databaseUrl: url.href, passwords: { ...database.passwords } });
  await using handle = await Database.open({
    url: lost.through(database.appUrl),
    entities: [],
    logger: createLogger({ name: 'test', level: 'silent' }),
    pooler: 'transaction',
    poolSize: 4,
  });
  const codes = new Set<string>();
  const ask = (text: string) =>
    handle.read({ workspaceId: newUuid() }, unfilteredSql('test.ask', text)).then(
      () => undefined,
      ({ code, cause }: { code: string; cause?: Error }) => void codes.add(`${code} ${cause?.message ?? ''}`),
    );
  await ask('select 1');
  expect([...codes]).toEqual([]);
  const under = Promise.all(Array.from({ length: 4 }, () => ask('select pg_sleep(2)')));
  await eventually(async () => {
    const busy = unfilteredSql(
      'test.busy',
      `select 1 from pg_stat_activity where query like '%pg_sleep%' and state = 'active'`,
    );
    await using direct = await open('transaction');
    expect((await direct.read({ workspaceId: newUuid() }, busy)).length).toBeGreaterThan(1);
  });
  await between.cut();
  await under;
  // Behind the cut it cannot reach PostgreSQL, and says so in words of its own.
  for (let n = 0; n < 8; n += 1) await ask('select 1');
  expect([...codes].filter((code) => !code.startsWith('SERVICE_UNAVAILABLE'))).toEqual([]);
  expect(codes.size).toBeGreaterThan(1);
  await between.resume();
  await eventually(
    async () => {
      codes.clear();
      await ask('select 1');
      expect([...codes]).toEqual([]);
    },
    { timeoutMs: 15_000 },
  );
}, 60_000);
