import { afterEach, describe, expect, test } from '@jest/globals';
import {
  bytes,
  change,
  count,
  duration,
  label,
  metricValue,
  money,
  percent,
  relative,
  setLocale,
} from '../src/words/format';

afterEach(() => setLocale('en'));

describe('numbers are written as a person writes them', () => {
  test.each([
    [0, '$0'],
    [0.000001, '<$0.00001'],
    [0.00012, '$0.00012'],
    [0.0134, '$0.01'],
    [3.5, '$3.50'],
    [12_345.6, '$12,346'],
    [1_250_000, '$1.3\u00a0M'],
    [null, '–'],
  ])('%p dollars: %s', (value, text) => expect(money(value)).toBe(text));

  test.each([
    [57, '57'],
    [12_345, '12,345'],
    [912_170, '912\u00a0K'],
    [1_234_567, '1.23\u00a0M'],
    [undefined, '–'],
  ])('a count of %p: %s', (value, text) => expect(count(value)).toBe(text));

  test.each([
    [0.4, '0.4 ms'],
    [340, '340 ms'],
    [2_100, '2.1 s'],
    [60_000, '1 min'],
    [95_000, '1 min 35 s'],
    [7_500_000, '2 h 5 min'],
    [2 * 86_400_000, '2 d'],
    [0, '0 s'],
    [-5, '0 s'],
  ])('%p milliseconds: %s', (value, text) => expect(duration(value)).toBe(text));

  test('shares, changes and sizes', () => {
    expect([percent(0.0123), percent(0.5), percent(null)]).toEqual(['1.2%', '50%', '–']);
    expect([change(0.12), change(-0.5), change(24), change(null)]).toEqual(['+12%', '-50%', '', '']);
    expect([bytes(900), bytes(1_536), bytes(20_971_520)]).toEqual(['900 B', '1.5 kB', '21 MB']);
    expect([
      metricValue('COST_USD', 2),
      metricValue('ERROR_RATE', 0.25),
      metricValue('LATENCY_P95', 1_500),
      metricValue('REQUESTS', 9),
    ]).toEqual(['$2.00', '25%', '1.5 s', '9']);
    expect([
      label('CLOUD_RESOURCE'),
      label('ApiKey'),
      label('NotificationChannel'),
      label('utf8'),
      label(null),
    ]).toEqual(['Cloud resource', 'API key', 'Notification channel', 'UTF-8', '–']);
  });

  test('how long ago, to the unit that matters', () => {
    const now = Date.parse('2026-11-27T21:00:00Z');
    const at = (seconds: number) => relative(new Date(now + seconds * 1_000).toISOString(), now);
    expect([at(-2), at(-45), at(-190), at(-3 * 3_600), at(-86_400 * 2), at(86_400 * 30)]).toEqual([
      'now',
      '45 sec ago',
      '3 min ago',
      '3 hr ago',
      '2 days ago',
      'next mo',
    ]);
    // A key for 90 days, an invitation for 7, a silence of an hour, each a moment after it was made.
    expect([at(90 * 86_400 - 20), at(7 * 86_400 - 20), at(3_590), at(-3_590), at(-86_390)]).toEqual([
      'in 3 mo',
      'in 7 days',
      'in 1 hr',
      '59 min ago',
      '23 hr ago',
    ]);
  });

  test('another language has its own signs', () => {
    setLocale('de');
    expect([count(12_345), money(3.5)]).toEqual(['12.345', '3,50\u00a0$']);
  });
});
