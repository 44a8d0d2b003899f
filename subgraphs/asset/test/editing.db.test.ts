import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { ask, codesOf, person } from '@tributary/kit/world';
import { assetNamed, discovery, namesOf, startAssetWorld } from './assetWorld.js';
import type { AssetWorld, Discovery } from './assetWorld.js';

let world: AssetWorld;
let acme: string;
let flow: Discovery;
let id: string;

beforeAll(async () => {
  world = await startAssetWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  acme = newUuid();
  flow = discovery(world, acme);
  await flow.find([
    { name: 'web', environment: 'test', department: 'IT', ownerEmail: 'jane@acme.example', tags: ['old'] },
  ]);
  ({ id } = await assetNamed(world, person(acme), 'web'));
});

const fields = 'id name environment department criticality ownerEmail tags status version';
const update = `mutation ($input: UpdateAssetInput!) { updateAsset(input: $input) { asset { ${fields} } } }`;
const retire = `mutation ($input: RetireAssetInput!) { retireAsset(input: $input) { asset { ${fields} } } }`;

async function auditTrail(): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(
      'select action, entity_type, entity_id, actor_kind, before, after from audit_entry where workspace_id = $1 order by number',
      [acme],
    );
    return rows;
  } finally {
    await client.end();
  }
}

describe('updateAsset', () => {
  test('changes what is given, leaves what is absent and clears what is null', async () => {
    const input = {
      id,
      version: 1,
      name: 'Web Shop',
      environment: null,
      criticality: 'HIGH',
      tags: ['New', 'new', 'b'],
    };
    const { data } = await ask(world, person(acme), update, { input });
    expect(data.updateAsset.asset).toEqual({
      id,
      name: 'Web Shop',
      environment: null,
      department: 'IT',
      criticality: 'HIGH',
      ownerEmail: 'j***@acme.example',
      tags: ['New', 'b'],
      status: 'ACTIVE',
      version: 2,
    });
  });

  test('makes the asset found by its new name and tags, and no more by the old', async () => {
    await ask(world, person(acme), update, { input: { id, version: 1, name: 'Web Shop', tags: ['new'] } });
    const found = (filter: Record<string, unknown>) => namesOf(world, person(acme), { filter });
    expect(await found({ search: 'shop' })).toEqual(['Web Shop']);
    expect(await found({ tags: ['new'] })).toEqual(['Web Shop']);
    expect(await found({ tags: ['old'] })).toEqual([]);
  });

  test('is RESOURCE_CONFLICT for another version and changes nothing', async () => {
    const result = await ask(world, person(acme), update, { input: { id, version: 2, name: 'x' } });
    expect(codesOf(result)).toEqual(['RESOURCE_CONFLICT']);
    expect(result.errors?.[0]?.extensions?.['details']).toEqual({ reason: 'VERSION', expected: 2, actual: 1 });
    expect(await namesOf(world, person(acme))).toEqual(['web']);
    expect(await auditTrail()).toEqual([]);
  });

  test('lets only one of two people who decided on the same version win', async () => {
    const results = await Promise.all(
      ['one', 'two'].map((name) => ask(world, person(acme), update, { input: { id, version: 1, name } })),
    );
    expect(results.flatMap(codesOf)).toEqual(['RESOURCE_CONFLICT']);
  });

  test.each([{ name: null }, { criticality: null }, { tags: null }, { name: ' ' }, { ownerEmail: 'jane' }])(
    'refuses %j',
    async (patch) => {
      expect(codesOf(await ask(world, person(acme), update, { input: { id, version: 1, ...patch } }))).toEqual([
        'INVALID_INPUT',
      ]);
    },
  );

  test('leaves one audit entry with what changed, without the whole address', async () => {
    await ask(world, person(acme), update, {
      input: { id, version: 1, department: 'HR', ownerEmail: 'jim@acme.example' },
    });
    expect(await auditTrail()).toEqual([
      {
        action: 'asset.update',
        entity_type: 'Asset',
        entity_id: id,
        actor_kind: 'user',
        before: { department: 'IT', ownerEmail: 'j***@acme.example' },
        after: { department: 'HR', ownerEmail: 'j***@acme.example' },
      },
    ]);
  });

  test('with an idempotencyKey happens once, and is masked anew for whoever repeats it', async () => {
    const operator = person(acme);
    const input = { id, version: 1, ownerEmail: 'jim@acme.example', idempotencyKey: 'k1' };
    const first = await ask(world, operator, update, { input });
    expect(await ask(world, operator, update, { input })).toEqual(first);
    expect(first.data.updateAsset.asset).toMatchObject({ version: 2, ownerEmail: 'j***@acme.example' });
    expect(await auditTrail()).toHaveLength(1);
    expect(codesOf(await ask(world, operator, update, { input: { ...input, name: 'other' } }))).toEqual([
      'RESOURCE_CONFLICT',
    ]);
  });

  test('is not for viewers', async () => {
    expect(codesOf(await ask(world, person(acme, 'VIEWER'), update, { input: { id, version: 1, name: 'x' } }))).toEqual(
      ['INSUFFICIENT_PERMISSIONS'],
    );
  });

  test('outlasts later discoveries, which change all else', async () => {
    await ask(world, person(acme), update, { input: { id, version: 1, department: 'HR', name: 'Web Shop' } });
    const outcome = await discovery(world, acme).find([
      { name: 'web', environment: 'prod', department: 'Sales', operatingSystem: 'Debian 13' },
    ]);
    expect(outcome).toEqual({ created: 0, updated: 1, unchanged: 0 });
    expect(await assetNamed(world, person(acme), 'Web Shop', 'department environment operatingSystem version')).toEqual(
      {
        name: 'Web Shop',
        department: 'HR',
        environment: 'prod',
        operatingSystem: 'Debian 13',
        version: 3,
      },
    );
  });

  test('is not undone, nor is the version moved, by a discovery that says only other things about edited fields', async () => {
    await ask(world, person(acme), update, { input: { id, version: 1, department: 'HR' } });
    const again = {
      name: 'web',
      environment: 'test',
      department: 'Sales',
      ownerEmail: 'jane@acme.example',
      tags: ['old'],
    };
    expect(await discovery(world, acme).find([again])).toEqual({ created: 0, updated: 0, unchanged: 1 });
    expect(await assetNamed(world, person(acme), 'web', 'department version')).toMatchObject({
      department: 'HR',
      version: 2,
    });
  });
});

