import { describe, expect, test } from '@jest/globals';
import { Lanes } from '../src/domain/Lanes.js';
import { lateTicks } from '../src/domain/lateTicks.js';
import { planTicks } from '../src/domain/planTicks.js';

const rulesOf = (workspaceId: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ workspaceId, ruleId: `${workspaceId}${n}` }));

describe('lanes', () => {
  test('a workspace with many rules leaves a lane free, and has a quarter while others wait', () => {
    const lanes = new Lanes(4, 10);
    lanes.add(rulesOf('noisy', 100));
    const taken = [lanes.next(), lanes.next(), lanes.next(), lanes.next()];
    expect(taken.map((rule) => rule?.workspaceId)).toEqual(['noisy', 'noisy', 'noisy', undefined]);
    lanes.add(rulesOf('quiet', 1));
    expect(lanes.next()?.workspaceId).toBe('quiet');
    lanes.add(rulesOf('other', 1));
    lanes.done(taken[0]!);
    expect(lanes.next()?.workspaceId).toBe('other');
  });

  test('a workspace has its turn with so many of its rules, and the next one behind all others', () => {
    const lanes = new Lanes(8, 3);
    lanes.add([...rulesOf('many', 5), ...rulesOf('few', 2)]);
    lanes.add(rulesOf('last', 1));
    const taken = Array.from({ length: 4 }, () => lanes.next()!);
    expect(taken.map(({ workspaceId, ruleIds }) => [workspaceId, ruleIds.length])).toEqual([
      ['many', 3],
      ['few', 2],
      ['last', 1],
      ['many', 2],
    ]);
    expect(lanes.next()).toBeNull();
  });

  test('a rule that waits or is worked on is not taken a second time', () => {
    const lanes = new Lanes(4, 10);
    lanes.add(rulesOf('one', 1));
    lanes.add(rulesOf('one', 1));
    const rule = lanes.next();
    expect(rule?.ruleIds).toHaveLength(1);
    lanes.add(rulesOf('one', 1));
    expect(lanes.next()).toBeNull();
    lanes.done(rule!);
    lanes.add(rulesOf('one', 1));
    expect(lanes.next()).toEqual(rule);
  });
});

describe('ticks', () => {
  const rule = { everyMs: 10_000 };

  test('are whole multiples of the step, whatever the moment', () => {
    const plan = planTicks(rule, { now: 1_000_123, delayMs: 15_000, evaluatedUntil: null }, 360);
    expect(plan).toEqual({ firstTick: 980_000, count: 1, skipped: 0, beside: [] });
    expect(planTicks(rule, { now: 1_000_123, delayMs: 15_000, evaluatedUntil: 980_000 }, 360).count).toBe(0);
  });

  test('that were missed are made up for, the latest of them', () => {
    const plan = planTicks(rule, { now: 10_000_000, delayMs: 0, evaluatedUntil: 1_000_000 }, 360);
    expect(plan).toEqual({ firstTick: 10_000_000 - 359 * 10_000, count: 360, skipped: 540, beside: [] });
  });

  test('at the end of a discovery are beside the grid, and do not leave out those of the grid before them', () => {
    const moments = { now: 1_000_123, delayMs: 15_000, evaluatedUntil: 970_000 };
    const plan = planTicks(rule, moments, 360, [981_000, 990_000, 999_500]);
    expect(plan).toEqual({ firstTick: 980_000, count: 2, skipped: 0, beside: [981_000, 999_500] });
    // The grid goes on behind it as if it had not been.
    const next = planTicks(rule, { ...moments, now: 1_016_000, evaluatedUntil: 999_500 }, 360);
    expect(next).toEqual({ firstTick: 1_000_000, count: 1, skipped: 0, beside: [] });
  });
});

describe('late data', () => {
  const rule = {
    everyMs: 10_000,
    timeBasis: 'ENDED' as const,
    conditions: [
      {
        metric: 'ERRORS' as const,
        windowMs: 60_000,
        comparison: 'ABOVE' as const,
        threshold: 0,
        recoveryThreshold: null,
      },
    ],
  };
  const late = {
    last: 2,
    hasMore: false,
    isIncomplete: false,
    isNews: true,
    started: [],
    ended: [[10, 11]] as [number, number][],
  };
  const moments = { evaluatedUntil: 900_000, delayMs: 15_000, horizon: 0 };

  test('touch the ticks whose windows hold their minutes', () => {
    expect(lateTicks(rule, late, moments)).toEqual({ firstTick: 610_000, ignored: 0 });
    expect(lateTicks(rule, { ...late, ended: [[20, 21]] }, moments).firstTick).toBeNull();
    expect(lateTicks({ ...rule, timeBasis: 'STARTED' }, late, moments).firstTick).toBeNull();
    expect(lateTicks({ ...rule, timeBasis: 'INGESTED' }, late, moments).firstTick).toBeNull();
  });

  test('beyond the horizon are counted', () => {
    expect(lateTicks(rule, late, { ...moments, horizon: 800_000 })).toEqual({ firstTick: null, ignored: 1 });
  });
});
