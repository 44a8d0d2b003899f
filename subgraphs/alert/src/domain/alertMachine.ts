import type {
  AlertCombine,
  AlertInstanceState,
  AlertResolvedReason,
  Comparison,
  NoDataPolicy,
} from '@tributary/contracts/values';

/** On which side of which value a condition holds. */
export interface Threshold {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** What a value must get behind so that a condition that held is over. Null: the threshold itself. */
  readonly recoveryThreshold: number | null;
}

/** What of a rule decides. Times are milliseconds. */
export interface MachineRule {
  /** One at least; the first is what alerts show the value of. */
  readonly conditions: readonly Threshold[];
  readonly combine: AlertCombine;
  /** How long the condition must hold before the alert fires. */
  readonly forMs: number;
  /** How long it must be over before the alert ends. */
  readonly keepFiringMs: number;
  readonly noData: NoDataPolicy;
  /** An alert that ended by itself and fires again within this is the same alert. */
  readonly reopenMs: number;
  /** So many changes as `flappingChanges` within this are flapping; so long without one ends it. */
  readonly flapMs: number;
}

/** Where a rule stands with one fingerprint. Moments are milliseconds since 1970. */
export interface AlertInstance {
  readonly state: AlertInstanceState;
  /** When it came into this state. */
  readonly since: number;
  /** Of the first condition, at the last tick that had data. */
  readonly value: number | null;
  readonly observedAt: number | null;
  /** The first tick without data; null while there are some. */
  readonly noDataSince: number | null;
  /** A person has called it over: nothing fires before the condition was seen false. */
  readonly mutedUntilClear: boolean;
  /** The last ticks at which an alert began or ended. */
  readonly changes: readonly number[];
  /** It began and ended so often that its alert stays open. */
  readonly flapping: boolean;
  /** When its alert ended by itself; null while one is open, when a person ended it, and when there was none. */
  readonly endedAt: number | null;
  /** How often it was told since that the condition holds on. */
  readonly repeats: number;
  readonly toldAt: number | null;
}

/** What is known at a tick. */
export type Observation =
  | {
      readonly kind: 'VALUE';
      /** Of each condition; null where a share or quantile has no meaning. */
      readonly values: readonly (number | null)[];
      /** Whether data are behind them: counts are 0 without any. */
      readonly hasData: boolean;
    }
  | {
      readonly kind: 'NO_DATA';
      /** How long a group may be absent before it is taken for gone; null: for ever. */
      readonly goneAfterMs: number | null;
    }
  | { readonly kind: 'ERROR' };

/** What is to be done to the alert, in this order. */
export type Effect =
  | { readonly kind: 'FIRE' | 'REOPEN' | 'REPEAT' | 'RECOVER' | 'RELAPSE' | 'FLAP' | 'SETTLE' }
  | { readonly kind: 'RESOLVE'; readonly reason: AlertResolvedReason };

export interface Step {
  readonly instance: AlertInstance;
  readonly effects: readonly Effect[];
}

/** Changes that an instance remembers; flapping looks at the last four. */
const rememberedChanges = 21;
const flappingChanges = 4;
const minuteMs = 60_000;
const longestRepeatMs = 60 * minuteMs;

/** A fingerprint that nothing is known of yet. */
export function newInstance(tick: number): AlertInstance {
  return {
    state: 'OK',
    since: tick,
    value: null,
    observedAt: null,
    noDataSince: null,
    mutedUntilClear: false,
    changes: [],
    flapping: false,
    endedAt: null,
    repeats: 0,
    toldAt: null,
  };
}

/** Whether an alert is open for it. */
export function isOpen({ state, mutedUntilClear, flapping }: AlertInstance): boolean {
  return flapping || ((state === 'FIRING' || state === 'RECOVERING') && !mutedUntilClear);
}

/** Whether a value is on the wrong side of a threshold. One that is not known never is. */
export function isBeyond(comparison: Comparison, threshold: number, value: number | null): value is number {
  if (value === null) return false;
  return comparison === 'ABOVE' ? value > threshold : value < threshold;
}

