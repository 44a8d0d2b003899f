import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FairQueue } from '../src/runner/FairQueue.js';

describe('turns of the event loop', () => {
  test('are handed out one at a time and in order, with room for others between them', async () => {
    const turns = new FairQueue();
    const seen: string[] = [];
    const all = ['a', 'b', 'c'].map((name) => turns.take(() => true).then(() => seen.push(name)));
    for (let turn = 0; turn < 3; turn += 1) {
      await nextTurn();
      seen.push('others');
    }
    await Promise.all(all);
    expect(seen).toEqual(['a', 'others', 'b', 'others', 'c', 'others']);
  });

  test('are not taken by those who need none any more', async () => {
    const turns = new FairQueue();
    let known = false;
    const seen: string[] = [];
    const needsTurn = () => !known;
    void turns.take(needsTurn).then(() => {
      seen.push('the first');
      known = true;
    });
    for (const name of ['b', 'c']) void turns.take(needsTurn).then(() => seen.push(name));
    await nextTurn();
    expect(seen).toEqual(['the first']);
    await nextTurn();
    expect(seen).toEqual(['the first', 'b', 'c']);
  });
});
