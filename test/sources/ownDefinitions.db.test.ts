import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

let world: ImportWorld;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const content = `
name: Rack list of the workshop
form: table
recognise: { all: [Kennung, Stellplatz] }
fields:
  name: Kennung
  kind: { from: Bauart, map: { RX: SERVER, SW: NETWORK_DEVICE }, otherwise: OTHER }
  status: { from: Zustand, map: { A: ACTIVE, B: INACTIVE } }
edges:
  - { to: Stellplatz, kind: part_of, toKind: OTHER }
`;
const source = 'Kennung,Bauart,Zustand,Stellplatz\nk-1,RX,A,rack-9\nk-2,SW,B,rack-9\n';
const create = `mutation ($input: CreateSourceDefinitionInput!) { createSourceDefinition(input: $input) { definition { id name version } } }`;
const update = `mutation ($input: UpdateSourceDefinitionInput!) { updateSourceDefinition(input: $input) { definition { id version } } }`;
const remove = `mutation ($input: DeleteSourceDefinitionInput!) { deleteSourceDefinition(input: $input) { deletedSourceDefinitionId } }`;
const list = '{ sourceDefinitions(first: 10) { totalCount nodes { id name content version } } }';
const attempt = `query ($input: SourceDefinitionInput!, $sample: String!) { trySourceDefinition(input: $input, sample: $sample) {
  recognised confidence rows rejected columns { sourceField targetField samples } assets { name kind status edges { kind to } } } }`;

test('a definition of its own is used by the imports of its workspace, and of no other', async () => {
  const [principal, other] = [world.newPrincipal(), world.newPrincipal()];
  const { createSourceDefinition } = await world.ask('flow', principal, create, { input: { definition: { content } } });
  expect(createSourceDefinition.definition).toMatchObject({ name: 'Rack list of the workshop', version: 1 });
  const file = { file: 'liste.csv', bytes: Buffer.from(source), format: 'AUTO' };
  const { assets, flowId } = await world.import(principal, file);
  const shown = assets.map(({ name, kind, status }) => [name, kind, status]).sort();
  expect(shown).toEqual([
    ['k-1', 'SERVER', 'ACTIVE'],
    ['k-2', 'NETWORK_DEVICE', 'INACTIVE'],
    ['rack-9', 'OTHER', 'UNKNOWN'],
  ]);
  const { flow } = await world.ask(
    'flow',
    principal,
    'query ($id: ID!) { flow(id: $id) { discovery { recognised { source name } } } }',
    { id: flowId },
  );
  expect(flow.discovery.recognised).toEqual({
    source: createSourceDefinition.definition.id,
    name: 'Rack list of the workshop',
  });

  expect((await world.ask('flow', other, list)).sourceDefinitions).toEqual({ totalCount: 0, nodes: [] });
  const theirs = await world.import(other, file);
  expect(theirs.assets.find(({ name }) => name === 'k-2')?.['kind']).not.toBe('NETWORK_DEVICE');
});

test('it is changed by whoever knows its version, and gone when it is deleted', async () => {
  const principal = world.newPrincipal();
  const made = await world.ask('flow', principal, create, { input: { definition: { content } } });
  const { id } = made.createSourceDefinition.definition;
  const change = { id, version: 1, definition: { content: content.replace('workshop', 'cellar') } };
  const changed = await world.ask('flow', principal, update, { input: change });
  expect(changed.updateSourceDefinition.definition.version).toBe(2);
  await expect(world.ask('flow', principal, update, { input: change })).rejects.toThrow('VERSION_MISMATCH');
  await expect(world.ask('flow', world.newPrincipal(), remove, { input: { id } })).rejects.toThrow(
    'RESOURCE_NOT_FOUND',
  );
  const { sourceDefinitions } = await world.ask('flow', principal, list);
  expect(sourceDefinitions).toMatchObject({
    totalCount: 1,
    nodes: [{ id, name: 'Rack list of the cellar', version: 2 }],
  });
  await world.ask('flow', principal, remove, { input: { id } });
  expect((await world.ask('flow', principal, list)).sourceDefinitions.totalCount).toBe(0);
});

test('it is tried on a sample without storing anything, and said to be wrong where it is', async () => {
  const principal = world.newPrincipal();
  const { trySourceDefinition } = await world.ask('flow', principal, attempt, { input: { content }, sample: source });
  expect(trySourceDefinition).toEqual({
    recognised: true,
    confidence: 1,
    rows: 2,
    rejected: 0,
    columns: expect.arrayContaining([{ sourceField: 'Kennung', targetField: 'name', samples: [] }]),
    assets: [
      { name: 'k-1', kind: 'SERVER', status: 'ACTIVE', edges: [{ kind: 'part_of', to: 'rack-9' }] },
      { name: 'k-2', kind: 'NETWORK_DEVICE', status: 'INACTIVE', edges: [{ kind: 'part_of', to: 'rack-9' }] },
    ],
  });
  const wrong = async (text: string, sample = source) =>
    world.ask('flow', principal, attempt, { input: { content: text }, sample }).then(
      () => null,
      (error: Error) => error.message,
    );
  expect(await wrong('name: [')).toContain('INVALID_INPUT');
  expect(await wrong('name: x\nform: table\nrecognise: { all: [a] }\nfields: { nonsense: a }\n')).toContain('nonsense');
  const upAndDown = 'name: x\nform: tree\nrecognise: { all: [a] }\nfields: { name: "^.items[].a" }\n';
  expect(await wrong(upAndDown, '[{"a":1}]')).toContain('behind ^');
  expect(await wrong(content, '')).toContain('INVALID_INPUT');
  expect(await wrong(content, 'x'.repeat(262_145))).toContain('256 KB');
  expect((await world.ask('flow', principal, list)).sourceDefinitions.totalCount).toBe(0);
});

test('a workspace has a hundred of them at most, of 64 KB each', async () => {
  const principal = world.newPrincipal();
  const add = (text: string) => world.ask('flow', principal, create, { input: { definition: { content: text } } });
  await expect(add(`${content}# ${'x'.repeat(65_536)}`)).rejects.toThrow('64 KB');
  for (let n = 0; n < 100; n += 1) await add(content);
  await expect(add(content)).rejects.toThrow('QUOTA_EXCEEDED');
}, 60_000);
