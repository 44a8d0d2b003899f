import { expect, test } from '@jest/globals';
import { mergeFlow, patchFlow, type FlowFacts } from '../src/views/flow/patchFlow';

type FlowEvent = Parameters<typeof patchFlow>[1];

const happened = (sequence: number) =>
  ({
    sequence,
    cursor: `c${sequence}`,
    type: 'flow.progress',
    flow: { version: sequence, progress: sequence },
  }) as FlowEvent;

/** What a query answers after so many events: the last hundred. */
function asked(count: number, page = 100): FlowFacts {
  const from = Math.max(1, count - page + 1);
  const nodes = Array.from({ length: count - from + 1 }, (_, n) => ({ sequence: from + n, cursor: `c${from + n}` }));
  return {
    version: count,
    progress: count,
    discovery: null,
    events: { nodes, pageInfo: { startCursor: `c${from}`, hasPreviousPage: from > 1, endCursor: `c${count}` } },
  } as unknown as FlowFacts;
}

const sequences = (flow: FlowFacts) => flow.events.nodes.map(({ sequence }) => sequence);
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('an answer that was on its way while events came takes none of them away, and no older state wins', () => {
  const known = upTo(11, 40).map(happened).reduce(patchFlow, asked(10));
  const merged = mergeFlow(known, asked(25));
  expect(sequences(merged)).toEqual(upTo(1, 40));
  expect(merged).toMatchObject({ version: 40, progress: 40, events: { pageInfo: { endCursor: 'c40' } } });
});

test('an answer that knows more than events have said is taken as it is', () => {
  expect(mergeFlow(asked(10), asked(30))).toMatchObject({ version: 30, progress: 30 });
  expect(sequences(mergeFlow(asked(10), asked(30)))).toEqual(upTo(1, 30));
});

test('a log has no gap: where events between were missed it begins with the answer', () => {
  const merged = mergeFlow(asked(50), asked(400));
  expect(sequences(merged)).toEqual(upTo(301, 400));
  expect(merged.events.pageInfo).toMatchObject({ startCursor: 'c301', hasPreviousPage: true });
});

test('a page that is watched for hours keeps the newest 500 events, and knows where to read older ones', () => {
  const watched = upTo(11, 3_000)
    .map(happened)
    .reduce((flow, event) => mergeFlow(flow, patchFlow(flow, event)), asked(10));
  expect(sequences(watched)).toEqual(upTo(2_501, 3_000));
  expect(watched.events.pageInfo).toEqual({ startCursor: 'c2501', hasPreviousPage: true, endCursor: 'c3000' });
  expect(sequences(mergeFlow(watched, asked(3_005)))).toEqual(upTo(2_506, 3_005));
});
