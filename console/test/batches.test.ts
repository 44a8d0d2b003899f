import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Batches } from '../src/live/batches';
import { isCut, noteConnection } from '../src/live/connection';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('the first event is handed on at once, and those of a rush ten times a second', () => {
  const seen: (readonly number[])[] = [];
  const batches = new Batches<number>((items) => seen.push(items), 100);
  batches.add(0);
  expect(seen).toEqual([[0]]);
  for (let number = 1; number <= 50; number += 1) {
    jest.advanceTimersByTime(10);
    batches.add(number);
  }
  jest.advanceTimersByTime(100);
  expect(seen.flat()).toEqual(Array.from({ length: 51 }, (_, number) => number));
  expect(seen.length).toBeLessThanOrEqual(7);
});

test('an event after a rest waits for nothing', () => {
  const deliver = jest.fn();
  const batches = new Batches<string>(deliver, 100);
  batches.add('one');
  jest.advanceTimersByTime(150);
  batches.add('other');
  expect(deliver).toHaveBeenCalledTimes(2);
});

test('what has gathered comes before what follows it, and nothing comes after the page is left', () => {
  const seen: string[] = [];
  const batches = new Batches<string>((items) => seen.push(...items), 100);
  for (const item of ['one', 'two', 'three']) batches.add(item);
  batches.flush();
  expect(seen).toEqual(['one', 'two', 'three']);
  batches.add('four');
  batches.drop();
  jest.advanceTimersByTime(1_000);
  expect(seen).toEqual(['one', 'two', 'three']);
});

test('a page without a connection asks by itself after a minute, and no more when there is one', () => {
  noteConnection({ status: 'connected' }, 0);
  expect(isCut(600_000)).toBe(false);
  noteConnection({ status: 'waiting', attempt: 1, delayMs: 1_000, closeCode: null }, 600_000);
  noteConnection({ status: 'connecting' }, 630_000);
  expect(isCut(659_999)).toBe(false);
  expect(isCut(660_000)).toBe(true);
  noteConnection({ status: 'connected' }, 661_000);
  expect(isCut(999_000)).toBe(false);
  noteConnection({ status: 'idle' }, 999_000);
  expect(isCut(9_999_000)).toBe(false);
});
