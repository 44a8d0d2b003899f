import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endByPerson, isOpen, newInstance, step } from '../src/domain/alertMachine.js';
import type { AlertInstance, Effect, MachineRule, Observation } from '../src/domain/alertMachine.js';

const minute = 60_000;
const plain: MachineRule = {
  conditions: [{ comparison: 'ABOVE', threshold: 10, recoveryThreshold: null }],
  combine: 'ALL',
  forMs: 0,
  keepFiringMs: 0,
  noData: 'HOLD',
  reopenMs: 10 * minute,
  flapMs: 15 * minute,
};
const value = (number: number | null, hasData = true): Observation => ({ kind: 'VALUE', values: [number], hasData });
const noData = (goneAfterMs: number | null = null): Observation => ({ kind: 'NO_DATA', goneAfterMs });
const error: Observation = { kind: 'ERROR' };
const [met, notMet] = [value(11), value(10)];

function said(effects: readonly Effect[]): string[] {
  return effects.map((effect) => (effect.kind === 'RESOLVE' ? `RESOLVE ${effect.reason}` : effect.kind));
}

/** Walks from the beginning, a minute a step; what was said at each. */
function walk(rule: MachineRule, observations: readonly Observation[], everyMs = minute) {
  let instance = newInstance(0);
  const effects = observations.map((observation, index) => {
    const moved = step(rule, instance, observation, index * everyMs);
    instance = moved.instance;
    return said(moved.effects).join(', ');
  });
  return { instance, effects };
}

const at = (state: AlertInstance['state'], since = 0, more: Partial<AlertInstance> = {}): AlertInstance => ({
  ...newInstance(0),
  state,
  since,
  toldAt: state === 'OK' || state === 'PENDING' ? null : since,
  ...more,
});

describe('the table', () => {
  const withFor = { ...plain, forMs: 5 * minute };
  const kept = { ...plain, keepFiringMs: 5 * minute };
  const cells: [string, MachineRule, AlertInstance, Observation, number, AlertInstance['state'], string][] = [
    ['OK, met, no `for`: fires', plain, at('OK'), met, minute, 'FIRING', 'FIRE'],
    ['OK, met, with `for`: waits', withFor, at('OK'), met, minute, 'PENDING', ''],
    ['OK, not met: stays', plain, at('OK'), notMet, minute, 'OK', ''],
    ['OK, error: stays', plain, at('OK'), error, minute, 'OK', ''],
    ['PENDING, met, not for long enough: waits', withFor, at('PENDING'), met, 4 * minute, 'PENDING', ''],
    ['PENDING, met for long enough: fires', withFor, at('PENDING'), met, 5 * minute, 'FIRING', 'FIRE'],
    ['PENDING, not met: OK', withFor, at('PENDING'), notMet, minute, 'OK', ''],
    ['PENDING, error: stays', withFor, at('PENDING'), error, 9 * minute, 'PENDING', ''],
    ['FIRING, met, a minute later: repeats', plain, at('FIRING'), met, minute, 'FIRING', 'REPEAT'],
    ['FIRING, met, at once: nothing', plain, at('FIRING'), met, 10_000, 'FIRING', ''],
    ['FIRING, not met, kept for a time: recovers', kept, at('FIRING'), notMet, minute, 'RECOVERING', 'RECOVER'],
    ['FIRING, not met, not kept: ends', plain, at('FIRING'), notMet, minute, 'OK', 'RESOLVE BACK_TO_NORMAL'],
    ['FIRING, error: stays', plain, at('FIRING'), error, 9 * minute, 'FIRING', ''],
    ['RECOVERING, met: fires on', kept, at('RECOVERING'), met, minute, 'FIRING', 'RELAPSE'],
    ['RECOVERING, not met, not for long enough: waits', kept, at('RECOVERING'), notMet, minute, 'RECOVERING', ''],
    ['RECOVERING, not met for long enough', kept, at('RECOVERING'), notMet, 5 * minute, 'OK', 'RESOLVE BACK_TO_NORMAL'],
    ['RECOVERING, error: stays', kept, at('RECOVERING'), error, 9 * minute, 'RECOVERING', ''],
    ['HOLD: OK stays', plain, at('OK'), noData(), minute, 'OK', ''],
    ['HOLD: PENDING stays', withFor, at('PENDING'), noData(), 9 * minute, 'PENDING', ''],
    ['HOLD: FIRING stays', plain, at('FIRING'), noData(), 9 * minute, 'FIRING', ''],
    ['HOLD: RECOVERING stays', kept, at('RECOVERING'), noData(), 9 * minute, 'RECOVERING', ''],
    ['ALERT: FIRING stays', { ...plain, noData: 'ALERT' }, at('FIRING'), noData(), minute, 'FIRING', ''],
    ['RESOLVE: OK stays', { ...plain, noData: 'RESOLVE' }, at('OK'), noData(), minute, 'OK', ''],
    ['RESOLVE: PENDING is over', { ...withFor, noData: 'RESOLVE' }, at('PENDING'), noData(), minute, 'OK', ''],
    ['RESOLVE: FIRING ends', { ...plain, noData: 'RESOLVE' }, at('FIRING'), noData(), minute, 'OK', 'RESOLVE NO_DATA'],
    [
      'RESOLVE: RECOVERING ends',
      { ...kept, noData: 'RESOLVE' },
      at('RECOVERING'),
      noData(),
      1,
      'OK',
      'RESOLVE NO_DATA',
    ],
    ['FIRE: OK fires', { ...plain, noData: 'FIRE' }, at('OK'), noData(), minute, 'FIRING', 'FIRE'],
    ['FIRE: OK waits with `for`', { ...withFor, noData: 'FIRE' }, at('OK'), noData(), minute, 'PENDING', ''],
    ['FIRE: PENDING fires', { ...withFor, noData: 'FIRE' }, at('PENDING'), noData(), 5 * minute, 'FIRING', 'FIRE'],
    ['FIRE: RECOVERING fires on', { ...kept, noData: 'FIRE' }, at('RECOVERING'), noData(), minute, 'FIRING', 'RELAPSE'],
  ];
  test.each(cells)('%s', (_, rule, before, observation, tick, state, effects) => {
    const moved = step(rule, before, observation, tick);
    expect([moved.instance.state, said(moved.effects).join(', ')]).toEqual([state, effects]);
  });

  test('a group that stays away is gone: its alert ends with SERIES_GONE, once', () => {
    const first = step(plain, at('FIRING'), noData(10 * minute), minute);
    expect([first.instance.state, first.instance.noDataSince]).toEqual(['FIRING', minute]);
    const gone = step(plain, first.instance, noData(10 * minute), 11 * minute);
    expect(said(gone.effects)).toEqual(['RESOLVE SERIES_GONE']);
    expect(step(plain, gone.instance, noData(10 * minute), 12 * minute).effects).toEqual([]);
  });

  test('says since when data are missing, and forgets it when they are back', () => {
    const { instance } = walk(plain, [met, noData(), noData()]);
    expect(instance.noDataSince).toBe(minute);
    expect(step(plain, instance, met, 5 * minute).instance.noDataSince).toBeNull();
    expect(step(plain, instance, value(0, false), 5 * minute).instance.noDataSince).toBe(minute);
  });
});

