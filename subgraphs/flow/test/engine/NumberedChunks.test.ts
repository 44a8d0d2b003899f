import { describe, expect, test } from '@jest/globals';
import { NumberedChunks } from '../../src/domain/engine/NumberedChunks.js';

interface Sent {
  readonly chunk: number;
  readonly items: readonly string[];
}

async function cut(
  items: readonly string[],
  first = 0,
): Promise<{ sent: Sent[]; counted: [number, number, number][] }> {
  const sent: Sent[] = [];
  const counted: [number, number, number][] = [];
  const chunks = new NumberedChunks<string, number>({
    borders: { maxItems: 3, maxWeight: 10 },
    first,
    inFlight: 2,
    weigh: (item) => item.length,
    send: async (chunk, held) => {
      sent.push({ chunk, items: held });
      return held.length;
    },
    onOutcome: async (chunk, outcome, position) => void counted.push([chunk, outcome, position]),
  });
  for (const [index, item] of items.entries()) await chunks.add(item, index + 1);
  await chunks.finish(100);
  return { sent, counted };
}

describe('numbered chunks', () => {
  const items = ['a', 'b', 'c', 'd', 'a long one', 'e', 'f', 'g', 'h'];

  test('end when they hold enough items, or weigh enough', async () => {
    const { sent, counted } = await cut(items);
    expect(sent.map(({ items: held }) => held)).toEqual([['a', 'b', 'c'], ['d', 'a long one'], ['e', 'f', 'g'], ['h']]);
    expect(counted).toEqual([
      [0, 3, 3],
      [1, 2, 5],
      [2, 3, 8],
      [3, 1, 100],
    ]);
  });

  test('that were counted before are neither sent nor counted again, and the others are the same', async () => {
    const whole = await cut(items);
    const rest = await cut(items, 2);
    expect(rest.sent).toEqual(whole.sent.slice(2));
    expect(rest.counted).toEqual(whole.counted.slice(2));
  });

  test('of nothing are none', async () => {
    expect(await cut([])).toEqual({ sent: [], counted: [] });
  });
});
