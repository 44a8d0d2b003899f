import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { inventoryCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { person, requestOf, systemRequest } from '@tributary/kit/world';
import { assetNamed, discovery, found, namesOf, speaker, startAssetWorld } from './assetWorld.js';
import type { AssetWorld, Discovery } from './assetWorld.js';

let world: AssetWorld;
let acme: string;
let flow: Discovery;

beforeAll(async () => {
  world = await startAssetWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  acme = newUuid();
  flow = discovery(world, acme);
});

const owner = () => person(acme, 'OWNER');
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `server-${index}`, hostname: `server-${index}.acme.example` }));

test('a rerun doubles nothing: what did not change is unchanged, keeps its version and is seen by the new flow', async () => {
  expect(await flow.find(many(300))).toEqual({ created: 300, updated: 0, unchanged: 0 });
  const rerun = discovery(world, acme);
  const changed = many(300).map((asset, index) => (index % 10 === 0 ? { ...asset, department: 'IT' } : asset));
  expect(await rerun.find([...changed, { name: 'new-one' }])).toEqual({ created: 1, updated: 30, unchanged: 270 });
  expect(await namesOf(world, owner(), { first: 100 })).toHaveLength(301);
  const fields = 'version department discoveredBy { id }';
  expect(await assetNamed(world, owner(), 'server-1', fields)).toEqual({
    name: 'server-1',
    version: 1,
    department: null,
    discoveredBy: { id: rerun.flowId },
  });
  expect(await assetNamed(world, owner(), 'server-10', fields)).toMatchObject({ version: 2, department: 'IT' });
});

test('a chunk that comes again does nothing and answers what it answered', async () => {
  const input = { flowId: flow.uuid, source: speaker(), chunk: 7, assets: many(3).map(found) };
  const first = await world.commands.call(inventoryCommand, input, systemRequest(acme));
  await discovery(world, acme).find([{ ...many(1)[0]!, department: 'IT' }]);
  expect(await world.commands.call(inventoryCommand, input, systemRequest(acme))).toEqual(first);
  expect(first).toEqual({ created: 3, updated: 0, unchanged: 0 });
  expect(await assetNamed(world, owner(), 'server-0', 'department')).toMatchObject({ department: 'IT' });
});

test('the same chunk sent twice at the same time is done once', async () => {
  const input = { flowId: flow.uuid, source: speaker(), chunk: 0, assets: many(50).map(found) };
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => world.commands.call(inventoryCommand, input, systemRequest(acme))),
  );
  expect(outcomes).toEqual(Array(3).fill({ created: 50, updated: 0, unchanged: 0 }));
  expect(await namesOf(world, owner(), { first: 100 })).toHaveLength(50);
});

test('flows that find the same assets at the same time make each once', async () => {
  const flows = Array.from({ length: 6 }, () => discovery(world, acme));
  const outcomes = await Promise.all(
    flows.map((one, index) => one.find(index % 2 === 0 ? many(200) : many(200).toReversed())),
  );
  expect(outcomes.reduce((sum, outcome) => sum + outcome.created, 0)).toBe(200);
  expect(outcomes.reduce((sum, outcome) => sum + outcome.unchanged, 0)).toBe(1_000);
  expect(new Set(await namesOf(world, owner(), { first: 100 })).size).toBe(200);
});

test('things of two sources that share a key and have different names are two assets, at every rerun', async () => {
  const vm = { name: 'vm1', key: 'id:361', fallbackKey: 'vms:361', sourceShape: 'vms' };
  const device = { name: 'router', key: 'id:361', fallbackKey: 'devices:361', sourceShape: 'devices' };
  for (const [index, expected] of [
    { created: 1, updated: 0, unchanged: 0 },
    { created: 0, updated: 0, unchanged: 1 },
  ].entries()) {
    const run = discovery(world, acme);
    expect([index, await run.find([vm])]).toEqual([index, expected]);
    expect([index, await run.find([device])]).toEqual([index, expected]);
  }
  expect(await namesOf(world, owner())).toEqual(['router', 'vm1']);
});

test('a second source of the same thing completes it and takes nothing away', async () => {
  await flow.find([
    { name: 'web', key: 'host:web', sourceShape: 'cmdb', department: 'IT', attributes: { rack: 'R1' } },
  ]);
  const cloud = {
    name: 'Web',
    key: 'host:web',
    fallbackKey: 'cloud:web',
    sourceShape: 'cloud',
    ipAddress: '10.0.0.1',
    attributes: { zone: 'a' },
  };
  expect(await flow.find([cloud])).toEqual({ created: 0, updated: 1, unchanged: 0 });
  expect(await flow.find([cloud])).toEqual({ created: 0, updated: 0, unchanged: 1 });
  expect(await assetNamed(world, owner(), 'Web', 'department ipAddress attributes')).toEqual({
    name: 'Web',
    department: 'IT',
    ipAddress: '10.0.0.1',
    attributes: { rack: 'R1', zone: 'a' },
  });
});

