import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { InOrder } from '../../src/domain/engine/InOrder.js';

describe('work in order', () => {
  test('goes side by side and is handed over in the order in which it was started', async () => {
    const results: number[] = [];
    let atOnce = 0;
    let most = 0;
    const pieces = new InOrder<number>(2, async (result) => void results.push(result));
    for (const [index, ms] of [30, 5, 20, 1, 10].entries()) {
      await pieces.start(async () => {
        most = Math.max(most, (atOnce += 1));
        await delay(ms);
        atOnce -= 1;
        return index;
      });
    }
    await pieces.finish();
    expect(results).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  test('stops at the first failure, and nothing behind it is handed over', async () => {
    const results: number[] = [];
    const pieces = new InOrder<number>(2, async (result) => void results.push(result));
    await pieces.start(async () => 0);
    await pieces.start(() => Promise.reject(new Error('broken')));
    await expect(
      (async () => {
        await pieces.start(async () => 2);
        await pieces.finish();
      })(),
    ).rejects.toThrow('broken');
    expect(results).toEqual([0]);
  });
});
