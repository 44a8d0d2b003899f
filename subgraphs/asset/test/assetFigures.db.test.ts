import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { assetFiguresCommand } from '@tributary/contracts/commands';
import type { InputOf } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { systemRequest } from '@tributary/kit/world';
import { discovery, speaker, startAssetWorld } from './assetWorld.js';
import type { AssetWorld } from './assetWorld.js';

let world: AssetWorld;
let admin: pg.Client;
let acme: string;
const minute = 60_000;
const noon = Date.parse('2027-01-01T12:00:00Z');

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
  acme = newUuid();
});

type Question = InputOf<typeof assetFiguresCommand>;

async function ask(measure: Question['measure'], groupBy: Question['groupBy'] = null, count = 1, workspaceId = acme) {
  const found = await world.commands.call(
    assetFiguresCommand,
    { measure, groupBy, firstEnd: new Date(noon), count, stepMs: 10 * minute, windowMs: 30 * minute },
    systemRequest(workspaceId),
  );
  return found.map(({ index, key, value }) => [index, key, value]);
}

/** Says when an asset was found and changed last, in minutes from noon; answers its public id. */
async function date(name: string, created: number, updated = created, more = ''): Promise<string> {
  const at = (minutes: number) => new Date(noon + minutes * minute);
  const { rows } = await admin.query<{ id: string }>(
    `update asset set created_at = $3, updated_at = $4 ${more} where workspace_id = $1 and name = $2 returning id`,
    [acme, name, at(created), at(updated)],
  );
  return `asset_${rows[0]!.id}`;
}

test('what was found within the window is new, of all, by kind, source and asset, within the workspace', async () => {
  const [servers, cloud] = [speaker('servers.csv'), speaker('cloud.json')];
  await discovery(world, acme, { source: servers }).find([{ name: 'old' }, { name: 'one' }, { name: 'later' }]);
  await discovery(world, acme, { source: cloud }).find([{ name: 'db', kind: 'DATABASE' }]);
  await date('old', -31);
  const one = await date('one', -25);
  await date('later', 5);
  const db = await date('db', -3);
  expect(await ask('ASSETS_NEW', null, 3)).toEqual([
    [0, null, 2],
    [1, null, 2],
    [2, null, 2],
  ]);
  expect(await ask('ASSETS_NEW', null, 1, newUuid())).toEqual([]);
  expect((await ask('ASSETS_NEW', 'ASSET_KIND')).toSorted()).toEqual([
    [0, 'DATABASE', 1],
    [0, 'SERVER', 1],
  ]);
  expect((await ask('ASSETS_NEW', 'SOURCE')).toSorted()).toEqual([
    [0, 'cloud.json', 1],
    [0, 'servers.csv', 1],
  ]);
  expect((await ask('ASSETS_NEW', 'ASSET')).toSorted()).toEqual(
    [
      [0, one, 1],
      [0, db, 1],
    ].toSorted(),
  );
});

test('what has neither a dependency nor an owner is unmapped, as long as it is in use', async () => {
  const flow = discovery(world, acme);
  await flow.find([{ name: 'app' }, { name: 'host' }, { name: 'alone' }, { name: 'owned' }, { name: 'gone' }]);
  await flow.connect([{ from: 'app', to: 'host' }]);
  for (const name of ['app', 'host']) await date(name, -60);
  const alone = await date('alone', -5);
  await date('owned', -60, -60, `, owner_email = 'ann@acme.example'`);
  await date('gone', -60, -60, `, status = 'RETIRED'`);
  expect(await ask('ASSETS_UNMAPPED', 'ASSET', 2)).toEqual([
    [0, alone, 1],
    [1, alone, 1],
  ]);
  await date('alone', 15);
  expect(await ask('ASSETS_UNMAPPED', null, 3)).toEqual([[2, null, 1]]);
});

test('an asset is missing by how many complete imports did not show it; of a group the one that is missing longest', async () => {
  const shows = async (names: string[], coverage: 'PARTIAL' | 'COMPLETE') => {
    const flow = discovery(world, acme);
    await flow.find(names.map((name) => ({ name })));
    await flow.settle(coverage, 9);
  };
  await shows(['stays', 'first', 'second'], 'COMPLETE');
  await shows(['stays', 'second'], 'COMPLETE');
  await shows(['stays'], 'PARTIAL');
  await shows(['stays'], 'COMPLETE');
  await admin.query('update asset_missing set missing_since = $2 where workspace_id = $1', [acme, new Date(noon - 1)]);
  expect(await ask('ASSETS_MISSING')).toEqual([[0, null, 2]]);
  expect((await ask('ASSETS_MISSING', 'ASSET')).map(([, , value]) => value).toSorted()).toEqual([1, 2]);
  await shows(['stays', 'first', 'second'], 'COMPLETE');
  expect(await ask('ASSETS_MISSING')).toEqual([]);
});

test('the share that has changed is of assets that were there before the window, and unknown without any', async () => {
  await discovery(world, acme).find(['a', 'b', 'c', 'd', 'new'].map((name) => ({ name })));
  await date('new', -10, -5);
  for (const name of ['a', 'b', 'c', 'd']) await date(name, -10);
  expect(await ask('ASSETS_CHANGED_SHARE')).toEqual([]);
  await date('a', -60, -5);
  await date('b', -60, 15);
  await date('c', -60, -60, `, status = 'RETIRED'`);
  await date('d', -60);
  expect(await ask('ASSETS_CHANGED_SHARE', null, 4)).toEqual([
    [0, null, 1 / 3],
    [1, null, 1 / 3],
    [2, null, 2 / 3],
    // By now the one that was new has been there for a window.
    [3, null, 1 / 4],
  ]);
});
