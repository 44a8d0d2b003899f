import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findCatalogueFaults } from '@tributary/data';
import { existingCommand } from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import { ask, codesOf, keyWith, person, systemRequest } from '@tributary/kit/world';
import { assetNamed, discovery, namesOf, startAssetWorld } from './assetWorld.js';
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

const viewer = () => person(acme, 'VIEWER');

test('the tables keep the rules of tenancy', async () => {
  expect(await findCatalogueFaults(world.testDatabase.superuserUrl)).toEqual([]);
});

test('an asset answers all that its source said', async () => {
  await flow.find([
    {
      name: 'Web-01',
      kind: 'VIRTUAL_MACHINE',
      externalId: 'vm-7',
      environment: 'production',
      department: 'Sales',
      criticality: 'HIGH',
      hostname: 'web-01.acme.example',
      ipAddress: '10.0.0.1',
      operatingSystem: 'Debian 13',
      tags: ['Tier 1'],
      attributes: { cores: 8, disk: { gb: 100 } },
    },
  ]);
  const fields = `id kind externalId status environment department criticality hostname ipAddress operatingSystem ownerEmail tags
    attributes firstSeenAt lastSeenAt version discoveredBy { id }`;
  const asset = await assetNamed(world, viewer(), 'Web-01', fields);
  expect(asset).toEqual({
    id: expect.stringMatching(/^asset_/),
    name: 'Web-01',
    kind: 'VIRTUAL_MACHINE',
    externalId: 'vm-7',
    status: 'ACTIVE',
    environment: 'production',
    department: 'Sales',
    criticality: 'HIGH',
    hostname: 'web-01.acme.example',
    ipAddress: '10.0.0.1',
    operatingSystem: 'Debian 13',
    ownerEmail: null,
    tags: ['Tier 1'],
    attributes: { cores: 8, disk: { gb: 100 } },
    firstSeenAt: expect.stringMatching(/Z$/),
    lastSeenAt: expect.stringMatching(/Z$/),
    version: 1,
    discoveredBy: { id: flow.flowId },
  });
  const again = await ask(world, viewer(), 'query ($id: ID!) { asset(id: $id) { name } }', { id: asset.id });
  expect(again.data).toEqual({ asset: { name: 'Web-01' } });
});

test('what is not an asset of this workspace is null, and what is no id is refused', async () => {
  const query = 'query ($id: ID!) { asset(id: $id) { id } }';
  expect((await ask(world, viewer(), query, { id: encodeId('asset', newUuid()) })).data).toEqual({ asset: null });
  expect((await ask(world, viewer(), query, { id: encodeId('flow', newUuid()) })).data).toEqual({ asset: null });
  expect(codesOf(await ask(world, viewer(), query, { id: 'web-01' }))).toEqual(['INVALID_INPUT']);
});

test('another workspace sees nothing: no asset, list, count, facet, reference or dependency', async () => {
  await flow.find([{ name: 'web', tags: ['t'] }, { name: 'db' }]);
  await flow.connect([{ from: 'web', to: 'db' }]);
  const { id } = await assetNamed(world, viewer(), 'web');
  const globex = newUuid();
  const stranger = person(globex, 'OWNER');
  const { data } = await ask(
    world,
    stranger,
    `query ($id: ID!, $flow: ID!) {
      asset(id: $id) { id } assets { nodes { id } totalCount } assetFacets { kind { count } }
      _entities(representations: [{ __typename: "Asset", id: $id }, { __typename: "Flow", id: $flow }]) {
        ... on Asset { name } ... on Flow { assets { nodes { id } totalCount } }
      }
    }`,
    { id, flow: flow.flowId },
  );
  expect(data).toEqual({
    asset: null,
    assets: { nodes: [], totalCount: 0 },
    assetFacets: { kind: [] },
    _entities: [null, { assets: { nodes: [], totalCount: 0 } }],
  });
  await discovery(world, globex).find([{ name: 'web', department: 'Globex' }]);
  await discovery(world, globex).connect([{ from: 'web', to: 'db' }]);
  expect(await assetNamed(world, viewer(), 'web', 'version department dependencies { totalCount }')).toEqual({
    name: 'web',
    version: 1,
    department: null,
    dependencies: { totalCount: 1 },
  });
  const update = 'mutation ($id: ID!) { updateAsset(input: { id: $id, version: 1, name: "mine" }) { asset { id } } }';
  expect(codesOf(await ask(world, stranger, update, { id }))).toEqual(['RESOURCE_NOT_FOUND']);
});

