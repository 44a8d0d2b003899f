import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { isCodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import { ask, person } from '@tributary/kit/world';
import { criteriaOf } from '../src/domain/assetFilter.js';
import { countAssetsOfFlows } from '../src/storage/assetStatements.js';
import { countsOfFlows } from '../src/storage/flowCountStatements.js';
import { insertAssets } from '../src/storage/inventoryStatements.js';
import { discovery, startAssetWorld } from './assetWorld.js';
import type { AssetWorld, Discovery } from './assetWorld.js';

let world: AssetWorld;
let admin: pg.Client;
let workspaceId: string;

beforeAll(async () => {
  world = await startAssetWorld();
  admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  workspaceId = newUuid();
});

const names = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `asset-${from + index}` }));

async function totals(flows: readonly Discovery[], workspace = workspaceId): Promise<(number | null)[]> {
  const { data, errors } = await ask(
    world,
    person(workspace),
    'query ($flows: [_Any!]!) { _entities(representations: $flows) { ... on Flow { assets(first: 1) { totalCount } } } }',
    { flows: flows.map(({ flowId }) => ({ __typename: 'Flow', id: flowId })) },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return (data._entities as { assets: { totalCount: number } }[]).map(({ assets }) => assets.totalCount);
}

const partsOf = async ({ uuid }: Discovery) =>
  (await admin.query('select change from asset_flow_count where flow_id = $1', [uuid])).rows.map((row) => row.change);

test('totalCount is how many assets a flow was the last to see, while others see them again', async () => {
  const [first, second] = [discovery(world, workspaceId), discovery(world, workspaceId)];
  await first.find(names(0, 30));
  await first.find(names(30, 20));
  expect(await totals([first, second])).toEqual([50, 0]);
  await second.find(names(40, 15));
  expect(await totals([first, second])).toEqual([40, 15]);
  await second.find(names(40, 15));
  await first.find(names(0, 5));
  expect(await totals([first, second])).toEqual([40, 15]);
  await second.connect([{ from: 'asset-40', to: 'never seen', createAs: 'SERVER' }]);
  expect(await totals([first, second])).toEqual([40, 16]);
});

test('another workspace counts nothing of it', async () => {
  const flow = discovery(world, workspaceId);
  await flow.find(names(0, 7));
  expect(await totals([flow], newUuid())).toEqual([0]);
  expect(await totals([flow])).toEqual([7]);
});

test('a chunk that is not committed holds no other up and counts for nobody', async () => {
  const flow = discovery(world, workspaceId);
  await flow.find(names(0, 3));
  const rolledBack = world.database.withWorkspace({ workspaceId }, async (transaction) => {
    const row = { id: newUuid(), sourceKey: 'name:held', sourceShape: 'shape', fingerprint: '', nameKey: 'held' };
    const content = { kind: 'SERVER', name: 'held', status: 'ACTIVE', criticality: 'LOW', tags: [], attributes: {} };
    await transaction.query(insertAssets(flow.uuid, JSON.stringify([{ ...row, ...content, searchText: '' }])));
    await flow.find(names(3, 4));
    expect(await totals([flow])).toEqual([7]);
    throw new Error('rolled back');
  });
  await expect(rolledBack).rejects.toThrow('rolled back');
  expect(await totals([flow])).toEqual([7]);
});

/** As a worker does with what a busy database did not come to. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 5 || !isCodedError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error;
    }
  }
}

test('it is exact in every snapshot while flows take the same assets from each other', async () => {
  const flows = Array.from({ length: 3 }, () => discovery(world, workspaceId));
  let isWriting = true;
  const ids = flows.map(({ uuid }) => uuid);
  const everything = { ...criteriaOf(null), status: ['ACTIVE', 'RETIRED', 'UNKNOWN'] };
  const writing = Promise.all(
    flows.flatMap((flow, index) =>
      [0, 1, 2].map((chunk) =>
        again(() => flow.find(names(((index + chunk) % 3) * 10, 20))).then(() => again(() => flow.settle())),
      ),
    ),
  ).finally(() => (isWriting = false));
  let looks = 0;
  while (isWriting) {
    const [noted, seen] = await world.database.readBatch({ workspaceId }, [
      countsOfFlows(ids),
      countAssetsOfFlows(ids, everything),
    ]);
    const counted = new Map(seen.map(({ id, count }) => [id, count]));
    expect(noted).toEqual(ids.map((id) => ({ id, count: counted.get(id) ?? 0 })));
    looks += 1;
  }
  await writing;
  expect(looks).toBeGreaterThan(1);
  expect((await totals(flows)).reduce((sum, count) => sum! + count!, 0)).toBe(40);
}, 60_000);

test('at the end of an import the parts become one, and what a version without them wrote is counted', async () => {
  const flow = discovery(world, workspaceId);
  await flow.find(names(0, 10));
  await flow.find(names(10, 10));
  expect(await partsOf(flow)).toEqual([10, 10]);
  await admin.query('delete from asset_flow_count where flow_id = $1', [flow.uuid]);
  expect(await totals([flow])).toEqual([20]);
  await flow.find(names(20, 5));
  await flow.settle();
  expect(await partsOf(flow)).toEqual([25]);
  expect(await totals([flow])).toEqual([25]);
});
