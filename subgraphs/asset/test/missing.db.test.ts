import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { person, tell } from '@tributary/kit/world';
import { assetNamed, discovery, speaker, startAssetWorld } from './assetWorld.js';
import type { AssetWorld } from './assetWorld.js';

let world: AssetWorld;
let admin: pg.Client;
let acme: string;

beforeAll(async () => {
  world = await startAssetWorld();
  admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  acme = newUuid();
});

const owner = () => person(acme, 'OWNER');
const inventory = speaker('inventory.csv');
const cloud = speaker('cloud.json');

/** An import of a source that shows the named assets. */
async function shows(
  source: typeof inventory,
  names: readonly string[],
  coverage: 'PARTIAL' | 'COMPLETE' = 'COMPLETE',
) {
  const flow = discovery(world, acme, { source });
  await flow.find(names.map((name) => ({ name })));
  const { missing, retired, shown, notShown } = await flow.settle(coverage);
  return { missing, retired, shown, notShown };
}

/** `ACTIVE`, or `ACTIVE missing`. */
async function standingOf(name: string): Promise<string> {
  const { status, missingSince } = await assetNamed(world, owner(), name, 'status missingSince');
  return missingSince === null ? status : `${status} missing`;
}

async function auditOf(action: string): Promise<unknown[]> {
  const { rows } = await admin.query(
    'select actor_kind, before, after from audit_entry where workspace_id = $1 and action = $2 order by number',
    [acme, action],
  );
  return rows;
}

test('what complete imports show no longer is missing, then retired, and comes back to life as it was', async () => {
  await shows(inventory, ['web', 'db']);
  expect(await shows(inventory, ['web'])).toMatchObject({ missing: 1, retired: 0 });
  expect([await standingOf('web'), await standingOf('db')]).toEqual(['ACTIVE', 'ACTIVE missing']);
  await shows(inventory, ['web']);
  expect(await standingOf('db')).toBe('ACTIVE missing');
  expect(await shows(inventory, ['web'])).toMatchObject({ missing: 1, retired: 1 });
  expect(await standingOf('db')).toBe('RETIRED missing');
  expect(await shows(inventory, ['web'])).toMatchObject({ missing: 0, retired: 0 });
  await shows(inventory, ['db'], 'PARTIAL');
  expect([await standingOf('web'), await standingOf('db')]).toEqual(['ACTIVE', 'ACTIVE']);
  const by = { actor_kind: 'system' };
  expect(await auditOf('asset.retire')).toEqual([
    { ...by, before: { status: 'ACTIVE' }, after: { status: 'RETIRED' } },
  ]);
  expect(await auditOf('asset.restore')).toEqual([
    { ...by, before: { status: 'RETIRED' }, after: { status: 'ACTIVE' } },
  ]);
});

test('a partial import marks nothing, and says how much of the source’s it does not show', async () => {
  await shows(inventory, ['web', 'db', 'cache']);
  expect(await shows(inventory, ['web'], 'PARTIAL')).toEqual({ missing: 0, retired: 0, shown: 1, notShown: 2 });
  expect(await standingOf('db')).toBe('ACTIVE');
});

test('what another source shows is not missing, until that one shows it no longer either', async () => {
  await shows(inventory, ['web', 'db']);
  await shows(cloud, ['web', 'db']);
  expect(await shows(inventory, ['web'])).toMatchObject({ missing: 0 });
  expect(await standingOf('db')).toBe('ACTIVE');
  expect(await shows(cloud, ['web'])).toMatchObject({ missing: 1 });
  expect(await standingOf('db')).toBe('ACTIVE missing');
  await shows(inventory, ['db'], 'PARTIAL');
  expect(await standingOf('db')).toBe('ACTIVE');
});

test('a complete import says nothing of what only other sources showed', async () => {
  await shows(cloud, ['web']);
  await shows(inventory, ['db']);
  expect(await shows(inventory, ['db'])).toMatchObject({ missing: 0 });
  expect(await standingOf('web')).toBe('ACTIVE');
});

test('a slice that comes again, or another flow of the same source, counts one import once', async () => {
  await shows(inventory, ['web', 'db']);
  const flow = discovery(world, acme, { source: inventory });
  await flow.find([{ name: 'web' }]);
  await flow.settle('COMPLETE', 2);
  await flow.settle('COMPLETE', 2);
  expect(await standingOf('db')).toBe('ACTIVE missing');
});

test('what a person set stays: neither retired nor brought back', async () => {
  await shows(inventory, ['web', 'db']);
  const { id, version } = await assetNamed(world, owner(), 'db');
  await tell(world, owner(), 'mutation ($input: RetireAssetInput!) { retireAsset(input: $input) { asset { id } } }', {
    input: { id, version },
  });
  for (let run = 0; run < 4; run += 1) expect(await shows(inventory, ['web'])).toMatchObject({ retired: 0 });
  await shows(inventory, ['web', 'db']);
  expect(await standingOf('db')).toBe('RETIRED');
});

test('what only an edge names is there as long as an edge names it', async () => {
  const connected = async (to: string | null) => {
    const flow = discovery(world, acme, { source: inventory });
    await flow.find([{ name: 'vm' }]);
    if (to !== null)
      await flow.connect([{ from: 'vm', fromKeys: ['name:vm'], to, kind: 'runs_on', createAs: 'SERVER' }]);
    await flow.settle('COMPLETE', 1);
  };
  await connected('esx1');
  await connected('esx1');
  expect(await standingOf('esx1')).toBe('UNKNOWN');
  await connected('esx2');
  expect(await standingOf('esx1')).toBe('RETIRED missing');
  await connected('esx1');
  expect([await standingOf('esx1'), await standingOf('esx2')]).toEqual(['UNKNOWN', 'RETIRED missing']);
});

test('many are marked slice by slice', async () => {
  const many = Array.from({ length: 1_100 }, (_, index) => `vm-${index}`);
  await shows(inventory, many);
  expect(await shows(inventory, many.slice(0, 5))).toMatchObject({ missing: 1_095 });
  const { rows } = await admin.query('select count(*)::int as n from asset_missing where workspace_id = $1', [acme]);
  expect(rows).toEqual([{ n: 1_095 }]);
});