describe('lists', () => {
  test('by kind and by criticality are by name within, over all pages', async () => {
    await flow.find([
      { name: 'web', kind: 'SERVER', criticality: 'LOW' },
      { name: 'app', kind: 'APPLICATION', criticality: 'UNKNOWN' },
      { name: 'db', kind: 'DATABASE', criticality: 'CRITICAL' },
      { name: 'API', kind: 'APPLICATION', criticality: 'HIGH' },
      { name: 'cache', kind: 'DATABASE', criticality: 'MEDIUM' },
      { name: 'auth', kind: 'APPLICATION', criticality: 'CRITICAL' },
    ]);
    for (const first of [1, 2, 50]) {
      expect(await namesOf(world, viewer(), { first, orderBy: 'KIND_ASC' })).toEqual([
        ...['API', 'app', 'auth', 'cache', 'db', 'web'],
      ]);
      expect(await namesOf(world, viewer(), { first, orderBy: 'CRITICALITY_DESC' })).toEqual([
        ...['auth', 'db', 'API', 'cache', 'web', 'app'],
      ]);
    }
  });

  test('each order is kept over all pages, under equal names too', async () => {
    const names = ['beta', 'Alpha', 'beta', 'gamma', 'beta', 'alpha', 'beta'];
    for (const [index, name] of names.entries()) await flow.find([{ name, key: `id:${index}` }]);
    for (const first of [1, 2, 3, 50]) {
      expect(await namesOf(world, viewer(), { first })).toEqual([
        'Alpha',
        'alpha',
        'beta',
        'beta',
        'beta',
        'beta',
        'gamma',
      ]);
      expect(await namesOf(world, viewer(), { first, orderBy: 'NAME_DESC' })).toEqual([
        ...['gamma', 'beta', 'beta', 'beta', 'beta', 'alpha', 'Alpha'],
      ]);
      expect(await namesOf(world, viewer(), { first, orderBy: 'CREATED_DESC' })).toEqual(names.toReversed());
    }
    await flow.find([{ name: 'gamma', key: 'id:3' }]);
    expect(await namesOf(world, viewer(), { first: 2, orderBy: 'LAST_SEEN_DESC' })).toEqual([
      'gamma',
      ...names.toSpliced(3, 1).toReversed(),
    ]);
  });

  test('a page that is read while assets are added goes on where it stood', async () => {
    await flow.find(['b', 'd', 'f'].map((name) => ({ name })));
    const query =
      'query ($after: Cursor) { assets(first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage hasPreviousPage } } }';
    const first = await ask(world, viewer(), query);
    expect(first.data.assets.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    await flow.find(['a', 'c', 'e'].map((name) => ({ name })));
    const second = await ask(world, viewer(), query, { after: first.data.assets.pageInfo.endCursor });
    expect(second.data.assets.nodes).toEqual([{ name: 'e' }, { name: 'f' }]);
    expect(second.data.assets.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('a cursor of another order, a damaged one and a page size over 100 are refused', async () => {
    await flow.find([{ name: 'a' }, { name: 'b' }]);
    const { data } = await ask(world, viewer(), '{ assets(first: 1) { pageInfo { endCursor } } }');
    const query = 'query ($after: Cursor) { assets(orderBy: CREATED_DESC, after: $after) { nodes { id } } }';
    const forged = Buffer.from(JSON.stringify(['assets.created', "' or 1=1"])).toString('base64url');
    for (const after of [data.assets.pageInfo.endCursor, 'nonsense', forged]) {
      expect(codesOf(await ask(world, viewer(), query, { after }))).toEqual(['INVALID_INPUT']);
    }
    expect(codesOf(await ask(world, viewer(), '{ assets(first: 101) { nodes { id } } }'))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await ask(world, viewer(), '{ assets(first: 0) { nodes { id } } }'))).toEqual(['INVALID_INPUT']);
  });

  test('every part of a filter narrows the list, and totalCount counts under it', async () => {
    const other = discovery(world, acme);
    await flow.find([
      { name: 'web', kind: 'SERVER', environment: 'prod', department: 'IT', criticality: 'HIGH', tags: ['Blue', 'x'] },
      { name: 'db', kind: 'DATABASE', environment: 'prod', status: 'INACTIVE', criticality: 'LOW', tags: ['blue'] },
    ]);
    await other.find([
      { name: 'cache', kind: 'SERVER', environment: 'test', department: 'IT', hostname: 'Node7.acme.example' },
    ]);
    const all = ['cache', 'db', 'web'];
    const expected: [Record<string, unknown>, string[]][] = [
      [{}, all],
      [{ kind: ['SERVER'] }, ['cache', 'web']],
      [{ kind: ['SERVER', 'DATABASE'] }, all],
      [{ kind: [] }, []],
      [{ discoveredByFlowId: [] }, []],
      [{ tags: [] }, all],
      [{ kind: null, search: '' }, all],
      [{ status: ['INACTIVE', 'RETIRED'] }, ['db']],
      [{ environment: ['prod'] }, ['db', 'web']],
      [{ department: ['IT'], environment: ['prod'] }, ['web']],
      [{ criticality: ['LOW', 'UNKNOWN'] }, ['cache', 'db']],
      [{ tags: ['BLUE'] }, ['db', 'web']],
      [{ tags: ['blue', 'X'] }, ['web']],
      [{ tags: ['blue', 'y'] }, []],
      [{ search: 'node7' }, ['cache']],
      [{ search: 'acme NODE' }, ['cache']],
      [{ search: 'we' }, ['web']],
      [{ search: 'eb' }, []],
      [{ search: '%' }, []],
      [{ discoveredByFlowId: [other.flowId] }, ['cache']],
      [{ discoveredByFlowId: [other.flowId, flow.flowId], search: 'd' }, ['db']],
      [{ discoveredByFlowId: [encodeId('asset', newUuid())] }, []],
    ];
    const count = 'query ($filter: AssetFilter) { assets(filter: $filter, first: 1) { totalCount } }';
    for (const [filter, names] of expected) {
      expect([filter, await namesOf(world, viewer(), { filter })]).toEqual([filter, names]);
      expect((await ask(world, viewer(), count, { filter })).data.assets.totalCount).toBe(names.length);
      expect(await namesOf(world, viewer(), { filter, orderBy: 'LAST_SEEN_DESC', first: 1 })).toHaveLength(
        names.length,
      );
    }
  });

  test('a search of eleven words is refused', async () => {
    const filter = { search: 'a b c d e f g h i j k' };
    expect(
      codesOf(
        await ask(world, viewer(), 'query ($filter: AssetFilter) { assets(filter: $filter) { nodes { id } } }', {
          filter,
        }),
      ),
    ).toEqual(['INVALID_INPUT']);
  });
});

test('a facet counts under all filters but its own, commonest first', async () => {
  await flow.find([
    { name: 'a', kind: 'SERVER', environment: 'prod', department: 'IT', criticality: 'HIGH' },
    { name: 'b', kind: 'SERVER', environment: 'prod', department: 'HR', criticality: 'HIGH' },
    { name: 'c', kind: 'DATABASE', environment: 'test', department: 'IT', criticality: 'LOW' },
    { name: 'd', kind: 'DATABASE', environment: null, department: 'IT', criticality: 'LOW', status: 'RETIRED' },
  ]);
  const query = `query ($filter: AssetFilter) { assetFacets(filter: $filter) {
    kind { value count } environment { value count } department { value count } criticality { value count } } }`;
  const filter = { kind: ['DATABASE'], status: ['ACTIVE', 'RETIRED'] };
  expect((await ask(world, viewer(), query, { filter })).data.assetFacets).toEqual({
    kind: [
      { value: 'DATABASE', count: 2 },
      { value: 'SERVER', count: 2 },
    ],
    environment: [
      { value: 'test', count: 1 },
      { value: null, count: 1 },
    ],
    department: [{ value: 'IT', count: 2 }],
    criticality: [{ value: 'LOW', count: 2 }],
  });
  const narrower = (
    await ask(world, viewer(), query, { filter: { kind: ['SERVER'], department: ['IT'], search: 'a' } })
  ).data.assetFacets;
  expect(narrower).toMatchObject({ kind: [{ value: 'SERVER', count: 1 }], department: [{ value: 'IT', count: 1 }] });
});

describe('a flow’s assets', () => {
  test('are those that it was the last to see, oldest first, page by page', async () => {
    const second = discovery(world, acme);
    await flow.find([{ name: 'c' }, { name: 'a' }, { name: 'b' }]);
    await second.find([{ name: 'b' }, { name: 'd' }]);
    const query = `query ($flows: [_Any!]!, $after: Cursor, $filter: AssetFilter) { _entities(representations: $flows) {
      ... on Flow { id assets(first: 1, after: $after, filter: $filter) { nodes { name } pageInfo { endCursor hasNextPage } totalCount } } } }`;
    const flows = [flow, second].map(({ flowId }) => ({ __typename: 'Flow', id: flowId }));
    const page = await ask(world, viewer(), query, { flows });
    expect(page.data._entities).toMatchObject([
      { id: flow.flowId, assets: { pageInfo: { hasNextPage: true }, totalCount: 2 } },
      { id: second.flowId, assets: { nodes: [{ name: 'b' }], pageInfo: { hasNextPage: true }, totalCount: 2 } },
    ]);
    const after = page.data._entities[1].assets.pageInfo.endCursor;
    const next = await ask(world, viewer(), query, { flows: flows.slice(1), after });
    expect(next.data._entities).toMatchObject([
      { assets: { nodes: [{ name: 'd' }], pageInfo: { hasNextPage: false } } },
    ]);
    const filtered = await ask(world, viewer(), query, { flows, filter: { search: 'd' } });
    expect(filtered.data._entities).toMatchObject([{ assets: { totalCount: 0 } }, { assets: { totalCount: 1 } }]);
  });

  test('are refused to a key that may only see flows, and the flow stays', async () => {
    const query =
      'query ($id: ID!) { _entities(representations: [{ __typename: "Flow", id: $id }]) { ... on Flow { id assets { totalCount } } } }';
    const result = await ask(world, keyWith(acme, ['flow.read']), query, { id: flow.flowId });
    expect(codesOf(result)).toEqual(['INSUFFICIENT_PERMISSIONS']);
    expect(result.data._entities).toEqual([{ id: flow.flowId, assets: null }]);
  });
});

test('a key without the scope sees no asset by any way, and one without flow.read no flow', async () => {
  await flow.find([{ name: 'web' }]);
  const { id } = await assetNamed(world, viewer(), 'web');
  const query = `query ($id: ID!) { asset(id: $id) { id } assets { totalCount } assetFacets { kind { count } }
    _entities(representations: [{ __typename: "Asset", id: $id }]) { ... on Asset { name } } }`;
  const refused = await ask(world, keyWith(acme, ['alert.read']), query, { id });
  expect(codesOf(refused)).toEqual(Array(4).fill('INSUFFICIENT_PERMISSIONS'));
  const joined = await ask(world, keyWith(acme, ['asset.read']), '{ assets { nodes { name discoveredBy { id } } } }');
  expect(codesOf(joined)).toEqual(['INSUFFICIENT_PERMISSIONS']);
  expect(joined.data.assets.nodes).toEqual([{ name: 'web', discoveredBy: null }]);
});

test('an owner’s address is masked for who may not read it', async () => {
  await flow.find([{ name: 'web', ownerEmail: 'jane@acme.example' }]);
  const emailFor = async (asker: ReturnType<typeof person>) =>
    (await assetNamed(world, asker, 'web', 'ownerEmail')).ownerEmail;
  expect(await emailFor(person(acme, 'ADMIN'))).toBe('jane@acme.example');
  expect(await emailFor(person(acme, 'OWNER'))).toBe('jane@acme.example');
  expect(await emailFor(person(acme, 'OPERATOR'))).toBe('j***@acme.example');
  expect(await emailFor(person(acme, 'VIEWER'))).toBe('j***@acme.example');
  expect(await emailFor(keyWith(acme, ['asset.read']))).toBe('j***@acme.example');
});

test('personal data in attributes is masked for who may not read it', async () => {
  const attributes = { contact: 'Jane Roe', note: 'ask jane@acme.example', cores: 8 };
  await flow.find([{ name: 'web', attributes }]);
  const seenAs = async (asker: ReturnType<typeof person>) =>
    (await assetNamed(world, asker, 'web', 'attributes')).attributes;
  const masked = { contact: 'J*** R***', note: 'ask j***@acme.example', cores: 8 };
  expect(await seenAs(person(acme, 'ADMIN'))).toEqual(attributes);
  expect(await seenAs(keyWith(acme, ['asset.read', 'asset.readPersonal']))).toEqual(masked);
  for (const role of ['OPERATOR', 'VIEWER'] as const) expect(await seenAs(person(acme, role))).toEqual(masked);
  expect(await seenAs(keyWith(acme, ['asset.read']))).toEqual(masked);
});

test('node(id) can ask which assets exist', async () => {
  await flow.find([{ name: 'web' }]);
  const { id } = await assetNamed(world, viewer(), 'web');
  const ids = [id, encodeId('asset', newUuid()), encodeId('flow', newUuid())];
  expect(await world.commands.call(existingCommand.asset, { ids }, systemRequest(acme))).toEqual([id]);
  expect(await world.commands.call(existingCommand.asset, { ids }, systemRequest(newUuid()))).toEqual([]);
});

describe('statements', () => {
  const names = Array.from({ length: 40 }, (_, index) => `asset-${index}`);

  beforeEach(async () => {
    await flow.find(names.map((name) => ({ name })));
    await flow.connect(names.flatMap((from) => ['asset-1', 'asset-2', 'asset-3'].map((to) => ({ from, to }))));
    world.statements.length = 0;
  });

  test('a page of assets with dependencies, impact and facets takes one for each relation', async () => {
    const { data, errors } = await ask(
      world,
      viewer(),
      `{ assets(first: 30) {
           nodes { name discoveredBy { id } dependencies(first: 2) { nodes { kind from { name } to { name } } } impact(depth: 2) { nodes { distance asset { name } } } }
         }
         assetFacets { kind { value count } environment { value count } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.assets.nodes[0]).toMatchObject({
      name: 'asset-0',
      dependencies: { nodes: [{ to: { name: 'asset-1' } }, { to: { name: 'asset-2' } }] },
    });
    // The other ends of dependencies and the assets of impacts are two relations, which share a trip when their turns meet.
    expect([...new Set(world.statements)].sort()).toEqual([
      ...['asset.byIds', 'asset.dependencies', 'asset.facets', 'asset.impact', 'asset.list'],
    ]);
    expect(world.statements.length).toBeLessThanOrEqual(6);
  });

  test('counts are taken only when selected, one statement for all assets of the page', async () => {
    const { data } = await ask(
      world,
      viewer(),
      '{ assets(first: 30) { totalCount nodes { name dependencies { totalCount } impact { totalCount } } } }',
    );
    expect(data.assets.totalCount).toBe(40);
    const countsOf = (name: string) =>
      (data.assets.nodes as { name: string; dependencies: object; impact: object }[]).find(
        (node) => node.name === name,
      );
    expect(countsOf('asset-0')).toEqual({
      name: 'asset-0',
      dependencies: { totalCount: 3 },
      impact: { totalCount: 0 },
    });
    expect(countsOf('asset-1')).toEqual({
      name: 'asset-1',
      dependencies: { totalCount: 41 },
      impact: { totalCount: 39 },
    });
    expect(world.statements.toSorted()).toEqual([
      ...[
        'asset.count',
        'asset.countDependencies',
        'asset.countImpact',
        'asset.dependencies',
        'asset.impact',
        'asset.list',
      ],
    ]);
  });

  test('references from other parts, and the assets of many flows, are one each', async () => {
    const other = discovery(world, acme);
    await other.find([{ name: 'asset-7' }]);
    const { data: page } = await ask(world, viewer(), '{ assets(first: 40) { nodes { id } } }');
    const references = [
      ...(page.assets.nodes as { id: string }[]).map(({ id }) => ({ __typename: 'Asset', id })),
      ...[flow, other].map(({ flowId }) => ({ __typename: 'Flow', id: flowId })),
    ];
    world.statements.length = 0;
    const { data } = await ask(
      world,
      viewer(),
      'query ($references: [_Any!]!) { _entities(representations: $references) { ... on Asset { name } ... on Flow { assets(first: 3) { nodes { name } totalCount } } } }',
      { references },
    );
    expect(data._entities).toHaveLength(42);
    expect(data._entities.at(-1)).toEqual({ assets: { nodes: [{ name: 'asset-7' }], totalCount: 1 } });
    expect(world.statements.toSorted()).toEqual(['asset.byIds', 'asset.countOfFlows', 'asset.ofFlows']);
  });
});