/**
 * The next state of a fingerprint and what follows for its alert: the one place where that is decided, for rules at work, for rules that
 * are tried and for data that come late. Knows no clock: `tick` is when the observation is of, later than every one before.
 */
export function step(rule: MachineRule, instance: AlertInstance, observation: Observation, tick: number): Step {
  if (observation.kind === 'ERROR') return { instance, effects: [] };
  const moved =
    observation.kind === 'VALUE'
      ? onValue(rule, instance, observation, tick)
      : onNoData(rule, instance, observation.goneAfterMs, tick);
  return settle(rule, moved, tick);
}

/** What becomes of it when a person calls its alert over. */
export function endByPerson(
  instance: AlertInstance,
  refire: 'WHEN_CLEARED' | 'IMMEDIATELY',
  tick: number,
): AlertInstance {
  const quiet = { ...instance, flapping: false, changes: [], endedAt: null, repeats: 0, toldAt: null };
  const holds = instance.state === 'FIRING';
  if (holds && refire === 'WHEN_CLEARED') return { ...quiet, mutedUntilClear: true };
  return { ...quiet, state: 'OK', since: tick, mutedUntilClear: false };
}

function onValue(
  rule: MachineRule,
  before: AlertInstance,
  { values, hasData }: Extract<Observation, { kind: 'VALUE' }>,
  tick: number,
): Step {
  const instance: AlertInstance = {
    ...before,
    value: values[0] ?? null,
    observedAt: tick,
    noDataSince: hasData ? null : (before.noDataSince ?? tick),
  };
  return isMet(rule, before, values) ? onMet(rule, instance, tick) : onNotMet(rule, instance, tick);
}

function onNoData(rule: MachineRule, before: AlertInstance, goneAfterMs: number | null, tick: number): Step {
  const instance: AlertInstance = { ...before, noDataSince: before.noDataSince ?? tick };
  if (goneAfterMs !== null && tick - instance.noDataSince! >= goneAfterMs) return goAway(instance, tick);
  if (rule.noData === 'FIRE') return onMet(rule, instance, tick);
  if (rule.noData !== 'RESOLVE') return { instance, effects: [] };
  if (instance.state === 'PENDING') return to(instance, 'OK', tick);
  return instance.state === 'OK' ? { instance, effects: [] } : end(rule, instance, 'NO_DATA', tick);
}

function onMet(rule: MachineRule, instance: AlertInstance, tick: number): Step {
  switch (instance.state) {
    case 'OK':
      return rule.forMs === 0 ? begin(rule, instance, tick) : to(instance, 'PENDING', tick);
    case 'PENDING':
      return tick - instance.since >= rule.forMs ? begin(rule, instance, tick) : { instance, effects: [] };
    case 'RECOVERING':
      return to(instance, 'FIRING', tick, isOpen(instance) ? [{ kind: 'RELAPSE' }] : []);
    case 'FIRING':
      return repeat(instance, tick);
  }
}

function onNotMet(rule: MachineRule, instance: AlertInstance, tick: number): Step {
  switch (instance.state) {
    case 'OK':
      return { instance, effects: [] };
    case 'PENDING':
      return to(instance, 'OK', tick);
    case 'FIRING':
      if (rule.keepFiringMs === 0 || instance.mutedUntilClear) return end(rule, instance, 'BACK_TO_NORMAL', tick);
      return to(instance, 'RECOVERING', tick, [{ kind: 'RECOVER' }]);
    case 'RECOVERING':
      return tick - instance.since >= rule.keepFiringMs
        ? end(rule, instance, 'BACK_TO_NORMAL', tick)
        : { instance, effects: [] };
  }
}

