import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { ask, codesOf, person } from '@tributary/kit/world';
import { assetNamed, discovery, startAssetWorld } from './assetWorld.js';
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

/** `web -> db` for each word of "web>db app>db". */
async function draw(picture: string): Promise<void> {
  const pairs = picture.split(' ').map((pair) => pair.split('>') as [string, string]);
  await flow.find([...new Set(pairs.flat())].map((name) => ({ name })));
  await flow.connect(pairs.map(([from, to]) => ({ from, to })));
}

interface Drawn {
  readonly nodes: readonly {
    readonly distance: number;
    readonly asset: { readonly id: string; readonly name: string };
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly truncated: boolean;
}

/** As words: "web:0 db:1", "web>db". */
async function around(name: string, args = ''): Promise<{ nodes: string[]; edges: string[]; truncated: boolean }> {
  const fields = `neighbourhood${args} { nodes { distance asset { id name } } edges { from to kind confidence } truncated }`;
  const { nodes, edges, truncated } = (await assetNamed(world, viewer(), name, fields)).neighbourhood as Drawn;
  const names = new Map(nodes.map(({ asset }) => [asset.id, asset.name]));
  return {
    nodes: nodes.map(({ distance, asset }) => `${asset.name}:${distance}`),
    edges: edges.map(({ from, to }) => `${names.get(from)}>${names.get(to)}`).sort(),
    truncated,
  };
}

describe('a neighbourhood', () => {
  test('is the asset, what stands around it, and every dependency in between', async () => {
    await draw('web>db app>web app>db db>disk portal>app');
    expect(await around('web')).toEqual({
      nodes: ['web:0', 'db:1', 'app:1'],
      edges: ['app>db', 'app>web', 'web>db'],
      truncated: false,
    });
    const deep = await around('web', '(depth: 2)');
    expect(deep.nodes).toEqual(['web:0', 'db:1', 'app:1', 'disk:2', 'portal:2']);
    expect(deep.edges).toEqual(['app>db', 'app>web', 'db>disk', 'portal>app', 'web>db']);
  });

  test('goes along one direction when asked', async () => {
    await draw('web>db app>web db>disk portal>app');
    expect((await around('web', '(depth: 5, direction: OUTGOING)')).nodes).toEqual(['web:0', 'db:1', 'disk:2']);
    expect((await around('web', '(depth: 5, direction: INCOMING)')).nodes).toEqual(['web:0', 'app:1', 'portal:2']);
  });

  test('ends in circles, and is the asset alone where it needs nothing', async () => {
    await draw('a>b b>c c>a');
    await flow.find([{ name: 'alone' }]);
    expect(await around('a', '(depth: 5)')).toEqual({
      nodes: ['a:0', 'b:1', 'c:1'],
      edges: ['a>b', 'b>c', 'c>a'],
      truncated: false,
    });
    expect(await around('alone')).toEqual({ nodes: ['alone:0'], edges: [], truncated: false });
  });

  test('keeps the nearest and says that there is more', async () => {
    await draw(`${Array.from({ length: 20 }, (_, index) => `n${index}>hub`).join(' ')} far>n3`);
    const some = await around('hub', '(depth: 2, first: 5)');
    expect(some.nodes).toEqual(['hub:0', 'n0:1', 'n1:1', 'n2:1', 'n3:1']);
    expect(some.truncated).toBe(true);
    expect((await around('hub', '(depth: 2, first: 22)')).truncated).toBe(false);
  });

  test('refuses other depths and lengths', async () => {
    await draw('a>b');
    for (const args of ['depth: 0', 'depth: 6', 'first: 0', 'first: 501'])
      expect(
        codesOf(await ask(world, viewer(), `{ assets { nodes { neighbourhood(${args}) { truncated } } } }`)),
      ).toContain('INVALID_INPUT');
  });

  test('of several assets is one walk for all of them', async () => {
    await draw('a>b b>c c>d');
    world.statements.length = 0;
    await ask(world, viewer(), '{ assets { nodes { neighbourhood(depth: 2) { nodes { asset { name } } } } } }');
    expect(world.statements).toEqual(['asset.list', 'asset.neighbours', 'asset.edgesAmong', 'asset.byIds']);
  });
});

const map = `query ($groupBy: [AssetDimension!]!, $filter: AssetFilter) {
  assetMap(groupBy: $groupBy, filter: $filter) { groups { key count } links { from to count } }
}`;

describe('a map of the estate', () => {
  beforeEach(async () => {
    await flow.find([
      { name: 'web-1', kind: 'SERVER', environment: 'prod' },
      { name: 'web-2', kind: 'SERVER', environment: 'prod' },
      { name: 'web-3', kind: 'SERVER', environment: 'test' },
      { name: 'db-1', kind: 'DATABASE', environment: 'prod' },
      { name: 'db-2', kind: 'DATABASE' },
    ]);
    await flow.connect(
      [
        ['web-1', 'db-1'],
        ['web-2', 'db-1'],
        ['web-3', 'db-2'],
        ['web-1', 'web-2'],
      ].map(([from, to]) => ({ from: from!, to: to! })),
    );
  });

  test('counts groups and what leads from one to another', async () => {
    const { data } = await ask(world, viewer(), map, { groupBy: ['KIND'] });
    expect(data.assetMap).toEqual({
      groups: [
        { key: ['SERVER'], count: 3 },
        { key: ['DATABASE'], count: 2 },
      ],
      links: [
        { from: ['SERVER'], to: ['DATABASE'], count: 3 },
        { from: ['SERVER'], to: ['SERVER'], count: 1 },
      ],
    });
  });

  test('groups by several dimensions, and by what nobody said', async () => {
    const { data } = await ask(world, viewer(), map, { groupBy: ['KIND', 'ENVIRONMENT'] });
    expect(data.assetMap).toEqual({
      groups: [
        { key: ['SERVER', 'prod'], count: 2 },
        { key: ['DATABASE', 'prod'], count: 1 },
        { key: ['DATABASE', null], count: 1 },
        { key: ['SERVER', 'test'], count: 1 },
      ],
      links: [
        { from: ['SERVER', 'prod'], to: ['DATABASE', 'prod'], count: 2 },
        { from: ['SERVER', 'prod'], to: ['SERVER', 'prod'], count: 1 },
        { from: ['SERVER', 'test'], to: ['DATABASE', null], count: 1 },
      ],
    });
  });

  test('shows only what the filter lets through', async () => {
    for (const filter of [{ environment: ['prod'] }, { environment: ['prod'], search: 'web' }]) {
      const { data } = await ask(world, viewer(), map, { groupBy: ['KIND'], filter });
      expect(data.assetMap.groups[0]).toEqual({ key: ['SERVER'], count: 2 });
      expect(data.assetMap.links).toHaveLength('search' in filter ? 1 : 2);
    }
    const { data } = await ask(world, person(newUuid(), 'OWNER'), map, { groupBy: ['KIND'] });
    expect(data.assetMap).toEqual({ groups: [], links: [] });
  });

  test.each([[[]], [['KIND', 'KIND']], [['KIND', 'STATUS', 'DEPARTMENT', 'CRITICALITY']]])(
    'refuses to group by %j',
    async (groupBy) => {
      expect(codesOf(await ask(world, viewer(), map, { groupBy }))).toContain('INVALID_INPUT');
    },
  );
});

test('facets count states and tags, tags under the chosen ones', async () => {
  await flow.find([
    { name: 'a', status: 'ACTIVE', tags: ['Tier 1', 'web'] },
    { name: 'b', status: 'RETIRED', tags: ['tier 1'] },
    { name: 'c', status: 'ACTIVE', tags: ['web'] },
    { name: 'd', status: 'ACTIVE' },
  ]);
  const facets = async (filter: Record<string, unknown>) => {
    const { data } = await ask(
      world,
      viewer(),
      'query ($filter: AssetFilter) { assetFacets(filter: $filter) { status { value count } tags { value count } } }',
      { filter },
    );
    return data.assetFacets;
  };
  expect(await facets({ status: ['ACTIVE'] })).toEqual({
    status: [
      { value: 'ACTIVE', count: 3 },
      { value: 'RETIRED', count: 1 },
    ],
    tags: [
      { value: 'web', count: 2 },
      { value: 'Tier 1', count: 1 },
    ],
  });
  const tagged = await facets({ tags: ['WEB'] });
  expect(tagged.tags).toEqual([
    { value: 'web', count: 2 },
    { value: 'Tier 1', count: 1 },
  ]);
});
