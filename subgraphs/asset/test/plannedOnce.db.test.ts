import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { Database, unfilteredSql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { criteriaOf } from '../src/domain/assetFilter.js';
import { assetColumns } from '../src/storage/assetColumns.js';
import { assetsByIds, assetsOfFlows } from '../src/storage/assetStatements.js';
import { dependenciesOf } from '../src/storage/dependencyStatements.js';
import { discovery, startAssetWorld } from './assetWorld.js';
import type { AssetWorld } from './assetWorld.js';

let world: AssetWorld;
/** Has one connection, so that PostgreSQL can be asked what it has planned on it. */
let single: Database;
const workspaceId = newUuid();
const flows = [newUuid(), newUuid()];

beforeAll(async () => {
  world = await startAssetWorld();
  // As many as a page of a small tenant meets, and ten times that.
  for (const [index, uuid] of flows.entries()) {
    const flow = discovery(world, workspaceId, { uuid });
    const names = Array.from({ length: index === 0 ? 50 : 500 }, (_, number) => `asset-${index}-${number}`);
    await flow.find(names.map((name) => ({ name })));
    await flow.connect(names.slice(1).map((from, number) => ({ from, to: names[number >> 1]! })));
  }
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  await admin.query('vacuum analyze asset, asset_sighting, asset_dependency');
  await admin.end();
  single = await Database.open({
    url: world.testDatabase.appUrl,
    entities: [],
    logger: createLogger({ name: 'test', level: 'silent' }),
    poolSize: 1,
  });
}, 120_000);
afterAll(async () => {
  await single.close();
  await world[Symbol.asyncDispose]();
});

const columns = assetColumns(['sighting']);

const plansOf = (name: string) =>
  unfilteredSql(
    'test.plans',
    `select sum(generic_plans)::int as kept, sum(custom_plans)::int as anew from pg_prepared_statements
     where name like 'asset.' || $1 || ':%'`,
    [name],
  );

const statements: readonly (readonly [string, (flowIds: string[], ids: string[]) => Statement<unknown>])[] = [
  ['ofFlows', (flowIds) => assetsOfFlows(columns, flowIds, criteriaOf(null), null, 21)],
  ['byIds', (_, ids) => assetsByIds(columns, ids)],
  ['dependencies', (_, ids) => dependenciesOf(ids, [0, 1], null, 6)],
];

// PostgreSQL plans anew for each call as long as the plan for any values looks dearer to it than those for the five values that it saw first.
test.each(statements)('asset.%s is planned once, and not at every page', async (name, statement) => {
  const [first] = flows;
  const assets = await single.read({ workspaceId }, assetsOfFlows(columns, [first!], criteriaOf(null), null, 21));
  const ids = assets.map(({ id }) => id);
  const before = (await single.read({ workspaceId }, plansOf(name)))[0]!;
  for (let page = 0; page < 20; page += 1)
    await single.read({ workspaceId }, statement([flows[page % 2]!], ids.slice(0, 20 - page)));
  const after = (await single.read({ workspaceId }, plansOf(name)))[0]!;
  const since = (column: string) => Number(after[column] ?? 0) - Number(before[column] ?? 0);
  expect(since('anew')).toBeLessThanOrEqual(5);
  expect(since('kept')).toBeGreaterThanOrEqual(15);
});