/** What held must get behind the recovery threshold; what did not, beyond the threshold. */
function isMet(rule: MachineRule, { state }: AlertInstance, values: readonly (number | null)[]): boolean {
  const holds = state === 'FIRING' || state === 'RECOVERING';
  const isOne = ({ comparison, threshold, recoveryThreshold }: Threshold, index: number) =>
    isBeyond(comparison, holds ? (recoveryThreshold ?? threshold) : threshold, values[index] ?? null);
  return rule.combine === 'ALL' ? rule.conditions.every(isOne) : rule.conditions.some(isOne);
}

function to(instance: AlertInstance, state: AlertInstanceState, tick: number, effects: readonly Effect[] = []): Step {
  return { instance: { ...instance, state, since: tick }, effects };
}

function begin(rule: MachineRule, instance: AlertInstance, tick: number): Step {
  const changed = change(rule, instance, tick);
  const firing: AlertInstance = { ...changed, state: 'FIRING', since: tick, endedAt: null, repeats: 0, toldAt: tick };
  // Its alert never ended.
  if (instance.flapping) return { instance: firing, effects: [] };
  const isSame = instance.endedAt !== null && tick - instance.endedAt <= rule.reopenMs;
  const opened: Effect = { kind: isSame ? 'REOPEN' : 'FIRE' };
  return { instance: firing, effects: changed.flapping ? [opened, { kind: 'FLAP' }] : [opened] };
}

function end(rule: MachineRule, instance: AlertInstance, reason: AlertResolvedReason, tick: number): Step {
  if (instance.mutedUntilClear) return to({ ...instance, mutedUntilClear: false }, 'OK', tick);
  const changed = { ...change(rule, instance, tick), state: 'OK', since: tick } as const;
  if (changed.flapping) return { instance: changed, effects: instance.flapping ? [] : [{ kind: 'FLAP' }] };
  return { instance: { ...changed, endedAt: tick }, effects: [{ kind: 'RESOLVE', reason }] };
}

/** A group that is not there any more: nothing of it is waited for. */
function goAway(instance: AlertInstance, tick: number): Step {
  if (instance.state === 'OK' && !instance.flapping) return { instance, effects: [] };
  const gone: AlertInstance = {
    ...instance,
    state: 'OK',
    since: tick,
    mutedUntilClear: false,
    flapping: false,
    endedAt: isOpen(instance) ? tick : null,
  };
  return { instance: gone, effects: isOpen(instance) ? [{ kind: 'RESOLVE', reason: 'SERIES_GONE' }] : [] };
}

function change(rule: MachineRule, instance: AlertInstance, tick: number): AlertInstance {
  const changes = [...instance.changes, tick].slice(-rememberedChanges);
  const recent = changes.filter((at) => tick - at < rule.flapMs).length;
  return { ...instance, changes, flapping: instance.flapping || recent >= flappingChanges };
}

/** 1, 2, 4 … 60 minutes apart. */
function repeat(instance: AlertInstance, tick: number): Step {
  if (!isOpen(instance) || instance.flapping) return { instance, effects: [] };
  const apart = Math.min(longestRepeatMs, minuteMs * 2 ** Math.min(instance.repeats, 10));
  if (tick - (instance.toldAt ?? instance.since) < apart) return { instance, effects: [] };
  return { instance: { ...instance, repeats: instance.repeats + 1, toldAt: tick }, effects: [{ kind: 'REPEAT' }] };
}

/** Flapping is over when nothing has begun or ended for as long as it is looked at. */
function settle(rule: MachineRule, moved: Step, tick: number): Step {
  const { instance, effects } = moved;
  if (!instance.flapping || tick - instance.changes.at(-1)! < rule.flapMs) return moved;
  const settled = { ...instance, flapping: false };
  const settling: Effect[] = [...effects, { kind: 'SETTLE' }];
  if (instance.state === 'FIRING' || instance.state === 'RECOVERING') {
    return { instance: { ...settled, repeats: 0, toldAt: tick }, effects: settling };
  }
  return {
    instance: { ...settled, endedAt: tick },
    effects: [...settling, { kind: 'RESOLVE', reason: 'BACK_TO_NORMAL' }],
  };
}
