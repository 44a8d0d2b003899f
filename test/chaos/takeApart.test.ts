import { describe, expect, test } from '@jest/globals';
import { checkHistory, hasLeftOut, type FaultOfHistory } from '../../prove/chaos/history/checkHistory.ts';
import { toldOf, type Delivery, type Logged, type ReaderHistory } from '../../prove/chaos/history/History.ts';
import { takeApart } from '../../prove/chaos/history/takeApart.ts';

const written = (part: string, type: string, sequence: number): Logged => {
  return { sequence, identity: `${type} ${sequence}`, told: toldOf(part, type, `${part} ${sequence}`, null) };
};
const log = new Map<string, Logged[]>([
  ['acme/flows', [1, 2, 3].map((sequence) => written('flows', 'flow.created', sequence))],
  ['acme/alerts', [1, 2].map((sequence) => written('alerts', 'alert.fired', sequence))],
]);
const [flow1, flow2, flow3] = log.get('acme/flows')!.map(({ told }) => told);
const [alert1, alert2] = log.get('acme/alerts')!.map(({ told }) => told);

/** Somebody who began behind so many events, and was given these. */
function reader(begun: number, ...told: (string | undefined)[]): ReaderHistory {
  const deliveries: Delivery[] = [];
  for (const identity of ['', ...told]) {
    const sequence = begun + deliveries.length;
    const type = identity === '' ? 'stream.snapshot' : identity!.split(' ')[1]!;
    const previousCursor = deliveries.at(-1)?.cursor ?? null;
    deliveries.push({ sequence, cursor: `at ${sequence}`, previousCursor, type, identity: identity! });
  }
  return { name: 'somebody', kind: 'client', stream: 'acme/activity', deliveries, ended: null };
}

function faultsOf(history: ReaderHistory): FaultOfHistory[] {
  const { readers, findings } = takeApart(history, log);
  return [...findings, ...checkHistory({ readers, acknowledged: [], log })].map(({ fault }) => fault);
}

test('activity in which each stream is whole and in its order has no faults, however they lie among each other', () => {
  expect(faultsOf(reader(0, flow1, alert1, flow2, alert2, flow3))).toEqual([]);
  expect(faultsOf(reader(0, alert1, alert2, flow1, flow2, flow3))).toEqual([]);
});

test('who came late is owed what is behind the place that it was told, and nothing from before', () => {
  expect(faultsOf(reader(2, flow2, alert2, flow3))).toEqual([]);
  expect(faultsOf(reader(2, alert2, flow3))).toEqual(['lost']);
});

describe('finds in the activity', () => {
  test.each<[string, FaultOfHistory[], ReaderHistory]>([
    ['an event that was left out', ['lost'], reader(0, flow1, alert1, flow3, alert2)],
    ['what never came at the end', ['lost', 'lost'], reader(0, flow1, alert1, flow2)],
    ['an event that came twice', ['twice'], reader(0, flow1, alert1, flow2, flow2, alert2, flow3)],
    ['an event that came late', ['out of order'], reader(0, flow2, flow1, alert1, flow3, alert2)],
    ['an event that nobody wrote', ['not as logged'], reader(0, flow1, alert1, 'flows made.up', flow2, alert2, flow3)],
  ])('%s', (_title, faults, history) => {
    expect([...new Set(faultsOf(history))]).toEqual([...new Set(faults)]);
  });

  test('a return that goes on at the present, at once and by the log', () => {
    const history = reader(0, flow1);
    history.deliveries.push({
      sequence: 5,
      cursor: 'at 5',
      previousCursor: 'at 4',
      type: 'flow.created',
      identity: flow3!,
    });
    expect(hasLeftOut([history])).toBe(true);
    expect(faultsOf(history)).toContain('lost');
    expect(faultsOf(history)).toContain('not as logged');
  });
});
