import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '@tributary/observability';
import { Deliveries } from '../src/domain/delivery/Deliveries.js';
import type { DueDelivery } from '../src/domain/delivery/Deliveries.js';

const logger = createLogger({ name: 'test', level: 'silent' });

/** Work that ends when it is told to. */
function held(key: string, owner: string, begun: string[]): DueDelivery & { end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = async () => {
    begun.push(key);
    await ended;
  };
  return { key, owner, work, end: () => end() };
}

describe('what is due', () => {
  test('of one workspace, however much it is and however long it takes, leaves places for all others', async () => {
    const begun: string[] = [];
    const many = Array.from({ length: 50 }, (_, index) => held(`loud-${index}`, 'loud', begun));
    const other = held('other', 'quiet', begun);
    const deliveries = new Deliveries({
      logger,
      atOnce: 20,
      ofOneAtOnce: 10,
      due: () => Promise.resolve([...many, other].filter(({ key }) => !begun.includes(key))),
    });
    await deliveries.begin();
    expect(begun).toHaveLength(11);
    expect(begun).toContain('other');
    for (const each of [...many, other]) each.end();
  });

  test('takes a place as soon as it is free, and is looked for again only once nothing waits', async () => {
    const begun: string[] = [];
    const all = Array.from({ length: 12 }, (_, index) => held(`${index}`, 'a', begun));
    let looks = 0;
    const deliveries = new Deliveries({
      logger,
      atOnce: 8,
      ofOneAtOnce: 4,
      due: (most) => {
        looks += 1;
        return Promise.resolve(all.filter(({ key }) => !begun.includes(key)).slice(0, most));
      },
    });
    await deliveries.begin();
    expect([begun.length, looks]).toEqual([4, 1]);
    for (const each of all.slice(0, 3)) each.end();
    await delay(10);
    expect([begun.length, looks]).toEqual([7, 1]);
    for (const each of all) each.end();
    await delay(10);
    expect(begun).toEqual(all.map(({ key }) => key));
    expect(looks).toBeLessThan(4);
  });

  test('for what is under way already is begun as soon as that has ended, without another word', async () => {
    const begun: string[] = [];
    const first = held('position', 'a', begun);
    const second = held('position', 'a', begun);
    const waiting = [first, second];
    const deliveries = new Deliveries({ logger, due: () => Promise.resolve(waiting.slice(0, 1)) });
    await deliveries.begin();
    await deliveries.begin();
    expect(begun).toEqual(['position']);
    waiting.shift();
    first.end();
    await delay(10);
    expect(begun).toEqual(['position', 'position']);
    waiting.shift();
    second.end();
  });

  test('is looked for again when that is said while it is looked for', async () => {
    let looks = 0;
    const deliveries = new Deliveries({
      logger,
      due: async () => {
        looks += 1;
        await delay(10);
        return [];
      },
    });
    await Promise.all([deliveries.begin(), deliveries.begin(), deliveries.begin()]);
    expect(looks).toBe(2);
  });
});
