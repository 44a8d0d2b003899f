import { describe, expect, test } from '@jest/globals';
import { resolveRange } from '@tributary/contracts/values';
import { trendOf } from '../src/domain/trend.js';

const day = (n: number) => new Date(Date.UTC(2026, 2, n));
const points = (values: readonly (number | null)[]) => values.map((value, n) => ({ at: day(n + 1), value }));

describe('a trend', () => {
  test('is the line of least squares, in the metric’s unit a day and as a share of its start', () => {
    expect(trendOf(points([10, 12, 14, 16]))).toMatchObject({ slopePerDay: 2, direction: 'UP', outliers: [] });
    expect(trendOf(points([10, 12, 14, 16])).changeShare).toBeCloseTo(0.6, 12);
    expect(trendOf(points([16, 14, 12, 10])).direction).toBe('DOWN');
  });

  test('is flat when it changes by less than 5 %, and when there is next to nothing', () => {
    expect(trendOf(points([100, 101, 102])).direction).toBe('FLAT');
    expect(trendOf(points([7, 7, 7]))).toMatchObject({ slopePerDay: 0, changeShare: 0, direction: 'FLAT' });
    expect(trendOf(points([5]))).toMatchObject({ slopePerDay: null, changeShare: null, direction: 'FLAT' });
    expect(trendOf([])).toEqual({ points: [], slopePerDay: null, changeShare: null, direction: 'FLAT', outliers: [] });
  });

  test('leaves out points without a value, and says no share of nothing', () => {
    expect(trendOf(points([0, null, 4]))).toMatchObject({ slopePerDay: 2, changeShare: null, direction: 'UP' });
  });

  test('names what stands out by more than 3.5 median absolute deviations', () => {
    expect(trendOf(points([10, 11, 9, 10, 90, 11, 10])).outliers).toEqual([day(5)]);
    expect(trendOf(points([5, 5, 5, 5])).outliers).toEqual([]);
  });
});

describe('a range', () => {
  const now = Date.parse('2026-03-01T12:00:07.000Z');

  test('of the last day ends at a half minute that is 5 seconds old, for all who ask meanwhile', () => {
    const range = { from: new Date('2026-02-28T12:00:00.000Z'), to: new Date('2026-03-01T12:00:00.000Z') };
    expect(resolveRange({ last: 'DAY' }, now)).toEqual(range);
    expect(resolveRange({ last: 'DAY' }, now + 27_999)).toEqual(range);
    expect(resolveRange({ last: 'DAY' }, now + 28_000).to).toEqual(new Date('2026-03-01T12:00:30.000Z'));
  });

  test('with two ends is what it says', () => {
    expect(resolveRange({ from: day(1), to: day(2), last: null })).toEqual({ from: day(1), to: day(2) });
  });

  test.each([
    [{}],
    [{ from: day(1) }],
    [{ to: day(1) }],
    [{ from: day(1), to: day(2), last: 'DAY' as const }],
    [{ from: day(1), last: 'DAY' as const }],
  ])('%j is neither one nor the other', (given) => {
    expect(() => resolveRange(given)).toThrow('`last` alone');
  });
});
