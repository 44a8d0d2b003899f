import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Deadline } from '../src/index.js';

describe('a deadline', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('hands down what is left', () => {
    const deadline = Deadline.in(10_000);
    jest.advanceTimersByTime(4_000);
    expect(deadline.remaining()).toBeCloseTo(6_000);
  });

  test('gives a step its own limit, but never more than is left', () => {
    const deadline = Deadline.in(10_000);
    expect(deadline.atMost(3_000)).toBe(3_000);
    jest.advanceTimersByTime(9_000);
    expect(deadline.atMost(3_000)).toBeCloseTo(1_000);
  });

  test('that has passed lets no further step begin', () => {
    const deadline = Deadline.in(100);
    jest.advanceTimersByTime(100);
    expect(deadline.remaining()).toBe(0);
    expect(() => deadline.atMost(3_000)).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  });
});
