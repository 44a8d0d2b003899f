import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '@tributary/data';
import { createLogger } from '@tributary/observability';
import { startTcpProxy, startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { sessionSettingPool, undyingHandlePool } from '../../prove/tenancy/pool/brokenPools.ts';
import { Canaries } from '../../prove/tenancy/pool/canaries.ts';
import { provePool } from '../../prove/tenancy/pool/provePool.ts';

const connections = 4;
const logger = createLogger({ name: 'test', level: 'silent' });

describe('many workspaces over few connections', () => {
  let cluster: TestDatabase;
  let canaries: Canaries;
  beforeAll(async () => {
    cluster = await startTestDatabase();
    canaries = await Canaries.plant(cluster.superuserUrl, 20);
  });
  afterAll(async () => {
    await canaries[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  test('nobody sees or writes a foreign row, and no handle is taken after its end, whatever becomes of the transactions', async () => {
    await using proxy = await startTcpProxy(Number(new URL(cluster.appUrl).port));
    const url = new URL(cluster.appUrl);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    await using database = await Database.open({ url: url.href, entities: [], logger, poolSize: connections });
    const cut = async (): Promise<void> => {
      await proxy.cut();
      await delay(5);
      await proxy.resume();
    };
    const figures = await provePool({
      pool: database,
      canaries,
      seed: 7,
      transactions: 2_500,
      atOnce: 20,
      cut,
      cutEvery: 500,
    });
    expect(figures).toMatchObject({ foreignRows: 0, lateUsesTaken: 0, surprises: [] });
    expect(figures.cuts).toBeGreaterThan(2);
    expect(figures.lateUses).toBeGreaterThan(300);
    expect(Object.keys(figures.ended)).toEqual(
      expect.arrayContaining(['throw', 'refused', 'not awaited', 'late', 'cancelled']),
    );
  }, 60_000);

  test.each([
    ['a setting of the session', sessionSettingPool],
    ['a handle that lives on', undyingHandlePool],
  ])(
    'the proof finds foreign rows in a pool with %s',
    async (_, open) => {
      const pool = open(cluster.appUrl, connections);
      const figures = await provePool({ pool, canaries, seed: 7, transactions: 800, atOnce: 20 });
      await pool.close();
      expect(figures.foreignRows).toBeGreaterThan(0);
      expect(figures.lateUsesTaken).toBeGreaterThan(0);
    },
    60_000,
  );
});
