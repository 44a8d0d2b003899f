import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { secondDescriptions } from '../../scripts/descriptions.mjs';

const folder = new URL('../../schema/subgraphs/', import.meta.url);
const committed = readdirSync(folder).map((file) => ({
  name: file.replace('.graphql', ''),
  typeDefs: parse(readFileSync(new URL(file, folder), 'utf8')),
}));
const owner = { name: 'flow', typeDefs: parse('"A run." type Flow { "Its id." id: ID! }') };

describe('a coordinate of the graph has one description', () => {
  test('in the graph as it is', () => {
    expect(committed.length).toBeGreaterThan(4);
    expect(secondDescriptions(committed)).toEqual([]);
  });

  test('which the owner says, while stubs say nothing or the same', () => {
    const stub = { name: 'alert', typeDefs: parse('type Flow { id: ID! "Its alerts." alerts(first: Int): Int }') };
    const same = { name: 'asset', typeDefs: parse('"A run." type Flow { id: ID! }') };
    expect(secondDescriptions([stub, owner, same])).toEqual([]);
  });

  test.each([
    ['a type', '"Something that runs." type Flow { id: ID! }', 'Flow'],
    ['a field', 'type Flow { "Opaque." id: ID! }', 'Flow.id'],
  ])('and a second one is told: of %s', (_what, planted, coordinate) => {
    expect(secondDescriptions([owner, { name: 'alert', typeDefs: parse(planted) }])).toEqual([
      `${coordinate} has 2 descriptions (flow; alert): leave the one of the subgraph that owns it.`,
    ]);
  });

  test('of an argument, a value and a directive too', () => {
    const said = (words: string) =>
      parse(
        `type Query { a("${words}" b: Int): Int } enum E { "${words}" ONE } "${words}" directive @own("${words}" of: Int) on OBJECT`,
      );
    const told = secondDescriptions([
      { name: 'one', typeDefs: said('This.') },
      { name: 'two', typeDefs: said('That.') },
    ]);
    expect(told.map((each) => each.split(' ')[0])).toEqual(['Query.a(b:)', 'E.ONE', '@own', '@own(of:)']);
  });
});
