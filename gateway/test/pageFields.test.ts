import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse, visit } from 'graphql';
import { streamFieldsOf } from '../src/operations/streamFields.js';

const file = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const supergraph = parse(readFileSync(file, 'utf8'));

describe('the page form of a stream', () => {
  test('is there for every field of Subscription, with the same arguments and the same events', () => {
    const streams = streamFieldsOf(supergraph);
    const fields: string[] = [];
    visit(supergraph, {
      ObjectTypeDefinition: ({ name, fields: all = [] }) => {
        if (name.value === 'Subscription') fields.push(...all.map((field) => field.name.value));
      },
    });
    expect([...streams.keys()].sort()).toEqual([...fields].sort());
    const pages = new Map([...streams.values()].map(({ name, page }) => [name, page?.name ?? null]));
    expect([...pages].filter(([, page]) => page === null)).toEqual([]);
    expect(new Set(pages.values()).size).toBe(pages.size);
    expect(pages.get('flowUpdates')).toBe('flowEvents');
    expect(pages.get('flowProgress')).toBe('flowProgressEvents');
    expect(pages.get('alertUpdates')).toBe('alertEvents');
  });

  test.each([
    [
      'another argument',
      'flowUpdates(filter: F, after: C): E!',
      'flowEvents(filter: G, first: Int! = 50, after: C): Page',
    ],
    ['no `first`', 'flowUpdates(after: C): E!', 'flowEvents(after: C): Page'],
    ['an argument more', 'flowUpdates(after: C): E!', 'flowEvents(first: Int!, after: C, last: Int): Page'],
    ['other events', 'flowUpdates(after: C): E!', 'flowEvents(first: Int!, after: C): OtherPage'],
  ])('is not taken for one with %s', (_what, stream, page) => {
    const position = 'sequence: Float! cursor: C! previousCursor: C';
    const schema = parse(`
      scalar C scalar F scalar G
      type E { ${position} } type Edge { node: E! } type Page { edges: [Edge!]! }
      type O { ${position} } type OtherEdge { node: O! } type OtherPage { edges: [OtherEdge!]! }
      type Query { ${page} } type Subscription { ${stream} }`);
    expect(streamFieldsOf(schema).get('flowUpdates')).toMatchObject({ page: null });
  });
});