describe('retireAsset', () => {
  test('retires for good: a source that still says active does not bring it back, but is seen', async () => {
    const { data } = await ask(world, person(acme), retire, { input: { id, version: 1 } });
    expect(data.retireAsset.asset).toMatchObject({ status: 'RETIRED', version: 2 });
    const later = discovery(world, acme);
    await later.find([{ name: 'web', environment: 'prod' }]);
    expect(await assetNamed(world, person(acme), 'web', 'status environment discoveredBy { id }')).toMatchObject({
      status: 'RETIRED',
      environment: 'prod',
      discoveredBy: { id: later.flowId },
    });
    expect((await auditTrail()).map((entry) => entry['action'])).toEqual(['asset.retire']);
  });

  test('of what is retired changes nothing', async () => {
    await ask(world, person(acme), retire, { input: { id, version: 1 } });
    const { data } = await ask(world, person(acme), retire, { input: { id, version: 2 } });
    expect(data.retireAsset.asset).toMatchObject({ status: 'RETIRED', version: 2 });
    expect(codesOf(await ask(world, person(acme), retire, { input: { id, version: 1 } }))).toEqual([
      'RESOURCE_CONFLICT',
    ]);
  });

  test('of what does not exist is RESOURCE_NOT_FOUND', async () => {
    const unknown = id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    for (const wrong of [unknown, flow.flowId]) {
      expect(codesOf(await ask(world, person(acme), retire, { input: { id: wrong, version: 1 } }))).toEqual([
        'RESOURCE_NOT_FOUND',
      ]);
    }
  });
});
