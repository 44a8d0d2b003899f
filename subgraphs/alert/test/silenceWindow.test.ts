import { describe, expect, test } from '@jest/globals';
import { checkSilence } from '../src/domain/checkSilence.js';
import type { SilenceDefinition } from '../src/domain/checkSilence.js';
import { nextBeginning, windowAt } from '../src/domain/silenceWindow.js';

const at = (iso: string) => new Date(iso);

/** Sundays at a time of day in Zurich, for two hours. */
function sundays(startsAt: string, facts: Partial<SilenceDefinition> = {}): SilenceDefinition {
  return {
    kind: 'MAINTENANCE',
    matchers: [],
    comment: 'Patches',
    startsAt: at(startsAt),
    endsAt: at('2028-01-01T00:00:00Z'),
    rrule: 'FREQ=WEEKLY;BYDAY=SU',
    timeZone: 'Europe/Zurich',
    durationSeconds: 7_200,
    ...facts,
  };
}

const shown = (times: SilenceDefinition, iso: string) => {
  const window = windowAt(times, at(iso));
  return window && [window.from.toISOString(), window.until.toISOString()];
};

describe('maintenance that recurs', () => {
  test('begins at the same time of day on both sides of the change to summer time', () => {
    const window = sundays('2027-03-14T03:00:00Z');
    expect(shown(window, '2027-03-21T03:00:00Z')).toEqual(['2027-03-21T03:00:00.000Z', '2027-03-21T05:00:00.000Z']);
    // 4 o’clock is an hour earlier in UTC from the day of the change on.
    expect(shown(window, '2027-03-28T01:59:59Z')).toEqual(['2027-03-28T02:00:00.000Z', '2027-03-28T04:00:00.000Z']);
    expect(shown(window, '2027-03-28T02:00:00Z')).toEqual(['2027-03-28T02:00:00.000Z', '2027-03-28T04:00:00.000Z']);
    expect(shown(window, '2027-03-28T04:00:00Z')).toEqual(['2027-04-04T02:00:00.000Z', '2027-04-04T04:00:00.000Z']);
  });

  test('begins at the same time of day on both sides of the change to winter time', () => {
    const window = sundays('2027-10-17T02:00:00Z');
    expect(shown(window, '2027-10-24T02:30:00Z')).toEqual(['2027-10-24T02:00:00.000Z', '2027-10-24T04:00:00.000Z']);
    expect(shown(window, '2027-10-31T02:30:00Z')).toEqual(['2027-10-31T03:00:00.000Z', '2027-10-31T05:00:00.000Z']);
  });

  test('takes two hours of the clock that nobody changes when its zone’s changes meanwhile', () => {
    // 1 o’clock until 3 o’clock, or 4 o’clock when the clock skips an hour, or 2 o’clock when an hour comes twice.
    expect(shown(sundays('2027-03-14T00:00:00Z'), '2027-03-28T00:30:00Z')).toEqual([
      '2027-03-28T00:00:00.000Z',
      '2027-03-28T02:00:00.000Z',
    ]);
    expect(shown(sundays('2027-10-16T23:00:00Z'), '2027-10-31T00:30:00Z')).toEqual([
      '2027-10-30T23:00:00.000Z',
      '2027-10-31T01:00:00.000Z',
    ]);
  });

  test('does not take place when the clock skips its beginning, and is the first of two', () => {
    const skipped = sundays('2027-03-14T01:30:00Z');
    expect(shown(skipped, '2027-03-21T04:00:00Z')).toEqual(['2027-04-04T00:30:00.000Z', '2027-04-04T02:30:00.000Z']);
    const twice = sundays('2027-10-17T00:30:00Z');
    expect(shown(twice, '2027-10-31T00:29:00Z')).toEqual(['2027-10-31T00:30:00.000Z', '2027-10-31T02:30:00.000Z']);
    expect(nextBeginning(twice, at('2027-10-31T00:30:00Z'))).toEqual(at('2027-11-07T01:30:00Z'));
  });

  test('ends with its series, also within an occurrence', () => {
    const window = sundays('2027-03-14T03:00:00Z', { endsAt: at('2027-03-21T04:00:00Z') });
    expect(shown(window, '2027-03-21T03:10:00Z')).toEqual(['2027-03-21T03:00:00.000Z', '2027-03-21T04:00:00.000Z']);
    expect(shown(window, '2027-03-21T04:00:00Z')).toBeNull();
    expect(nextBeginning(window, at('2027-03-21T03:10:00Z'))).toBeNull();
    const counted = sundays('2027-03-14T03:00:00Z', { rrule: 'FREQ=WEEKLY;BYDAY=SU;COUNT=2' });
    expect(shown(counted, '2027-03-21T05:00:00Z')).toBeNull();
  });
});

describe('a silence that cannot be', () => {
  const now = at('2027-03-01T00:00:00Z');
  const refuse = (facts: Partial<SilenceDefinition>, message: RegExp) =>
    expect(() => checkSilence(sundays('2027-03-14T03:00:00Z', facts), now)).toThrow(message);

  test('is refused, with what to do', () => {
    refuse({ comment: '  ' }, /says something/);
    refuse({ endsAt: at('2027-03-01T00:00:00Z') }, /later than `startsAt`/);
    refuse({ startsAt: at('2027-01-01T00:00:00Z'), endsAt: at('2027-02-01T00:00:00Z') }, /in the past/);
    refuse({ endsAt: at('2032-04-01T00:00:00Z') }, /five years/);
    refuse({ timeZone: null }, /timeZone/);
    refuse({ timeZone: 'Europe/Nowhere' }, /IANA/);
    refuse({ durationSeconds: null }, /durationSeconds/);
    refuse({ durationSeconds: 8 * 86_400 }, /604,800/);
    refuse({ rrule: null }, /Give `rrule`/);
    refuse({ rrule: 'FREQ=MINUTELY' }, /RFC 5545/);
    refuse({ rrule: 'DTSTART:20270101T000000Z\nRRULE:FREQ=DAILY' }, /without DTSTART/);
    refuse({ rrule: 'FREQ=WEEKLY;BYDAY=XX' }, /cannot be read/);
    refuse({ rrule: 'FREQ=HOURLY;BYMINUTE=0,30' }, /one occurrence an hour/);
    refuse({ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, /leads to nothing/);
    refuse({ rrule: 'FREQ=DAILY;COUNT=5000' }, /COUNT=500/);
    refuse({ rrule: 'FREQ=DAILY;UNTIL=20270301T000000Z' }, /no occurrence/);
  });

  test('may be every hour', () => {
    expect(() => checkSilence(sundays('2027-03-14T03:00:00Z', { rrule: 'FREQ=HOURLY' }), now)).not.toThrow();
  });
});
