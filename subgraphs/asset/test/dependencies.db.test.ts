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
const edges = 'kind confidence from { name } to { name }';

/** `web -> db` for each word of "web>db app>db". */
async function draw(picture: string): Promise<void> {
  const pairs = picture.split(' ').map((pair) => pair.split('>') as [string, string]);
  await flow.find([...new Set(pairs.flat())].map((name) => ({ name })));
  await flow.connect(pairs.map(([from, to]) => ({ from, to })));
}

async function impactOf(name: string, args: string): Promise<{ distance: number; asset: { name: string } }[]> {
  const asset = await assetNamed(world, viewer(), name, `impact${args} { nodes { distance asset { name } } }`);
  return asset.impact.nodes;
}

describe('dependencies', () => {
  beforeEach(() => draw('web>db web>cache app>web job>web db>disk'));

  test('of both directions come outgoing first, and each knows both ends', async () => {
    const web = await assetNamed(world, viewer(), 'web', `dependencies { nodes { ${edges} } totalCount }`);
    expect(web.dependencies).toEqual({
      totalCount: 4,
      nodes: [
        ['web', 'db'],
        ['web', 'cache'],
        ['app', 'web'],
        ['job', 'web'],
      ].map(([from, to]) => ({ kind: 'depends_on', confidence: 0.9, from: { name: from }, to: { name: to } })),
    });
  });

  test.each([
    ['OUTGOING', ['db', 'cache']],
    ['INCOMING', ['app', 'job']],
  ])('%s are asked for alone', async (direction, others) => {
    const fields = `dependencies(direction: ${direction}) { nodes { from { name } to { name } } totalCount }`;
    const { dependencies } = await assetNamed(world, viewer(), 'web', fields);
    const names = (dependencies.nodes as { from: { name: string }; to: { name: string } }[]).map(({ from, to }) =>
      from.name === 'web' ? to.name : from.name,
    );
    expect(names).toEqual(others);
    expect(dependencies.totalCount).toBe(2);
  });

  test('are paged for each asset alone, across the turn from outgoing to incoming', async () => {
    const query = `query ($id: ID!, $after: Cursor) { asset(id: $id) { dependencies(first: 1, after: $after) {
      nodes { from { name } to { name } } pageInfo { endCursor hasNextPage } } } }`;
    const { id } = await assetNamed(world, viewer(), 'web');
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { data } = await ask(world, viewer(), query, { id, after });
      const { nodes, pageInfo } = data.asset.dependencies;
      seen.push(`${nodes[0].from.name}>${nodes[0].to.name}`);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(['web>db', 'web>cache', 'app>web', 'job>web']);
  });

  test('limits hold for each asset of a page, not for the page', async () => {
    const { data } = await ask(
      world,
      viewer(),
      '{ assets { nodes { name dependencies(first: 1) { nodes { kind } pageInfo { hasNextPage } } } } }',
    );
    const more = (
      data.assets.nodes as { name: string; dependencies: { nodes: []; pageInfo: { hasNextPage: boolean } } }[]
    ).map(({ name, dependencies }) => [name, dependencies.nodes.length, dependencies.pageInfo.hasNextPage]);
    expect(more).toEqual([
      ['app', 1, false],
      ['cache', 1, false],
      ['db', 1, true],
      ['disk', 1, false],
      ['job', 1, false],
      ['web', 1, true],
    ]);
  });
});

describe('impact', () => {
  test('is what depends on an asset, directly or not, at its shortest distance', async () => {
    await draw('web>db app>web portal>app portal>db unrelated>portal2');
    expect(await impactOf('db', '')).toEqual([
      { distance: 1, asset: { name: 'web' } },
      { distance: 1, asset: { name: 'portal' } },
      { distance: 2, asset: { name: 'app' } },
    ]);
  });

  test('ends in circles and does not count the asset itself', async () => {
    await draw('a>b b>c c>a');
    expect(await impactOf('a', '(depth: 5)')).toEqual([
      { distance: 1, asset: { name: 'c' } },
      { distance: 2, asset: { name: 'b' } },
    ]);
  });

  test('reaches as far as asked, and no depth but 1 to 5 is taken', async () => {
    await draw('b>a c>b d>c e>d f>e g>f');
    expect(await impactOf('a', '(depth: 1)')).toHaveLength(1);
    expect(await impactOf('a', '')).toHaveLength(3);
    expect(await impactOf('a', '(depth: 5)')).toHaveLength(5);
    for (const depth of [0, 6]) {
      const result = await ask(
        world,
        viewer(),
        `{ assets(first: 1) { nodes { impact(depth: ${depth}) { nodes { distance } } } } }`,
      );
      expect(codesOf(result)).toEqual(['INVALID_INPUT']);
    }
  });

  test('is paged without a gap and counted as a whole', async () => {
    const many = Array.from({ length: 25 }, (_, index) => `n${index}`);
    await draw([...many.map((name) => `${name}>hub`), 'far>n3'].join(' '));
    const query = `query ($id: ID!, $after: Cursor) { asset(id: $id) { impact(first: 10, after: $after) {
      totalCount nodes { distance asset { name } } pageInfo { endCursor hasNextPage } } } }`;
    const { id } = await assetNamed(world, viewer(), 'hub');
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { data } = await ask(world, viewer(), query, { id, after });
      const { nodes, pageInfo, totalCount } = data.asset.impact;
      expect(totalCount).toBe(26);
      seen.push(...(nodes as { asset: { name: string } }[]).map((node) => node.asset.name));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual([...many, 'far']);
  });

  test('of a tightly knit estate is walked once a level and answers within the time of a request', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
    await draw(names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}>${to}`)).join(' '));
    const started = performance.now();
    expect(await impactOf('m0', '(depth: 5, first: 100)')).toHaveLength(59);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