describe('thresholds', () => {
  test('what fired must get behind the recovery threshold to be over', () => {
    const rule = { ...plain, conditions: [{ ...plain.conditions[0]!, recoveryThreshold: 8 }] };
    const { effects } = walk(rule, [value(9), value(11), value(9), value(8.1), value(8), value(9)], 10_000);
    expect(effects).toEqual(['', 'FIRE', '', '', 'RESOLVE BACK_TO_NORMAL', '']);
  });

  test('below works the other way round, and an unknown value meets nothing', () => {
    const rule: MachineRule = { ...plain, conditions: [{ comparison: 'BELOW', threshold: 5, recoveryThreshold: 7 }] };
    const { effects } = walk(rule, [value(null), value(5), value(4), value(6), value(7)], 10_000);
    expect(effects).toEqual(['', '', 'FIRE', '', 'RESOLVE BACK_TO_NORMAL']);
  });

  test.each([
    [
      'ALL',
      [
        [11, 1],
        [11, 30],
        [11, 1],
      ],
      ['', 'FIRE', 'RESOLVE BACK_TO_NORMAL'],
    ],
    [
      'ANY',
      [
        [1, 1],
        [11, 1],
        [1, 1],
      ],
      ['', 'FIRE', 'RESOLVE BACK_TO_NORMAL'],
    ],
  ] as const)('%s of several conditions', (combine, pairs, effects) => {
    const conditions = [plain.conditions[0]!, { comparison: 'ABOVE', threshold: 20, recoveryThreshold: null } as const];
    const observations = pairs.map((values): Observation => ({ kind: 'VALUE', values, hasData: true }));
    expect(walk({ ...plain, conditions, combine }, observations).effects).toEqual(effects);
  });
});

