import type { AlertMetric } from '@tributary/contracts/values';
import { isBeyond, isOpen, newInstance, step } from './alertMachine.js';
import type { AlertInstance, Effect, MachineRule, Observation, Threshold } from './alertMachine.js';
import type { EvaluatedRule } from './EvaluatedRule.js';

/**
 * What an alert of a rule is about: one group (or all), data of a group that stopped, groups beyond the most that a rule may have, or that
 * the rule cannot be evaluated.
 */
export type AlertCause = 'CONDITION' | 'NO_DATA' | 'OVERFLOW' | 'HEALTH';

/** An instance with its place. */
export interface Tracked {
  readonly fingerprint: string;
  readonly cause: AlertCause;
  /** Of the group; null without groups, for traces without a value, and for OVERFLOW. */
  readonly key: string | null;
  readonly instance: AlertInstance;
}

export type TrackedByFingerprint = ReadonlyMap<string, Tracked>;

/** Of each condition of the rule, the value of each group that has one. */
export type TickFigures = readonly ReadonlyMap<string | null, number | null>[];

/** What became of one fingerprint at a tick. */
export interface Moved {
  /** Nothing was known of it before. */
  readonly isNew: boolean;
  readonly before: AlertInstance;
  readonly after: Tracked;
  readonly effects: readonly Effect[];
}

export interface TickOutcome {
  readonly tick: number;
  readonly moved: readonly Moved[];
  /** Everything that is known behind the tick. */
  readonly tracked: TrackedByFingerprint;
  /** Groups that meet the condition and have no alert, because the rule has as many as it may have. */
  readonly droppedGroups: number;
}

/** Metrics that are 0 without data, and not unknown. */
const additive: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'REQUESTS',
  'ERRORS',
  'COST_USD',
  'INPUT_TOKENS',
  'OUTPUT_TOKENS',
  'FLOWS_FAILED',
  'FLOW_RUNNING_SECONDS',
  'FLOW_WAITING_SECONDS',
  'ASSETS_NEW',
  'ASSETS_UNMAPPED',
  'ASSETS_MISSING',
  'PERSONAL_DATA_FOUND',
  'WEBHOOK_FAILING_SECONDS',
  'WEBHOOK_LAG_EVENTS',
]);

/** How long a group that had data still counts as having 0 of them; after that it is taken for gone. */
export const groupMemoryMs = 24 * 3_600_000;

const onWhenAboveZero: Threshold = { comparison: 'ABOVE', threshold: 0, recoveryThreshold: null };

/** Whether groups are kept in mind while nothing is wrong with them, since it is their silence that may be. */
export function remembersGroups(rule: EvaluatedRule): boolean {
  if (rule.groupBy === null) return false;
  if (rule.machine.noData === 'FIRE' || rule.machine.noData === 'ALERT') return true;
  return rule.conditions.some(
    ({ metric, comparison, threshold }) => additive.has(metric) && isBeyond(comparison, threshold, 0),
  );
}

/** Evaluates a rule at one tick. Pure: rules at work, rules that are tried and late data all come through here. */
export function evaluateTick(
  rule: EvaluatedRule,
  known: TrackedByFingerprint,
  figures: TickFigures,
  tick: number,
): TickOutcome {
  const groups = [...keysOf(rule, known, figures)].flatMap((key) => {
    const fingerprint = fingerprintOf(rule, key);
    const before = known.get(fingerprint)?.instance ?? newInstance(tick);
    const observation = observe(rule, known.has(fingerprint), before, figures, key, tick);
    return observation ? [{ fingerprint, key, before, observation }] : [];
  });
  const stepped = groups.map((group) => ({ ...group, ...step(rule.machine, group.before, group.observation, tick) }));
  const { taken, droppedGroups } = withinLimit(rule, known, stepped);
  const moved: Moved[] = taken.map(({ fingerprint, key, before, instance, effects }) => ({
    isNew: !known.has(fingerprint),
    before,
    after: { fingerprint, cause: 'CONDITION', key, instance },
    effects,
  }));
  if (rule.machine.noData === 'ALERT') {
    for (const { key, observation } of groups) moved.push(...stepSilence(rule, known, key, observation, tick));
  }
  moved.push(...stepOwn(rule, known, `${rule.fingerprint}#overflow`, 'OVERFLOW', null, droppedGroups, tick));
  const tracked = new Map(known);
  for (const { after } of moved) {
    if (isWorthKeeping(rule, after, tick)) tracked.set(after.fingerprint, after);
    else tracked.delete(after.fingerprint);
  }
  return { tick, moved, tracked, droppedGroups };
}

