import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { storeOperations } from '../src/operations/storeOperations.js';
import { StoredOperations } from '../src/index.js';

const supergraph = parse(`
  directive @listSize(slicingArguments: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query { flows(first: Int! = 50): [Flow!] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false) }
  type Flow { id: ID! name: String }
`);
const text = `
  query Names($n: Int!) { flows(first: $n) { ...Name } }
  query Ids { flows(first: 3) { id } }
  fragment Name on Flow { name }
`;

test('a manifest has each operation with what it needs, the hash of its text, and what it may cost', () => {
  const manifest = storeOperations(supergraph, [{ file: 'flows.graphql', text }]);
  expect(manifest.operations).toMatchObject([
    { name: 'Names', type: 'query', cost: 100 },
    { name: 'Ids', type: 'query', cost: 3 },
  ]);
  const [names, ids] = manifest.operations;
  expect(names!.body).toContain('fragment Name');
  expect(ids!.body).not.toContain('fragment Name');
  expect(names!.id).toBe(createHash('sha256').update(names!.body).digest('hex'));
});

test('the gateway takes it, by the hash that clients make of the text', () => {
  const manifest = storeOperations(supergraph, [{ file: 'flows.graphql', text }]);
  const stored = new StoredOperations();
  stored.addManifest(JSON.parse(JSON.stringify(manifest)), 'partner.json');
  const { id, body } = manifest.operations[1]!;
  const expected = { query: body, stored: true, storedId: id, recordedCost: 3 };
  expect(stored.resolve({ documentId: id }, true)).toEqual(expected);
  expect(stored.resolve({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } }, true)).toEqual(expected);
});

test.each([
  ['what the schema does not have', 'query A { flows { price } }', 'bad.graphql:1:19: Cannot query field "price"'],
  ['what is no GraphQL', 'query A {', 'bad.graphql:1:10: Syntax Error'],
  ['an operation without a name', '{ flows { id } }', 'bad.graphql: give every operation a name.'],
])('%s is refused, with its place', (_title, bad, message) => {
  expect(() => storeOperations(supergraph, [{ file: 'bad.graphql', text: bad }])).toThrow(message);
});

test('two operations of one name are refused', () => {
  const file = (name: string) => ({ file: name, text: 'query A { flows { id } }' });
  expect(() => storeOperations(supergraph, [file('a.graphql'), file('b.graphql')])).toThrow('called A');
});
