import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema, getNamedType, graphql, isLeafType, isObjectType } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { newUuid } from '@tributary/kernel';
import { ask, person } from '@tributary/kit/world';
import { assetOrders } from '../src/domain/assetValues.js';
import { columnsOfConnection } from '../src/graphql/askedColumns.js';
import { discovery, startAssetWorld } from './assetWorld.js';
import type { AssetWorld } from './assetWorld.js';

let world: AssetWorld;
let owner: ReturnType<typeof person>;
let flowId: string;
let ids: Record<string, string>;
/** Every field of an asset that takes no sub-selection but an id, as it is written. */
let fields: readonly string[];

beforeAll(async () => {
  world = await startAssetWorld();
  const workspaceId = newUuid();
  owner = person(workspaceId, 'OWNER');
  const flow = discovery(world, workspaceId);
  flowId = flow.flowId;
  const facts = { externalId: 'e-1', scope: 'site', environment: 'prod', department: 'IT', hostname: 'host.example' };
  const more = {
    ipAddress: '10.0.0.1',
    operatingSystem: 'Debian 12',
    ownerEmail: 'ann@corp.example',
    tags: ['a', 'b'],
  };
  await flow.find([
    { name: 'web', ...facts, ...more, attributes: { rack: 'r1', nested: { deep: true } } },
    { name: 'database', attributes: { rack: 'r2' } },
  ]);
  await flow.connect([{ from: 'web', to: 'database' }]);
  const { data } = await ask(world, owner, '{ assets { nodes { id name } } }');
  ids = Object.fromEntries((data.assets.nodes as { id: string; name: string }[]).map(({ id, name }) => [name, id]));
  const type = world.subgraph.schema.getType('Asset');
  if (!isObjectType(type)) throw new Error('There is no type Asset.');
  fields = Object.values(type.getFields()).flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return field.name === 'discoveredBy' ? ['discoveredBy { id }'] : [];
  });
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

type Found = Record<string, unknown>;

/** Each way to an asset, with less asked of it on the way than at its end. */
const ways: Record<string, (selection: string) => [query: string, take: (data: any) => Found]> = {
  asset: (selection) => [`asset(id: "${ids['web']!}") { ${selection} }`, (data) => data.asset],
  'an entity': (selection) => [
    `_entities(representations: [{ __typename: "Asset", id: "${ids['web']!}" }]) { ... on Asset { ${selection} } }`,
    (data) => data._entities[0],
  ],
  'a flow’s assets': (selection) => [
    `_entities(representations: [{ __typename: "Flow", id: "${flowId}" }]) { ... on Flow { assets { nodes { id } edges { node { ${selection} } } } } }`,
    (data) => data._entities[0].assets.edges[0].node,
  ],
  'a dependency’s own end': (selection) => [
    `asset(id: "${ids['web']!}") { id dependencies { nodes { to { id } from { ${selection} } } } }`,
    (data) => data.asset.dependencies.nodes[0].from,
  ],
  'a dependency’s other end': (selection) => [
    `asset(id: "${ids['database']!}") { id dependencies { nodes { to { id } from { ${selection} } } } }`,
    (data) => data.asset.dependencies.nodes[0].from,
  ],
  impact: (selection) => [
    `asset(id: "${ids['database']!}") { id impact { nodes { asset { ${selection} } } } }`,
    (data) => data.asset.impact.nodes[0].asset,
  ],
  ...Object.fromEntries(
    assetOrders.map((order) => [
      `a list, ${order}`,
      (selection: string): [string, (data: any) => Found] => [
        `assets(orderBy: ${order}, filter: { kind: [SERVER] }) { edges { node { id } } nodes { ${selection} } }`,
        (data) => (data.assets.nodes as Found[]).find(({ id }) => id === ids['web'])!,
      ],
    ]),
  ),
};

const otherForms = (field: string, name: string, below: string) => [
  `other: ${field}`,
  '...part',
  `... on Node { id } ... @include(if: $yes) { ${field} }`,
  `... on Asset { ${name} @skip(if: $no)${below} }`,
];

test.each(Object.keys(ways))('%s has every field, whatever else is asked for', async (name) => {
  const query = (selection: string) => ways[name]!(selection);
  const [wholeQuery, take] = query(fields.join(' '));
  const whole = await ask(world, owner, `{ ${wholeQuery} }`);
  expect(whole.errors).toBeUndefined();
  const expected = take(whole.data);
  expect(Object.keys(expected)).toHaveLength(fields.length);
  for (const field of fields) {
    const fieldName = field.split(' ')[0]!;
    const below = field.slice(fieldName.length);
    const isOfGroup = /^(?:tags|attributes|lastSeenAt|discoveredBy)\b/.test(field);
    const written = [field, ...(isOfGroup ? otherForms(field, fieldName, below) : [])];
    for (const selection of written) {
      const fragment = selection === '...part' ? `fragment part on Asset { ${field} }` : '';
      const [text] = query(`id ${selection}`);
      const variables = selection.includes('$yes')
        ? '($yes: Boolean!)'
        : selection.includes('$no')
          ? '($no: Boolean!)'
          : '';
      const answer = await ask(world, owner, `query ${variables} { ${text} } ${fragment}`, { yes: true, no: false });
      expect(answer.errors).toBeUndefined();
      const key = selection.startsWith('other:') ? 'other' : fieldName;
      expect(take(answer.data)).toEqual({ id: ids['web'], [key]: expected[fieldName] });
    }
  }
});

test('what is not asked for is not read', async () => {
  const schema = buildSchema(`
    type Query { assets: Connection }
    type Connection { nodes: [Asset] edges: [Edge] }
    type Edge { node: Asset }
    type Asset { id: ID name: String tags: [String] attributes: String lastSeenAt: String missingSince: String }
  `);
  const columnsOf = async (selection: string) => {
    let text = '';
    const assets = (_: unknown, __: unknown, info: GraphQLResolveInfo) => void (text = columnsOfConnection(info).text);
    const { errors } = await graphql({ schema, source: `{ assets { ${selection} } }`, rootValue: { assets } });
    expect(errors).toBeUndefined();
    return text;
  };
  expect(await columnsOf('nodes { id name missingSince }')).not.toMatch(/attributes|tags|last_seen_at/);
  expect(await columnsOf('nodes { id } edges { node { tags } }')).toMatch(/^(?!.*attributes).*tags/);
  expect(await columnsOf('nodes { lastSeenAt attributes @skip(if: true) }')).toMatch(/^(?!.*attributes).*last_seen_at/);
  expect(await columnsOf('nodes { attributes }')).toContain('attributes');
});