/** Evaluates ticks one behind the other. */
export function runTicks(
  rule: EvaluatedRule,
  from: TrackedByFingerprint,
  ticks: readonly number[],
  figures: readonly TickFigures[],
): TickOutcome[] {
  let tracked = from;
  return ticks.map((tick, index) => {
    const outcome = evaluateTick(rule, tracked, figures[index]!, tick);
    tracked = outcome.tracked;
    return outcome;
  });
}

/** `rule:<uuid>`, and for a group `rule:<uuid>:<key>`; data without a value are the group with the empty key. */
export function fingerprintOf(rule: Pick<EvaluatedRule, 'fingerprint' | 'groupBy'>, key: string | null): string {
  return rule.groupBy === null ? rule.fingerprint : `${rule.fingerprint}:${key ?? ''}`;
}

function keysOf(rule: EvaluatedRule, known: TrackedByFingerprint, figures: TickFigures): ReadonlySet<string | null> {
  if (rule.groupBy === null) return new Set([null]);
  const keys = new Set<string | null>(rule.expect);
  for (const { cause, key } of known.values()) if (cause === 'CONDITION') keys.add(key);
  for (const values of figures) for (const key of values.keys()) keys.add(key);
  return keys;
}

/** Null: it is not looked at yet. */
function observe(
  rule: EvaluatedRule,
  isKnown: boolean,
  { noDataSince }: AlertInstance,
  figures: TickFigures,
  key: string | null,
  tick: number,
): Observation | null {
  const hasData = figures.some((values) => values.has(key));
  const isAwaited = rule.groupBy === null || (key !== null && rule.expect.includes(key));
  if (!hasData && isAwaited && !isKnown && tick < rule.graceUntil) return null;
  if (!hasData && !isAwaited && !isKnown) return null;
  const isRemembered = isAwaited || tick - (noDataSince ?? tick) < groupMemoryMs;
  const values = rule.conditions.map(({ metric }, index) => {
    const value = figures[index]?.get(key);
    if (value !== undefined) return value;
    return additive.has(metric) && (hasData || isRemembered) ? 0 : null;
  });
  if (hasData || values.some((value) => value !== null)) return { kind: 'VALUE', values, hasData };
  if (isAwaited) return { kind: 'NO_DATA', goneAfterMs: null };
  // Where silence is what is told, a group may be silent for as long as it is remembered.
  const tellsSilence = rule.machine.noData === 'FIRE' || rule.machine.noData === 'ALERT';
  return { kind: 'NO_DATA', goneAfterMs: tellsSilence ? groupMemoryMs : rule.missingAfterMs };
}

interface Stepped {
  readonly fingerprint: string;
  readonly key: string | null;
  readonly before: AlertInstance;
  readonly instance: AlertInstance;
  readonly effects: readonly Effect[];
}

