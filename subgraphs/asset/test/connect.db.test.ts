import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connectCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { ask, person, systemRequest } from '@tributary/kit/world';
import { assetNamed, dependency, discovery, namesOf, speaker, startAssetWorld } from './assetWorld.js';
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

/** "from -kind-> to" of an asset's dependencies. */
async function edgesOf(name: string): Promise<string[]> {
  const asset = await assetNamed(
    world,
    owner(),
    name,
    'dependencies(first: 100) { nodes { kind confidence from { name } to { name } } }',
  );
  const nodes = asset.dependencies.nodes as { kind: string; from: { name: string }; to: { name: string } }[];
  return nodes.map(({ kind, from, to }) => `${from.name} -${kind}-> ${to.name}`);
}

test('names are resolved by name, hostname or external id, whatever their letter case', async () => {
  await flow.find([
    { name: 'Web' },
    { name: 'db', hostname: 'DB01.acme.example' },
    { name: 'cache', externalId: 'CMDB-7' },
  ]);
  expect(
    await flow.connect([
      { from: 'WEB', to: 'db01.ACME.example' },
      { from: ' web ', to: 'cmdb-7', kind: 'runs_on' },
    ]),
  ).toEqual({ found: 2, created: 2, unresolved: 0 });
  expect(await edgesOf('Web')).toEqual(['Web -depends_on-> db', 'Web -runs_on-> cache']);
});

test('a name that is one asset’s name and another’s hostname means the first', async () => {
  await flow.find([{ name: 'a', hostname: 'node' }, { name: 'node' }, { name: 'x' }]);
  await flow.connect([{ from: 'x', to: 'node' }]);
  expect(await edgesOf('x')).toEqual(['x -depends_on-> node']);
});

test('what nobody knows becomes an asset of the kind that is given, or the dependency is left out', async () => {
  await flow.find([{ name: 'vm' }]);
  expect(
    await flow.connect([
      { from: 'vm', to: 'Cluster A', kind: 'member_of', createAs: 'SERVICE' },
      { from: 'vm', to: 'cluster a', kind: 'runs_on', createAs: 'SERVICE' },
      { from: 'vm', to: 'ghost' },
      { from: '   ', to: 'vm', createAs: 'SERVER' },
    ]),
  ).toEqual({ found: 2, created: 2, unresolved: 2 });
  expect(await assetNamed(world, owner(), 'Cluster A', 'kind status version discoveredBy { id }')).toEqual({
    name: 'Cluster A',
    kind: 'SERVICE',
    status: 'UNKNOWN',
    version: 1,
    discoveredBy: { id: flow.flowId },
  });
  expect(await namesOf(world, owner(), { filter: { search: 'clus' } })).toEqual(['Cluster A']);
});

test('an asset that a dependency named first is the one that its source brings later, with its dependencies', async () => {
  await flow.connect([{ from: 'vm', to: 'host-1', kind: 'runs_on', createAs: 'SERVER' }]);
  const later = discovery(world, acme);
  const host = { name: 'HOST-1', key: 'serial:77', kind: 'SERVER', department: 'IT', sourceShape: 'devices' } as const;
  expect(await later.find([host])).toEqual({ created: 0, updated: 1, unchanged: 0 });
  expect(await discovery(world, acme).find([host])).toEqual({ created: 0, updated: 0, unchanged: 1 });
  expect(await namesOf(world, owner())).toEqual(['HOST-1', 'vm']);
  expect(await edgesOf('HOST-1')).toEqual(['vm -runs_on-> HOST-1']);
});

test('repeated lines fall together, and nothing depends on itself', async () => {
  await flow.find([{ name: 'a', hostname: 'a.acme.example' }, { name: 'b' }]);
  expect(
    await flow.connect([
      { from: 'a', to: 'b', confidence: 0.5 },
      { from: 'A.acme.example', to: 'B', confidence: 0.8 },
      { from: 'a', to: 'a.acme.example' },
    ]),
  ).toEqual({ found: 1, created: 1, unresolved: 0 });
  expect(await edgesOf('a')).toEqual(['a -depends_on-> b']);
});

