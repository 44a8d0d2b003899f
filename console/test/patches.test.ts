import { describe, expect, test } from '@jest/globals';
import { addEvent, patchRow } from '../src/live/patches';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly status: string;
}

const statuses = ['QUEUED', 'RUNNING', 'PAUSED', 'RUNNING', 'SUCCEEDED'];

/** Orders that differ from run to run are of no use to whoever looks for a fault. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  let state = seed;
  return items
    .map((item) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return { item, place: state };
    })
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

describe('what is on the screen', () => {
  test('comes to the same end, in whatever order and however often its events come', () => {
    const updates: Row[] = statuses.flatMap((status, index) => [
      { id: 'a', version: index + 1, status },
      { id: 'b', version: index + 1, status },
    ]);
    const start: readonly Row[] = [
      { id: 'a', version: 0, status: 'QUEUED' },
      { id: 'b', version: 0, status: 'QUEUED' },
    ];
    const end = [
      { id: 'a', version: 5, status: 'SUCCEEDED' },
      { id: 'b', version: 5, status: 'SUCCEEDED' },
    ];
    for (let seed = 1; seed <= 200; seed += 1) {
      const told = shuffled([...updates, ...updates.slice(0, seed % updates.length)], seed);
      expect(told.reduce((rows, next) => patchRow(rows, next) ?? rows, start)).toEqual(end);
    }
  });

  test('says that a row is not among those that are shown, so that the list is asked again', () => {
    expect(patchRow([{ id: 'a', version: 1 }], { id: 'c', version: 1 })).toBeNull();
    expect(patchRow<Row>([], { id: 'c', version: 1 })).toBeNull();
  });

  test('keeps what an event does not say', () => {
    const rows = [{ id: 'a', version: 1, status: 'RUNNING', cost: 3 }];
    expect(patchRow(rows, { id: 'a', version: 2, status: 'SUCCEEDED' })).toEqual([
      { id: 'a', version: 2, status: 'SUCCEEDED', cost: 3 },
    ]);
  });
});

describe('a log', () => {
  test('holds each event once and in order, whatever comes twice or late', () => {
    const events = Array.from({ length: 30 }, (_, n) => ({ sequence: n + 1 }));
    for (let seed = 1; seed <= 100; seed += 1) {
      const told = shuffled([...events, ...events.slice(5, 20)], seed);
      expect(told.reduce<readonly { sequence: number }[]>((log, event) => addEvent(log, event), [])).toEqual(events);
    }
  });
});
