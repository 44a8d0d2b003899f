import { describe, expect, test } from '@jest/globals';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { readGraphFacts } from '../src/operations/GraphFacts.js';
import { fragmentsOf } from '../src/operations/fragmentsOf.js';
import { operationCost } from '../src/operations/operationCost.js';

const sdl = `
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT
  type Query {
    heavy: Heavy
    price: Int @cost(weight: 7)
    short: [Phase!] @listSize(assumedSize: 3)
    flows(first: Int! = 50): FlowConnection @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
    events(first: Int, last: Int): FlowConnection @listSize(assumedSize: 50, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
    flow: Flow
    node: Node
    owner: Owner
    series(first: Int! = 10): [Series!] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
    name: String
    names: [String!]
  }
  interface Node { id: ID! self: Node }
  union Owner = Person | Robot
  type FlowConnection { edges: [FlowEdge!]! nodes: [Flow!]! pageInfo: PageInfo! totalCount: Int }
  type FlowEdge { cursor: String! node: Flow! }
  type PageInfo { endCursor: String }
  type Flow implements Node { id: ID! self: Node name: String phases: [Phase!]! parent: Flow assets(first: Int! = 20): FlowConnection @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false) }
  type Phase { name: String flow: Flow }
  type Series { key: String points: [Phase!]! }
  type Person implements Node { id: ID! self: Node flows(first: Int! = 5): FlowConnection @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false) }
  type Robot { id: ID! maker: Person }
  type Mutation { rename(name: String!): Flow }
  type Subscription { ticks: Flow }
  type Heavy @cost(weight: 5) { id: ID! }
`;
const graph = readGraphFacts(parse(sdl), buildSchema(sdl));

function costOf(source: string, variables: Record<string, unknown> | null = {}) {
  const document = parse(source);
  return operationCost({ graph, fragments: fragmentsOf(document), operation: getOperationAST(document)!, variables });
}

describe('what an operation costs', () => {
  test.each<[string, string, number]>([
    ['own scalars, and lists of them', '{ name names __typename }', 0],
    ['one object', '{ flow { id name } }', 1],
    ['an object in an object', '{ flow { parent { id } } }', 2],
    ['a page as long as its default', '{ flows { nodes { id } } }', 1 + 50],
    ['a page as long as it says', '{ flows(first: 3) { nodes { id } } }', 1 + 3],
    ['edges, and the node of each', '{ flows(first: 3) { edges { cursor node { id } } } }', 1 + 3 * 2],
    [
      'edges and nodes and page info',
      '{ flows(first: 3) { edges { cursor } nodes { id } pageInfo { endCursor } } }',
      8,
    ],
    ['a count alone', '{ flows(first: 100) { totalCount } }', 1],
    ['pages in pages', '{ flows(first: 10) { nodes { assets(first: 5) { nodes { id } } } } }', 1 + 10 * (1 + 1 + 5)],
    ['a page without any size', '{ events { nodes { id } } }', 51],
    ['the longer of first and last', '{ events(first: 2, last: 7) { nodes { id } } }', 8],
    ['a list that nothing bounds', '{ flow { phases { name } } }', 1 + 10],
    ['a bounded list of unbounded lists', '{ series(first: 4) { points { name } } }', 4 * (1 + 10)],
    ['each alias', '{ a: flow { id } b: flow { id } }', 2],
    ['each spread of a fragment', '{ flow { ...f } node { ...f } } fragment f on Node { self { id } }', 4],
    [
      'the mostExpensive type of a union',
      '{ owner { ... on Robot { id } ... on Person { flows { nodes { id } } } } }',
      1 + 6,
    ],
    [
      'types that exclude each other once',
      '{ owner { ... on Robot { maker { id } } ... on Person { self { id } } } }',
      2,
    ],
    ['an interface in an interface', '{ node { ... on Node { self { ... on Flow { phases { name } } } } } }', 12],
    ['a fragment of a type that cannot be', '{ flow { ... on Person { flows { nodes { id } } } } }', 1],
    ['what is skipped', '{ flow @skip(if: true) { id } other: flow @include(if: false) { id } }', 0],
    ['an object that its type prices', '{ heavy { id } }', 5],
    ['a scalar that has a price', '{ price }', 7],
    ['a list that says how long it is taken to be', '{ short { name } }', 3],
    ['a mutation', 'mutation { rename(name: "x") { id parent { id } } }', 2],
    ['one event of a subscription', 'subscription { ticks { phases { name } } }', 11],
  ])('%s', (_title, source, cost) => {
    expect(costOf(source).cost).toBe(cost);
  });

  const paged =
    'query ($n: Int! = 7, $with: Boolean! = false) { flows(first: $n) { nodes { id parent @include(if: $with) { id } } } }';

  test('variables count as sent, then by their defaults', () => {
    expect(costOf(paged).cost).toBe(8);
    expect(costOf(paged, { n: 2 }).cost).toBe(3);
    expect(costOf(paged, { n: 2, with: true }).cost).toBe(5);
    expect(costOf(paged, { n: 'many' }).cost).toBe(51);
    expect(costOf(paged, { n: -5 }).cost).toBe(1);
  });

  test('what is stored counts as the mostExpensive that its variables allow', () => {
    expect(costOf(paged, null).cost).toBe(1 + 100 * 2);
  });

  test('the mostExpensive path is named', () => {
    expect(
      costOf(
        '{ flow { id } flows { pageInfo { endCursor } nodes { assets(first: 40) { nodes { parent { id } } } } } }',
      ),
    ).toMatchObject({
      mostExpensive: 'flows.nodes.assets.nodes.parent',
    });
  });

  test('fragments that multiply a million times, and cycles, are counted in no time', () => {
    const bomb = Array.from(
      { length: 40 },
      (_none, n) => `fragment f${n} on Node { self { ...f${n + 1} ...f${n + 1} } }`,
    );
    const started = performance.now();
    const { cost } = costOf(`{ node { ...f0 } } ${bomb.join('\n')} fragment f40 on Node { self { id } }`);
    expect(cost).toBe(1e12);
    expect(costOf('{ flow { ...a } } fragment a on Flow { parent { ...a } }').cost).toBe(1e12);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