test('a rerun finds the same dependencies and makes none', async () => {
  await flow.find([{ name: 'a' }, { name: 'b' }]);
  await flow.connect([{ from: 'a', to: 'b', confidence: 0.5 }]);
  const again = await discovery(world, acme).connect([
    { from: 'a', to: 'b', confidence: 1 },
    { from: 'b', to: 'a' },
  ]);
  expect(again).toEqual({ found: 2, created: 1, unresolved: 0 });
  const { dependencies } = await assetNamed(
    world,
    owner(),
    'a',
    'dependencies(direction: OUTGOING) { nodes { confidence } }',
  );
  expect(dependencies.nodes).toEqual([{ confidence: 1 }]);
});

test('a chunk that comes again, or several times at once, is done once', async () => {
  await flow.find([{ name: 'a' }]);
  const input = {
    flowId: flow.uuid,
    source: speaker(),
    chunk: 9,
    dependencies: [dependency({ from: 'a', to: 'new', createAs: 'OTHER' })],
  };
  const send = () => world.commands.call(connectCommand, input, systemRequest(acme));
  expect(await Promise.all([send(), send(), send()])).toEqual(Array(3).fill({ found: 1, created: 1, unresolved: 0 }));
  expect(await send()).toEqual({ found: 1, created: 1, unresolved: 0 });
});

test('flows that name the same unknown asset at the same time make it once', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      discovery(world, acme).connect([{ from: `vm-${index}`, to: 'shared', createAs: 'SERVER' }]),
    ),
  );
  expect(outcomes).toEqual(Array(5).fill({ found: 1, created: 1, unresolved: 0 }));
  expect(await edgesOf('shared')).toHaveLength(5);
});

