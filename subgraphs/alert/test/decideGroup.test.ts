import { describe, expect, test } from '@jest/globals';
import { decideGroup } from '../src/domain/decideGroup.js';
import type { GroupDecision, GroupMember, GroupState, RouteTimes } from '../src/domain/decideGroup.js';

const second = 1_000;
const times: RouteTimes = {
  groupWaitMs: 30 * second,
  groupIntervalMs: 300 * second,
  repeatMs: 3_600 * second,
  stepsAfterMs: [0, 600 * second, 1_800 * second],
};

/** A group that is looked at whenever something is due, and what people are told of it. */
class Group {
  state: GroupState = { newsAt: null, notifiedAt: null, step: null };
  readonly members = new Map<string, GroupMember>();
  readonly told: string[] = [];
  dueAt: number | null = null;

  /** Something happens to an alert; the group is looked at. */
  happens(at: number, alertId: string, facts: Partial<GroupMember> = {}): void {
    this.passUntil(at);
    const before = this.members.get(alertId) ?? {
      alertId,
      status: 'FIRING',
      severity: 'WARNING',
      flapping: false,
      isHeld: false,
      told: null,
      since: at,
      step: null,
    };
    const now = { ...before, ...facts };
    const isWaiting = now.status === 'FIRING' && !now.isHeld;
    this.members.set(alertId, {
      ...now,
      since: isWaiting ? (before.since ?? at) : null,
      step: isWaiting ? now.step : null,
    });
    this.look(at);
  }

  passUntil(at: number): void {
    while (this.dueAt !== null && this.dueAt <= at) this.look(this.dueAt);
  }

  private look(now: number): void {
    const decided: GroupDecision = decideGroup(times, this.state, [...this.members.values()], now);
    this.state = decided.group;
    for (const member of decided.told) this.members.set(member.alertId, member);
    for (const alertId of decided.gone) this.members.delete(alertId);
    for (const { kind, alertIds, steps } of decided.notifications)
      this.told.push(`${now / second} ${kind} ${[...alertIds].sort().join('+')} to ${steps.join('+')}`);
    expect(decided.dueAt === null || decided.dueAt > now).toBe(true);
    this.dueAt = decided.dueAt;
  }
}

describe('a group of alerts', () => {
  test('is told once of what fires within its wait, and an interval later of what came behind', () => {
    const group = new Group();
    for (let made = 0; made < 40; made += 1) group.happens(made * 500, `a${String(made).padStart(2, '0')}`);
    group.happens(31 * second, 'b');
    group.passUntil(400 * second);
    expect(group.told).toHaveLength(2);
    expect(group.told[0]).toMatch(/^30 FIRED a00\+a01.*\+a39 to 0$/);
    expect(group.told[1]).toMatch(/^330 UPDATED a00.*\+a39\+b to 0$/);
  });

  test('says nothing of what was over before it was told', () => {
    const group = new Group();
    group.happens(0, 'a');
    group.happens(10 * second, 'a', { status: 'RESOLVED' });
    group.passUntil(10_000 * second);
    expect(group.told).toEqual([]);
    expect(group.members.size).toBe(0);
  });

  test('is told that all is over, also under a silence, and begins anew behind it', () => {
    const group = new Group();
    group.happens(0, 'a');
    group.happens(60 * second, 'a', { isHeld: true });
    group.happens(400 * second, 'a', { status: 'RESOLVED' });
    group.passUntil(500 * second);
    group.happens(500 * second, 'b');
    group.passUntil(540 * second);
    expect(group.told).toEqual(['30 FIRED a to 0', '430 RESOLVED a to 0', '530 FIRED b to 0']);
  });

  test('is told again while nobody has acknowledged it, and not once somebody has', () => {
    const group = new Group();
    group.happens(0, 'a');
    group.passUntil(1_900 * second);
    group.passUntil(9_100 * second);
    const repeats = group.told.filter((text) => text.includes('REPEATED'));
    expect(repeats).toEqual(['5400 REPEATED a to 0+1+2', '9000 REPEATED a to 0+1+2']);
    group.happens(9_200 * second, 'a', { status: 'ACKNOWLEDGED' });
    group.passUntil(90_000 * second);
    expect(group.told.at(-1)).toBe('9300 UPDATED a to 0+1+2');
  });

  test('is told to others, step by step, while nobody has acknowledged it', () => {
    const group = new Group();
    group.happens(0, 'a');
    group.passUntil(700 * second);
    expect(group.told).toEqual(['30 FIRED a to 0', '600 ESCALATED a to 1']);
    group.happens(800 * second, 'a', { status: 'ACKNOWLEDGED' });
    group.passUntil(3_000 * second);
    expect(group.told.slice(2)).toEqual(['900 UPDATED a to 0+1']);
    // Given back: it begins at the first step again.
    group.happens(3_000 * second, 'a', { status: 'FIRING' });
    group.passUntil(4_900 * second);
    expect(group.told.slice(3)).toEqual(['3030 UPDATED a to 0+1', '3600 ESCALATED a to 1', '4800 ESCALATED a to 2']);
  });

  test('escalates for each of its alerts by when that one fired', () => {
    const group = new Group();
    group.happens(0, 'a');
    group.happens(500 * second, 'b');
    group.passUntil(1_200 * second);
    expect(group.told).toEqual([
      '30 FIRED a to 0',
      '530 UPDATED a+b to 0',
      '600 ESCALATED a to 1',
      '1100 ESCALATED b to 1',
    ]);
  });

  test('holds everything while a silence does, and tells what still fires behind it', () => {
    const group = new Group();
    group.happens(0, 'a', { isHeld: true });
    group.passUntil(5_000 * second);
    expect(group.told).toEqual([]);
    group.happens(5_000 * second, 'a', { isHeld: false });
    group.passUntil(5_100 * second);
    expect(group.told).toEqual(['5030 FIRED a to 0']);
    group.happens(5_100 * second, 'a', { isHeld: true });
    group.passUntil(50_000 * second);
    expect(group.told).toHaveLength(1);
    group.happens(50_000 * second, 'a', { isHeld: false });
    expect(group.told.slice(1)).toEqual(['50000 ESCALATED a to 0']);
  });

  test('is told three times at most of an alert that flaps and becomes graver', () => {
    const group = new Group();
    group.happens(0, 'a');
    group.happens(40 * second, 'a', { flapping: true });
    group.happens(50 * second, 'a', { severity: 'CRITICAL' });
    group.happens(350 * second, 'a', { flapping: false, status: 'RESOLVED' });
    group.passUntil(10_000 * second);
    expect(group.told).toEqual(['30 FIRED a to 0', '330 UPDATED a to 0', '630 RESOLVED a to 0']);
  });
});
