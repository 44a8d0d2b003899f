import { expect, test } from '@jest/globals';
import { backoffMs } from '../src/backoff.js';

test.each([
  [1, 100],
  [2, 200],
  [4, 800],
  [5, 1000],
  [1_000_000, 1000],
])('the wait before try %i is spread from 0 to %i ms', (attempt, bound) => {
  const waits = Array.from({ length: 2_000 }, () => backoffMs(attempt, { minDelayMs: 100, maxDelayMs: 1000 }));
  expect(Math.max(...waits)).toBeLessThanOrEqual(bound);
  expect(Math.max(...waits)).toBeGreaterThan(bound * 0.9);
  expect(Math.min(...waits)).toBeLessThan(bound * 0.1);
});