test('a kind that is none of the graph’s is refused', async () => {
  await expect(flow.connect([{ from: 'a', to: 'b', createAs: 'TOASTER' as never }])).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

test('a chunk takes as many statements with 1,000 dependencies as with one', async () => {
  const statementsOf = async (count: number) => {
    const lines = Array.from({ length: count }, (_, index) => ({
      from: `${count}-vm-${index}`,
      to: `${count}-host`,
      createAs: 'SERVER' as const,
    }));
    world.statements.length = 0;
    await flow.connect(lines);
    return [...world.statements];
  };
  const one = await statementsOf(1);
  expect(one).toEqual([
    'asset.claimChunk',
    'data.discardPlans',
    'data.planForAnyValues',
    'asset.noteFlow',
    'asset.byNames',
    'asset.byOtherForm',
    'asset.ensurePlaceholders',
    'asset.insertTerms',
    'asset.upsertDependencies',
    'asset.missingPlaceholders',
    'asset.recordChunk',
  ]);
  expect(await statementsOf(1_000)).toEqual(one);
});

test('an edge of a row starts at the asset of that row, also where another one has the same name', async () => {
  await flow.find([
    { name: 'web', key: 'ext:vm id:1001' },
    { name: 'web', key: 'ext:vm id:1002' },
  ]);
  await flow.connect([
    { from: 'web', fromKeys: ['ext:vm id:1001'], to: 'esx1', kind: 'runs_on', createAs: 'SERVER' },
    { from: 'web', fromKeys: ['ext:vm id:1002'], to: 'esx2', kind: 'runs_on', createAs: 'SERVER' },
  ]);
  const { data } = await ask(
    world,
    owner(),
    '{ assets(first: 10) { nodes { name dependencies { nodes { to { name } } } } } }',
  );
  const hosts = (data.assets.nodes as { name: string; dependencies: { nodes: { to: { name: string } }[] } }[])
    .filter(({ name }) => name === 'web')
    .map(({ dependencies }) => dependencies.nodes.map(({ to }) => to.name));
  expect(hosts.sort()).toEqual([['esx1'], ['esx2']]);
});

test('a name with its domain means the one asset without, and the other way round, unless two fit', async () => {
  await flow.find([
    { name: 'esx1' },
    { name: 'esx2.corp.example' },
    { name: 'db.corp.example' },
    { name: 'db.test.example' },
    { name: 'vm' },
  ]);
  const outcome = await flow.connect([
    { from: 'vm', to: 'esx1.corp.example', kind: 'runs_on' },
    { from: 'vm', to: 'esx2', kind: 'runs_on' },
    { from: 'vm', to: 'db', kind: 'uses' },
  ]);
  expect(outcome).toMatchObject({ found: 2, unresolved: 1 });
  expect(await edgesOf('vm')).toEqual(['vm -runs_on-> esx1', 'vm -runs_on-> esx2.corp.example']);
});

const said =
  'dependencies(direction: OUTGOING) { nodes { kind relation since to { name } saidBy { source flow { id } firstSeenAt lastSeenAt } } }';
const vmOn = (to: string) => ({
  from: 'vm',
  fromKeys: ['name:vm'],
  to,
  kind: 'runs_on' as const,
  createAs: 'SERVER' as const,
});

test('a row takes the place of what its source said of it before; what other sources say stays', async () => {
  await flow.find([{ name: 'vm' }]);
  await flow.connect([vmOn('esx1')]);
  expect(await flow.settle()).toMatchObject({ ended: 0 });
  const cmdb = discovery(world, acme, { source: speaker('cmdb.csv') });
  await cmdb.find([{ name: 'vm' }]);
  await cmdb.connect([
    vmOn('esx1'),
    { from: 'vm', fromKeys: ['name:vm'], to: 'backup', kind: 'uses', createAs: 'SERVICE' },
  ]);
  expect(await cmdb.settle()).toMatchObject({ ended: 0 });

  const next = discovery(world, acme);
  await next.find([{ name: 'vm' }]);
  await next.connect([vmOn('esx2')]);
  expect(await next.settle()).toMatchObject({ ended: 0 });
  expect(await edgesOf('vm')).toEqual(['vm -runs_on-> esx1', 'vm -uses-> backup', 'vm -runs_on-> esx2']);

  const moved = discovery(world, acme, { source: speaker('cmdb.csv') });
  await moved.find([{ name: 'vm' }]);
  await moved.connect([vmOn('esx2')]);
  expect(await moved.settle()).toMatchObject({ ended: 2 });
  const { dependencies } = await assetNamed(world, owner(), 'vm', said);
  const time = expect.any(String);
  expect(dependencies.nodes).toEqual([
    {
      kind: 'runs_on',
      relation: null,
      since: time,
      to: { name: 'esx2' },
      saidBy: [
        { source: 'cmdb.csv', flow: { id: moved.flowId }, firstSeenAt: time, lastSeenAt: time },
        { source: 'servers.csv', flow: { id: next.flowId }, firstSeenAt: time, lastSeenAt: time },
      ],
    },
  ]);
});

test('a connection that its row names no longer ends, and one of a row that is not shown stays', async () => {
  await flow.find([{ name: 'vm' }, { name: 'other' }]);
  await flow.connect([vmOn('esx1'), { ...vmOn('esx1'), from: 'other', fromKeys: ['name:other'] }]);
  const next = discovery(world, acme);
  await next.find([{ name: 'vm' }]);
  expect(await next.settle()).toMatchObject({ ended: 1 });
  expect([await edgesOf('vm'), await edgesOf('other')]).toEqual([[], ['other -runs_on-> esx1']]);
});

test('flows of one source that run at the same time take nothing from each other', async () => {
  const [one, other] = [discovery(world, acme), discovery(world, acme)];
  await one.find([{ name: 'vm' }]);
  await other.find([{ name: 'vm' }]);
  await one.connect([vmOn('esx1')]);
  await one.find([{ name: 'vm' }]);
  await other.connect([vmOn('esx1')]);
  expect([await one.settle(), await other.settle()]).toMatchObject([{ ended: 0 }, { ended: 0 }]);
  expect(await edgesOf('vm')).toEqual(['vm -runs_on-> esx1']);
});

test('a word for a relation that is none of the register’s is kept beside it', async () => {
  await flow.find([{ name: 'pdu' }, { name: 'rack' }]);
  await flow.connect([{ from: 'pdu', to: 'rack', kind: 'related_to', relation: 'warms' }]);
  const { dependencies } = await assetNamed(world, owner(), 'pdu', said);
  expect(dependencies.nodes).toMatchObject([{ kind: 'related_to', relation: 'warms' }]);
});

test('an asset names the sources that saw it, each with its first and its last sight of it', async () => {
  const sources = async () =>
    await assetNamed(
      world,
      owner(),
      'vm',
      'firstSeenAt lastSeenAt sources { source flow { id } firstSeenAt lastSeenAt }',
    );
  await flow.find([{ name: 'vm' }]);
  const first = await sources();
  expect(first.sources).toEqual([
    { source: 'servers.csv', flow: { id: flow.flowId }, firstSeenAt: first.firstSeenAt, lastSeenAt: first.lastSeenAt },
  ]);
  const cmdb = discovery(world, acme, { source: speaker('cmdb.csv') });
  await cmdb.find([{ name: 'vm' }]);
  const again = discovery(world, acme);
  await again.find([{ name: 'vm' }]);
  const last = await sources();
  expect(last.sources).toMatchObject([
    { source: 'servers.csv', flow: { id: again.flowId }, firstSeenAt: first.firstSeenAt, lastSeenAt: last.lastSeenAt },
    { source: 'cmdb.csv', flow: { id: cmdb.flowId } },
  ]);
  expect(last.sources).toHaveLength(2);
});

test('a name that several assets have means the one in the row’s scope, then the one that the import shows, and none where nothing tells them apart', async () => {
  await flow.find([
    { name: 'esx1', key: 'name:esx1@ams', scope: 'AMS' },
    { name: 'esx1', key: 'name:esx1@fra', scope: 'FRA' },
    { name: 'lb', key: 'ext:id:1' },
    { name: 'lb', key: 'ext:id:2' },
  ]);
  const next = discovery(world, acme, { source: speaker('vms.csv') });
  await next.find([{ name: 'vm-a', scope: 'FRA' }, { name: 'vm-b' }, { name: 'lb', key: 'ext:id:2' }]);
  const row = (name: string, to: string) => ({
    from: name,
    fromKeys: [`name:${name}`],
    to,
    kind: 'runs_on' as const,
    createAs: 'SERVER' as const,
  });
  const outcome = await next.connect([row('vm-a', 'esx1'), row('vm-b', 'esx1'), row('vm-b', 'lb')]);
  expect(outcome).toEqual({ found: 2, created: 2, unresolved: 1 });
  const fields = 'dependencies(direction: OUTGOING) { nodes { to { name scope externalId discoveredBy { id } } } }';
  const [a, b] = await Promise.all(['vm-a', 'vm-b'].map((name) => assetNamed(world, owner(), name, fields)));
  expect(a.dependencies.nodes).toMatchObject([{ to: { name: 'esx1', scope: 'FRA' } }]);
  expect(b.dependencies.nodes).toMatchObject([{ to: { name: 'lb', discoveredBy: { id: next.flowId } } }]);
});

test('an end is found by an id of the world, whatever its form, and by an address that one asset has', async () => {
  await flow.find([
    { name: 'host', key: 'id:4c4c4544-0052-4a10-8059-b7c04f4a5a32', ipAddress: '10.0.0.1' },
    { name: 'left', ipAddress: '10.0.0.2' },
    { name: 'right', ipAddress: '10.0.0.2' },
    { name: 'vm' },
  ]);
  const to = (end: string) => ({ from: 'vm', fromKeys: ['name:vm'], to: end, kind: 'uses' as const });
  expect(await flow.connect([to('{4C4C4544-0052-4A10-8059-B7C04F4A5A32}')])).toMatchObject({ found: 1, unresolved: 0 });
  expect(await flow.connect([to('10.0.0.1'), to('10.0.0.2')])).toMatchObject({ found: 1, unresolved: 1 });
  expect(await edgesOf('vm')).toEqual(['vm -uses-> host']);
});

test('an edge of an application starts at it and not at the server that it shares its name with', async () => {
  await flow.find([{ name: 'shop' }]);
  const portfolio = discovery(world, acme, { source: speaker('portfolio.csv') });
  const shop = { name: 'shop', kind: 'APPLICATION' as const, sourceShape: 'portfolio' };
  expect(await portfolio.find([shop])).toEqual({ created: 1, updated: 0, unchanged: 0, keptApart: 1 });
  await portfolio.connect([
    { from: 'shop', fromKeys: ['name:shop'], to: 'db', kind: 'depends_on', createAs: 'DATABASE' },
  ]);
  const { data } = await ask(world, owner(), '{ assets { nodes { kind dependencies { totalCount } } } }');
  const counts = (data.assets.nodes as { kind: string; dependencies: { totalCount: number } }[]).map(
    ({ kind, dependencies }) => `${kind} ${dependencies.totalCount}`,
  );
  expect(counts.sort()).toEqual(['APPLICATION 1', 'DATABASE 1', 'SERVER 0']);
});
