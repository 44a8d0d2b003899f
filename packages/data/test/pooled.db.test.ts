import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database, databaseEngines, unfilteredSql } from '@tributary/data';
import type { DatabaseEngine } from '@tributary/data';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';

let cluster: TestDatabase;
const scope = { workspaceId: newUuid() };
/** What holds now, and what the connection began with. */
const timeouts = unfilteredSql(
  'test.timeouts',
  `select setting::int as now, reset_val::int as begun from pg_settings where name = 'statement_timeout'`,
);
const sleep = unfilteredSql('test.sleep', 'select pg_sleep(2)');

beforeAll(async () => {
  cluster = await startTestDatabase();
}, 60_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

const open = (engine: DatabaseEngine, isPooled: boolean) =>
  Database.open({
    url: cluster.appUrl,
    entities: [],
    logger: createLogger({ name: 'test', level: 'silent' }),
    poolSize: 1,
    statementTimeoutMs: 150,
    engine,
    pooler: isPooled ? 'transaction' : 'none',
  });

describe.each(databaseEngines)('behind a pooler of transactions, on %s', (engine) => {
  test('each binding sets the statement timeout, and the connection begins without one', async () => {
    await using pooled = await open(engine, true);
    const expected = [{ now: 150, begun: 0 }];
    expect(await pooled.read(scope, timeouts)).toEqual(expected);
    expect(await pooled.withWorkspace(scope, (transaction) => transaction.query(timeouts))).toEqual(expected);
    await expect(pooled.readBatch(scope, [timeouts, sleep])).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await expect(pooled.withWorkspace(scope, (transaction) => transaction.query(sleep))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  test('without a pooler the connection begins with it', async () => {
    await using direct = await open(engine, false);
    expect(await direct.read(scope, timeouts)).toEqual([{ now: 150, begun: 150 }]);
  });
});