describe('an alert in time', () => {
  test('waits anew when the condition was over in between', () => {
    const rule = { ...plain, forMs: 2 * minute };
    expect(walk(rule, [met, met, notMet, met, met, met]).effects).toEqual(['', '', '', '', '', 'FIRE']);
  });

  test('is told again after 1, 2, 4 … 60 minutes', () => {
    const { effects } = walk(
      plain,
      Array.from({ length: 200 }, () => met),
    );
    const told = effects.flatMap((effect, index) => (effect === 'REPEAT' ? [index] : []));
    expect(told).toEqual([1, 3, 7, 15, 31, 63, 123, 183]);
  });

  test('is the same when it comes back soon, and another one later', () => {
    const soon = walk(plain, [met, notMet, met]).effects;
    expect(soon).toEqual(['FIRE', 'RESOLVE BACK_TO_NORMAL', 'REOPEN']);
    const later = walk({ ...plain, reopenMs: minute }, [met, notMet, notMet, notMet, met]).effects;
    expect(later.at(-1)).toBe('FIRE');
  });

  test('that flaps stays open, is told so once, and again when it has been still for long enough', () => {
    const turns = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? met : notMet));
    const flapping = walk(plain, turns, 12_000);
    expect(flapping.effects.filter((effect) => effect !== '')).toEqual([
      'FIRE',
      'RESOLVE BACK_TO_NORMAL',
      'REOPEN',
      'FLAP',
    ]);
    expect([flapping.instance.flapping, isOpen(flapping.instance)]).toEqual([true, true]);
    const still = step(plain, flapping.instance, notMet, 9 * 12_000 + 15 * minute);
    expect(said(still.effects)).toEqual(['SETTLE', 'RESOLVE BACK_TO_NORMAL']);
    const holds = step(plain, { ...flapping.instance, state: 'FIRING' }, met, 9 * 12_000 + 15 * minute);
    expect(said(holds.effects)).toEqual(['SETTLE']);
  });

  test('that a person has called over is quiet until its condition was over', () => {
    const { instance } = walk(plain, [met, met]);
    const muted = endByPerson(instance, 'WHEN_CLEARED', 100_000);
    expect(isOpen(muted)).toBe(false);
    const still = step(plain, muted, met, 10 * minute);
    expect(said(still.effects)).toEqual([]);
    const cleared = step(plain, still.instance, notMet, 11 * minute);
    expect(said(cleared.effects)).toEqual([]);
    expect(said(step(plain, cleared.instance, met, 12 * minute).effects)).toEqual(['FIRE']);
    const again = step(plain, endByPerson(instance, 'IMMEDIATELY', 100_000), met, 2 * minute);
    expect(said(again.effects)).toEqual(['FIRE']);
  });
});

test('in 10,000 walks an alert is opened and ended in turns, and is open exactly when it should be', () => {
  const observations = fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 20 }).map((number) => value(number)),
      fc.constant(value(0, false)),
      fc.constant(noData(3 * minute)),
      fc.constant(noData()),
      fc.constant(error),
      fc.constantFrom('WHEN_CLEARED' as const, 'IMMEDIATELY' as const),
    ),
    { maxLength: 60 },
  );
  const rules = fc.record({
    conditions: fc.constantFrom(
      plain.conditions,
      [{ comparison: 'ABOVE', threshold: 10, recoveryThreshold: 5 } as const],
      [{ comparison: 'BELOW', threshold: 5, recoveryThreshold: null } as const],
    ),
    combine: fc.constant('ALL' as const),
    forMs: fc.constantFrom(0, minute, 3 * minute),
    keepFiringMs: fc.constantFrom(0, 2 * minute),
    noData: fc.constantFrom('HOLD' as const, 'RESOLVE' as const, 'FIRE' as const, 'ALERT' as const),
    reopenMs: fc.constantFrom(0, 5 * minute),
    flapMs: fc.constantFrom(4 * minute, 15 * minute),
  });
  const walks = fc.property(rules, observations, (rule, course) => {
    let instance = newInstance(0);
    let open = false;
    for (const [index, observation] of course.entries()) {
      const tick = index * 20_000;
      if (typeof observation === 'string') {
        if (open) instance = endByPerson(instance, observation, tick);
        open = false;
      } else {
        const moved = step(rule, instance, observation, tick);
        instance = moved.instance;
        for (const effect of moved.effects) {
          const opens = effect.kind === 'FIRE' || effect.kind === 'REOPEN';
          // Nothing is opened twice, and nothing is said of what is not open.
          expect([effect.kind, open]).toEqual([effect.kind, !opens]);
          if (opens) open = true;
          if (effect.kind === 'RESOLVE') open = false;
        }
        if (observation.kind === 'ERROR') expect(moved.effects).toEqual([]);
      }
      expect(isOpen(instance)).toBe(open);
      expect(instance.changes.length).toBeLessThanOrEqual(21);
      if (instance.mutedUntilClear) expect(instance.state).toBe('FIRING');
      if (instance.state === 'PENDING') expect(rule.forMs).toBeGreaterThan(0);
      if (instance.state === 'RECOVERING') expect(rule.keepFiringMs).toBeGreaterThan(0);
    }
  });
  fc.assert(walks, { numRuns: 10_000 });
}, 60_000);
