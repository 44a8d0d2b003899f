import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { buildASTSchema, parse, print, validate } from 'graphql';
import { readGraphFacts } from '../src/operations/GraphFacts.js';
import { KnownDocument } from '../src/operations/KnownDocument.js';
import { pagedDocument } from '../src/operations/pagedDocument.js';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../schema/${file}`, import.meta.url)), 'utf8');
const schema = buildASTSchema(parse(read('api.graphql')));
const facts = readGraphFacts(parse(read('supergraph.graphql')), schema);
const pageOf = (text: string, name?: string) =>
  pagedDocument(new KnownDocument(text, parse(text), facts).operation(name), facts.streams);
const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

const alerts = `subscription Watch($f: AlertUpdatesFilter, $after: Cursor) {
  alertUpdates(filter: $f, after: $after) { type alert { ...Shown } } }
fragment Shown on Alert { id title }`;

describe('the page form of a document', () => {
  test('asks for the same of each event, and for its place', () => {
    const { document, stream } = pageOf(alerts);
    expect(stream).toBe('alertUpdates');
    expect(validate(schema, document)).toEqual([]);
    expect(squeezed(print(document))).toBe(
      squeezed(`query Watch($f: AlertUpdatesFilter, $_after: Cursor, $_first: Int!) {
        alertEvents(filter: $f, after: $_after, first: $_first) {
          edges { node { type alert { ...Shown } _sequence: sequence _cursor: cursor _type: type _occurredAt: occurredAt } }
          pageInfo { endCursor hasNextPage } } }
      fragment Shown on Alert { id title }`),
    );
  });

  test.each([
    ['flowUpdates', 'subscription { flowUpdates(filter: { kind: ["discovery"] }) { sequence flow { name } } }'],
    ['flowProgress', 'subscription P($id: ID!) { mine: flowProgress(flowId: $id, after: null) { progress } }'],
    ['alertUpdates', 'subscription { alertUpdates { _after: type _sequence: type } }'],
  ])('is valid for %s', (stream, text) => {
    const paged = pageOf(text);
    expect(paged.stream).toBe(stream);
    expect(validate(schema, paged.document)).toEqual([]);
  });

  test('takes one operation of several, and leaves the others', () => {
    const text = `${alerts} query Other { viewer { permissions } }`;
    expect(validate(schema, pageOf(text, 'Watch').document)).toEqual([]);
  });

  test('gives each event as a subscriber gets it, under the name that was asked for', () => {
    const { read: readPage, placeOf } = pageOf('subscription { mine: alertUpdates { type alert { id } } }');
    const node = {
      type: 'alert.fired',
      alert: { id: 'a' },
      _sequence: 7,
      _cursor: 'c',
      _type: 'alert.fired',
      _occurredAt: 't',
    };
    expect(readPage({ alertEvents: { edges: [{ node }], pageInfo: { endCursor: 'e', hasNextPage: true } } })).toEqual({
      events: [
        {
          sequence: 7,
          cursor: 'c',
          type: 'alert.fired',
          occurredAt: 't',
          data: { mine: { type: 'alert.fired', alert: { id: 'a' } } },
        },
      ],
      endCursor: 'e',
      hasNextPage: true,
    });
    expect(readPage({ alertEvents: null })).toBeNull();
    expect(placeOf(['alertEvents', 'edges', 3, 'node', 'alert', 'id'])).toEqual({
      index: 3,
      path: ['mine', 'alert', 'id'],
    });
    expect(placeOf(['alertEvents'])).toBeNull();
  });

  test.each([
    ['a query', '{ viewer { permissions } }'],
    ['two fields', 'subscription { alertUpdates { type } flowUpdates { type } }'],
    ['a field in a fragment', 'subscription { ...on Subscription { alertUpdates { type } } }'],
    ['a condition', 'subscription ($x: Boolean!) { alertUpdates @include(if: $x) { type } }'],
    ['a beginning of its own', 'subscription { alertUpdates(after: "x") { type } }'],
  ])('is refused for %s', (_what, text) => {
    expect(() => pageOf(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { field: 'document', reason: 'NOT_A_STREAM' } }),
    );
  });
});
