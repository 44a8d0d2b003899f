import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@tributary/contracts/errors';
import { Gathered } from '../src/domain/delivery/Gathered.js';

const workspace = '0190a000-0000-7000-8000-000000000001';

describe('what deliveries of a workspace want of the database', () => {
  test('makes one trip when it is wanted at once, and what is wanted meanwhile makes the next', async () => {
    const trips: number[][] = [];
    const gathered = new Gathered<number, number>(async (_, items) => {
      trips.push([...items]);
      await delay(20);
      return items.map((item) => item * 10);
    });
    const first = [1, 2, 3].map((item) => gathered.ask(workspace, item));
    await delay(10);
    const second = [4, 5].map((item) => gathered.ask(workspace, item));
    expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40, 50]);
    expect(trips).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  test('never travels with what another workspace wants, nor waits for it', async () => {
    const trips: [string, number[]][] = [];
    const gathered = new Gathered<number, number>(async (of, items) => {
      trips.push([of, [...items]]);
      await delay(of === 'slow' ? 200 : 1);
      return items;
    });
    const slow = gathered.ask('slow', 1);
    const begun = performance.now();
    await Promise.all([gathered.ask('quick', 2), gathered.ask('quick', 3)]);
    expect(performance.now() - begun).toBeLessThan(150);
    await slow;
    expect(trips).toEqual([
      ['slow', [1]],
      ['quick', [2, 3]],
    ]);
  });

  test('fails alone for what the database refuses, and together while it cannot be reached', async () => {
    let isAway = false;
    let trips = 0;
    const gathered = new Gathered<string, string>((_, items) => {
      trips += 1;
      if (isAway) throw new CodedError('SERVICE_UNAVAILABLE', 'away');
      if (items.includes('refused')) throw new CodedError('INVALID_INPUT', 'refused');
      return Promise.resolve(items.map((item) => (item === 'overtaken' ? new Error('overtaken') : item)));
    });
    const asked = ['a', 'refused', 'overtaken', 'b'].map((item) => gathered.ask(workspace, item));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    [isAway, trips] = [true, 0];
    const failed = await Promise.allSettled(['a', 'b'].map((item) => gathered.ask(workspace, item)));
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(trips).toBe(1);
    isAway = false;
    expect(await gathered.ask(workspace, 'c')).toBe('c');
  });
});
