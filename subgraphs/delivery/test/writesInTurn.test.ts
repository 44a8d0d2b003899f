import { expect, test } from '@jest/globals';
import { WritesInTurn } from '../src/domain/delivery/WritesInTurn.js';

test('nothing is written behind a write that failed: it says that what that one was to write is done', async () => {
  const writes = new WritesInTurn();
  const written: string[] = [];
  const write = (name: string, fails = false) =>
    writes.write(() => {
      if (fails) return Promise.reject(new Error(`${name} was not written.`));
      written.push(name);
      return Promise.resolve();
    });
  const outcomes = await Promise.allSettled([write('taken'), write('dead letter', true), write('taken, too')]);
  expect(written).toEqual(['taken']);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  await expect(write('later')).rejects.toThrow('dead letter was not written.');
});

test('writes do not overtake each other', async () => {
  const writes = new WritesInTurn();
  const steps: string[] = [];
  const slow = writes.write(async () => {
    steps.push('slow begins');
    await new Promise((resolve) => setTimeout(resolve, 20));
    steps.push('slow ends');
  });
  const fast = writes.write(() => Promise.resolve(void steps.push('fast')));
  await Promise.all([slow, fast]);
  expect(steps).toEqual(['slow begins', 'slow ends', 'fast']);
});
