import { describe, expect, test } from '@jest/globals';
import { bucketOf, readRange, writeRange } from '../src/filters/timeRange';
import { placeOf } from '../src/host/routes';

const now = Date.parse('2026-11-27T21:00:00Z');

describe('a time range in an address', () => {
  test('comes back as it was written', () => {
    for (let step = 1; step <= 500; step += 1) {
      const range = { from: now - step * 7_919_113, to: now - step * 1_013 };
      expect(readRange(writeRange(range), now)).toEqual(range);
    }
  });

  test.each(['', 'yesterday', '5-1', '1790000000000-1780000000000', '__proto__', '24h; drop', '9'.repeat(40)])(
    'that is none (%p) is the last day',
    (text) => expect(readRange(text, now)).toEqual({ from: now - 86_400_000, to: now }),
  );

  test('gets a bucket that neither hides nor floods', () => {
    for (const hours of [1, 3, 24, 24 * 7, 24 * 30, 24 * 90, 24 * 365]) {
      const bucket = bucketOf({ from: now - hours * 3_600_000, to: now });
      const points = hours / { MINUTE: 1 / 60, HOUR: 1, DAY: 24, MONTH: 24 * 30 }[bucket];
      expect([hours, points >= 12 && points <= 400]).toEqual([hours, true]);
    }
  });
});

test('a link leaves out what is not set, and writes the rest so that it can be read back', () => {
  expect(placeOf('home')).toBe('/');
  expect(placeOf('flow', { id: 'flow_1', tab: null, ws: undefined })).toBe('/flow?id=flow_1');
  const odd = 'a&b=c d/ü?#';
  expect(new URLSearchParams(placeOf('assets', { q: odd }).split('?')[1]).get('q')).toBe(odd);
});
