import { expect, test } from '@jest/globals';
import type { GraphqlContext } from '@tributary/server';
import { toStreamedEvents } from '../src/graphql/FlowEvent.js';

test('a page behind what is kept says which numbers of the stream can no longer be read', () => {
  const missing = { reason: 'POSITION_GONE', fromSequence: 5, toSequence: 12 };
  const reset = { sequence: 12, cursor: 'c12', previousCursor: null, type: 'stream.reset', occurredAt: new Date() };
  const page = {
    items: [{ ...reset, payload: missing }],
    endCursor: 'c12',
    hasNextPage: false,
    hasPreviousPage: true,
  };
  expect(toStreamedEvents(page, {} as GraphqlContext).nodes[0]!.data).toEqual(missing);
});
