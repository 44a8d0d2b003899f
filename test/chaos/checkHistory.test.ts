import { describe, expect, test } from '@jest/globals';
import { checkHistory, hasLeftOut, type FaultOfHistory } from '../../prove/chaos/history/checkHistory.ts';
import { History, type Delivery, type Logged } from '../../prove/chaos/history/History.ts';

const stream = 'acme/flows';
const log = new Map<string, Logged[]>([
  [stream, [1, 2, 3, 4].map((sequence) => ({ sequence, identity: `event ${sequence}`, told: '' }))],
  ['globex/flows', [{ sequence: 1, identity: 'event of globex', told: '' }]],
]);
const cursorOf = (sequence: number) => `at ${sequence}`;

/** One reader who was given a snapshot at 0 and then these numbers. */
function seen(...sequences: number[]): Delivery[] {
  let previousCursor: string | null = null;
  return [0, ...sequences].map((sequence, index) => {
    const delivery = {
      sequence,
      cursor: cursorOf(sequence),
      previousCursor,
      type: index === 0 ? 'stream.snapshot' : 'flow.started',
      identity: index === 0 ? '' : `event ${sequence}`,
    };
    previousCursor = delivery.cursor;
    return delivery;
  });
}

function faultsOf(deliveries: readonly Delivery[], planted: (history: History) => void = () => undefined) {
  const history = new History();
  history.reader('somebody', 'client', stream).deliveries.push(...deliveries);
  planted(history);
  return checkHistory({ ...history, log }).map(({ fault }) => fault);
}

test('a history in which all went well has no faults', () => {
  expect(faultsOf(seen(1, 2, 3, 4), (history) => history.acknowledge(stream, 'event 3'))).toEqual([]);
});

test('a look at a history that is being made tells a number that was left out from one that is yet to come', () => {
  const leavesOut = (deliveries: Delivery[]) => {
    const history = new History();
    history.reader('another', 'client', stream).deliveries.push(...seen(1));
    history.reader('somebody', 'client', stream).deliveries.push(...deliveries);
    return hasLeftOut(history.readers);
  };
  expect([[], seen(), seen(1, 2), seen(1, 2, 2, 3)].map(leavesOut)).toEqual([false, false, false, false]);
  expect([seen(2), seen(1, 3), seen(1, 3, 2)].map(leavesOut)).toEqual([true, true, true]);
});

test('a reader who came late is owed nothing from before', () => {
  const [, , snapshot, ...rest] = seen(1, 2, 3, 4);
  expect(faultsOf([{ ...snapshot!, type: 'stream.snapshot', identity: '', previousCursor: null }, ...rest])).toEqual(
    [],
  );
});

describe('finds', () => {
  test.each<[string, FaultOfHistory[], Delivery[]]>([
    ['a number that was left out', ['lost'], seen(1, 2, 4)],
    ['what never came at the end', ['lost', 'lost'], seen(1, 2)],
    ['a reader who was given nothing at all', ['lost', 'lost', 'lost', 'lost'], []],
    ['an event that came twice', ['twice'], seen(1, 2, 2, 3, 4)],
    ['an event that came late', ['out of order'], seen(1, 3, 2, 4)],
  ])('%s', (_title, faults, deliveries) => {
    expect(faultsOf(deliveries)).toEqual(faults);
  });

  test('an acknowledged write that the log does not have', () => {
    expect(faultsOf(seen(1, 2, 3, 4), (history) => history.acknowledge(stream, 'event 5'))).toEqual([
      'acknowledged but absent',
    ]);
  });

  test('an acknowledged write that a reader did not see', () => {
    expect(faultsOf(seen(1, 2, 4), (history) => history.acknowledge(stream, 'event 3'))).toEqual([
      'lost',
      'acknowledged but absent',
    ]);
  });

  test('an event of another workspace', () => {
    const deliveries = seen(1, 2, 3, 4);
    deliveries[2] = { ...deliveries[2]!, identity: 'event of globex' };
    expect(faultsOf(deliveries)).toEqual(['foreign']);
  });

  test('an event that the log tells otherwise', () => {
    const deliveries = seen(1, 2, 3, 4);
    deliveries[2] = { ...deliveries[2]!, identity: 'made up' };
    expect(faultsOf(deliveries)).toEqual(['not as logged']);
  });

  test('an event that says it follows another than the one before it', () => {
    const deliveries = seen(1, 2, 3, 4);
    deliveries[2] = { ...deliveries[2]!, previousCursor: 'elsewhere' };
    expect(faultsOf(deliveries)).toEqual(['not as logged']);
  });

  test('a reset for somebody whose position the log still holds', () => {
    const [snapshot, ...rest] = seen(1, 2, 3, 4);
    const reset = { ...snapshot!, type: 'stream.reset' };
    expect(faultsOf([snapshot!, reset, ...rest])).toEqual(['reset without need']);
  });

  test('a reader who was turned away', () => {
    expect(faultsOf(seen(1, 2, 3, 4), ({ readers }) => (readers[0]!.ended = 'INTERNAL_ERROR'))).toEqual([
      'ended with an error',
    ]);
  });

  test('a hole in the log, and a write that was done twice', () => {
    const broken = new Map([
      [
        stream,
        [
          { sequence: 1, identity: 'event 1', told: '' },
          { sequence: 3, identity: 'event 1', told: '' },
        ],
      ],
    ]);
    const faults = checkHistory({ readers: [], acknowledged: [], log: broken }).map(({ fault }) => fault);
    expect(faults).toEqual(['gap in the log', 'done twice']);
  });
});
