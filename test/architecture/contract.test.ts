import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { differencesFromContract } from '../../scripts/contract.mjs';

const schemaFile = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');
const contract = parse(`
  type Query { flow(id: ID!, first: Int = 10): Flow }
  extend type Query { flows: [Flow!] }
  interface Node { id: ID! }
  type Flow implements Node { id: ID! status: Status! }
  enum Status { RUNNING FAILED }
  union Actor = Flow
  input Filter { first: Int = 5 name: String }
  extend type Query { find(filter: Filter): Actor }
`);
const kept = `
  type Query { flow(id: ID!, first: Int = 10): Flow flows: [Flow!] find(filter: Filter): Actor new: Int }
  interface Node { id: ID! }
  type Flow implements Node { id: ID! status: Status! name(long: Boolean): String }
  enum Status { RUNNING FAILED PAUSED }
  union Actor = Flow
  input Filter { first: Int = 5 name: String more: Int }
`;
const differences = (api: string) => differencesFromContract(contract, buildSchema(api));

describe('the contract with clients', () => {
  test('is kept by the graph as it is', () => {
    expect(
      differencesFromContract(parse(schemaFile('contract.graphql')), buildSchema(schemaFile('api.graphql'))),
    ).toEqual([]);
  });

  test('lets a graph offer more', () => {
    expect(differences(kept)).toEqual([]);
  });

  test.each([
    ['a field that is gone', 'flows: [Flow!]', '', 'Query.flows was removed.'],
    [
      'a type that is another',
      'status: Status!',
      'status: String!',
      'Flow.status changed type from Status! to String!.',
    ],
    [
      'an answer that may be null',
      'status: Status!',
      'status: Status',
      'Flow.status changed type from Status! to Status.',
    ],
    ['a value that is gone', 'RUNNING FAILED PAUSED', 'RUNNING PAUSED', 'FAILED was removed from enum type Status.'],
    ['an input that must be given', 'more: Int', 'more: Int!', 'A required field more on input type Filter was added.'],
    [
      'another default of an argument',
      'first: Int = 10',
      'first: Int = 20',
      'Query.flow arg first has changed defaultValue from 10 to 20.',
    ],
    ['another default of an input', 'first: Int = 5', 'first: Int = 6', 'Filter.first has changed defaultValue.'],
    [
      'an interface that is no longer kept',
      'type Flow implements Node',
      'type Flow',
      'Flow no longer implements interface Node.',
    ],
  ])('tells %s', (_what, before, after, difference) => {
    expect(differences(kept.replace(before, after))).toEqual([difference]);
  });
});