test('a renamed asset is found by its new name only', async () => {
  await flow.find([{ name: 'old-name', key: 'id:1' }]);
  await flow.find([{ name: 'new-name', key: 'id:1' }]);
  expect(await namesOf(world, owner(), { filter: { search: 'new' } })).toEqual(['new-name']);
  expect(await namesOf(world, owner(), { filter: { search: 'old' } })).toEqual([]);
});

test('rows of one chunk with one key are one asset, and each row is counted', async () => {
  const rows = [{ name: 'web' }, { name: 'web' }, { name: 'web', department: 'IT' }];
  expect(await flow.find(rows)).toEqual({ created: 1, updated: 1, unchanged: 1 });
  expect(await flow.find(rows)).toEqual({ created: 0, updated: 2, unchanged: 1 });
  expect(await assetNamed(world, owner(), 'web', 'department')).toMatchObject({ department: 'IT' });
});

test('text that PostgreSQL cannot store is made storable', async () => {
  const name = 'a\u0000b\ud800';
  await flow.find([
    { name, hostname: `x${'y'.repeat(5_000)}`, tags: ['t\u0000'], attributes: { 'k\u0000': ['v\u0000'] } },
  ]);
  const asset = await assetNamed(world, owner(), 'a\ufffdb\ufffd', 'tags attributes');
  expect(asset).toMatchObject({ tags: ['t\ufffd'], attributes: { 'k\ufffd': ['v\ufffd'] } });
});

test('a value that the graph does not know fails the chunk whole, and it can be sent again', async () => {
  const wrong = {
    flowId: flow.uuid,
    source: speaker(),
    chunk: 0,
    assets: [found({ name: 'a' }), found({ name: 'b', status: 'SLEEPING' as never })],
  };
  await expect(world.commands.call(inventoryCommand, wrong, systemRequest(acme))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(await namesOf(world, owner())).toEqual([]);
  expect(await flow.find([{ name: 'a' }])).toEqual({ created: 1, updated: 0, unchanged: 0 });
});

test('an empty chunk is a chunk', async () => {
  expect(await flow.find([])).toEqual({ created: 0, updated: 0, unchanged: 0 });
});

test('no person may write the inventory, whatever the role', async () => {
  const input = { flowId: flow.uuid, source: speaker(), chunk: 0, assets: [found({ name: 'a' })] };
  await expect(world.commands.call(inventoryCommand, input, requestOf(owner()))).rejects.toMatchObject({
    code: 'INSUFFICIENT_PERMISSIONS',
  });
});

test('a chunk takes as many statements with 2,000 assets as with two', async () => {
  const statementsOf = async (work: () => Promise<unknown>) => {
    world.statements.length = 0;
    await work();
    return [...world.statements];
  };
  const fresh = [
    'asset.claimChunk',
    'data.discardPlans',
    'data.planForAnyValues',
    'asset.noteFlow',
    'asset.knownByKeys',
    'asset.candidatesByName',
    'asset.insertFound',
    'asset.recordChunk',
  ];
  expect(await statementsOf(() => flow.find(many(2)))).toEqual(fresh);
  expect(await statementsOf(() => discovery(world, newUuid()).find(many(2_000)))).toEqual(fresh);
  expect(await statementsOf(() => flow.find(many(2)))).toEqual([
    ...fresh.slice(0, 5),
    'asset.moveSightings',
    'asset.comeBack',
    'asset.recordChunk',
  ]);
});

test('a second export with ids does not double the first, nor does a third without', async () => {
  const named = many(20).map((asset) => ({ ...asset, sourceShape: 'names' }));
  const withIds = many(20).map((asset, index) => ({ ...asset, key: `id:vm-${index}-4711`, sourceShape: 'ids' }));
  await flow.find(named);
  const imports = [withIds, named, withIds];
  for (const [index, assets] of imports.entries()) {
    const outcome = await discovery(world, acme).find(assets);
    expect([index, outcome.created, outcome.updated + outcome.unchanged]).toEqual([index, 0, 20]);
  }
  expect(await namesOf(world, owner(), { first: 100 })).toHaveLength(20);
});
