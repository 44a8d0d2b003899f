import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { Database, planOnce } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { endConnections } from '@tributary/kit';
import { knownByKeys } from '../src/storage/inventoryStatements.js';
import { discovery, startAssetWorld } from './assetWorld.js';
import type { AssetWorld, Discovery } from './assetWorld.js';

let world: AssetWorld;
let admin: pg.Client;
let workspaceId: string;

beforeAll(async () => {
  world = await startAssetWorld();
  admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 120_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  workspaceId = newUuid();
  await admin.query('truncate asset cascade');
});

const rows = 2_500;
const chunk = 500;

async function discover(flow: Discovery, count: number): Promise<void> {
  for (let from = 0; from < count; from += chunk) {
    const names = Array.from({ length: Math.min(chunk, count - from) }, (_, place) => `server-${from + place}`);
    await flow.find(names.map((name) => ({ name, hostname: name })));
    await flow.connect(names.slice(1).map((name, place) => ({ from: name, to: names[place >> 1]! })));
  }
  await flow.settle('COMPLETE', 1);
}

/** Rows of the inventory's tables that PostgreSQL read so far: a connection tells at the latest when it ends. */
async function rowsRead(besides: readonly string[] = []): Promise<number> {
  await endConnections(admin, { role: 'app', besides });
  const { rows: sums } = await admin.query<{ read: string }>(
    `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as read from pg_stat_user_tables where relname like 'asset%'`,
  );
  return Number(sums[0]!.read);
}

// A table that nobody counted yet counts as full from some hundred rows on; up to there each row may be compared with each.
const beforeItIsFull = 4 * 1_000_000;
test.each([
  ['when nothing is known of the tables', 0, beforeItIsFull],
  ['when the tables held 20 assets of another workspace', 20, 0],
  ['when the tables held 3,000 assets of another workspace', 3_000, 0],
])(
  'an import of a new workspace reads each row a few times %s',
  async (_, others, allowance) => {
    if (others > 0) {
      await discover(discovery(world, newUuid()), others);
      await admin.query('analyze');
    }
    const before = await rowsRead();
    await discover(discovery(world, workspaceId), rows);
    const first = await rowsRead();
    await discover(discovery(world, workspaceId), rows);
    expect(first - before).toBeLessThan(allowance + 30 * rows);
    expect((await rowsRead()) - first).toBeLessThan(30 * rows);
  },
  120_000,
);

test('a look-up that was planned for few assets reads few of many, once its plan is old', async () => {
  await discover(discovery(world, newUuid()), 20);
  await admin.query('analyze');
  const opened = (applicationName: string, planLifeMs: number) =>
    Database.open({
      url: world.testDatabase.appUrl,
      entities: [],
      logger: createLogger({ name: 'test', level: 'silent' }),
      poolSize: 1,
      applicationName,
      planLifeMs,
    });
  const lasting = await opened('lasting', 3_600_000);
  const renewed = await opened('renewed', 1);
  const keys = Array.from({ length: 50 }, (_, place) => `name:server-${place}`);
  const lookUp = (database: Database) => database.read({ workspaceId }, planOnce(knownByKeys(keys)));
  for (const database of [lasting, renewed]) await lookUp(database);
  await discover(discovery(world, workspaceId), rows);
  const before = await rowsRead(['lasting', 'renewed']);
  await lookUp(lasting);
  await lasting.close();
  const byOldPlan = await rowsRead(['renewed']);
  await lookUp(renewed);
  await renewed.close();
  expect(byOldPlan - before).toBeGreaterThan(30 * rows);
  expect((await rowsRead()) - byOldPlan).toBeLessThan(rows);
}, 120_000);