/** Of the groups that would fire, as many as the rule may have alerts of, the worst first. The others stay as they were. */
function withinLimit(
  rule: EvaluatedRule,
  known: TrackedByFingerprint,
  stepped: readonly Stepped[],
): { readonly taken: readonly Stepped[]; readonly droppedGroups: number } {
  const fires = ({ effects }: Stepped) => effects.some(({ kind }) => kind === 'FIRE' || kind === 'REOPEN');
  const fresh = stepped.filter(fires);
  const others = stepped.filter((group) => !fires(group));
  const open = others.filter(({ instance }) => isOpen(instance)).length;
  const room = Math.max(0, rule.maxAlerts - open);
  if (fresh.length <= room) return { taken: stepped, droppedGroups: 0 };
  const { comparison } = rule.conditions[0]!;
  const side = comparison === 'ABOVE' ? -1 : 1;
  const worstFirst = fresh.toSorted(
    (one, other) =>
      side * ((one.instance.value ?? 0) - (other.instance.value ?? 0)) ||
      (one.fingerprint < other.fingerprint ? -1 : 1),
  );
  const dropped = worstFirst.slice(room).map(({ instance, effects: _, ...group }) => ({
    ...group,
    instance: { ...group.before, value: instance.value, observedAt: instance.observedAt },
    effects: [],
  }));
  const keptInMind = dropped.filter(({ fingerprint }) => known.has(fingerprint));
  return { taken: [...others, ...worstFirst.slice(0, room), ...keptInMind], droppedGroups: dropped.length };
}

/** The alert of its own that policy ALERT has of a group whose data stopped. */
function stepSilence(
  rule: EvaluatedRule,
  known: TrackedByFingerprint,
  key: string | null,
  observation: Observation,
  tick: number,
): Moved[] {
  // The key stands last, so that no key can be taken for another thing.
  const fingerprint =
    rule.groupBy === null ? `${rule.fingerprint}#no-data` : `${rule.fingerprint}#no-data:${key ?? ''}`;
  const group = known.get(fingerprintOf(rule, key))?.instance;
  const isGone =
    observation.kind === 'NO_DATA' &&
    observation.goneAfterMs !== null &&
    tick - (group?.noDataSince ?? tick) >= observation.goneAfterMs;
  const isSilent = observation.kind !== 'ERROR' && !(observation.kind === 'VALUE' && observation.hasData) && !isGone;
  return stepOwn(rule, known, fingerprint, 'NO_DATA', key, isSilent ? 1 : 0, tick);
}

/** An alert that a rule raises about itself: as long as a number is above 0. */
export function stepOwn(
  rule: EvaluatedRule,
  known: TrackedByFingerprint,
  fingerprint: string,
  cause: AlertCause,
  key: string | null,
  value: number,
  tick: number,
): Moved[] {
  if (value === 0 && !known.has(fingerprint)) return [];
  const before = known.get(fingerprint)?.instance ?? newInstance(tick);
  const { forMs, reopenMs, flapMs } = rule.machine;
  const machine: MachineRule = {
    conditions: [onWhenAboveZero],
    combine: 'ALL',
    forMs: cause === 'NO_DATA' ? forMs : 0,
    keepFiringMs: 0,
    noData: 'HOLD',
    reopenMs,
    flapMs,
  };
  const { instance, effects } = step(machine, before, { kind: 'VALUE', values: [value], hasData: true }, tick);
  return [{ isNew: !known.has(fingerprint), before, after: { fingerprint, cause, key, instance }, effects }];
}

/** Nothing is kept of what is well and has been for long: another look at it begins anew and comes to the same. */
export function isWorthKeeping(rule: EvaluatedRule, { cause, instance }: Tracked, tick: number): boolean {
  const { state, mutedUntilClear, flapping, changes, endedAt, noDataSince } = instance;
  if (state !== 'OK' || mutedUntilClear || flapping) return true;
  if (tick - (changes.at(-1) ?? -Infinity) < rule.machine.flapMs) return true;
  if (endedAt !== null && tick - endedAt <= rule.machine.reopenMs) return true;
  if (cause !== 'CONDITION' || !remembersGroups(rule)) return false;
  return noDataSince === null || tick - noDataSince < groupMemoryMs;
}
