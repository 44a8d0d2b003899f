import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Repeating } from '../src/index.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Work that ends when the test says so. */
function heldWork() {
  const runs: (() => void)[] = [];
  return { runs, work: () => new Promise<void>((resolve) => runs.push(resolve)) };
}

test('work that takes longer than its interval is never under way twice', async () => {
  const { runs, work } = heldWork();
  const repeating = new Repeating({ everyMs: 100, work, onFault: () => undefined }).start();
  await jest.advanceTimersByTimeAsync(350);
  expect(runs).toHaveLength(1);
  runs[0]!();
  await jest.advanceTimersByTimeAsync(100);
  expect(runs).toHaveLength(2);
  runs[1]!();
  await repeating.stop();
});

test('whoever asks for a run joins the one that is under way', async () => {
  const { runs, work } = heldWork();
  const repeating = new Repeating({ everyMs: 100, work, onFault: () => undefined });
  const asked = Promise.all([repeating.now(), repeating.now()]);
  expect(runs).toHaveLength(1);
  runs[0]!();
  await asked;
});

test('a failure is told, and the next run comes all the same', async () => {
  const faults: unknown[] = [];
  let runs = 0;
  const repeating = new Repeating({
    everyMs: 100,
    work: () => {
      runs += 1;
      return Promise.reject(new Error(`run ${runs}`));
    },
    onFault: (error) => faults.push(String(error)),
  }).start();
  await jest.advanceTimersByTimeAsync(250);
  await repeating.stop();
  expect(faults).toEqual(['Error: run 1', 'Error: run 2']);
});

test('stopping waits for the run that is under way, and no other one begins', async () => {
  const { runs, work } = heldWork();
  const repeating = new Repeating({ everyMs: 100, work, onFault: () => undefined }).start();
  await jest.advanceTimersByTimeAsync(100);
  let stopped = false;
  const stopping = repeating.stop().then(() => {
    stopped = true;
  });
  await jest.advanceTimersByTimeAsync(500);
  expect([stopped, runs.length]).toEqual([false, 1]);
  runs[0]!();
  await stopping;
  expect(stopped).toBe(true);
});
