import type { AlertDimension, AlertMetric, TimeBasis } from '@tributary/contracts/values';
import type { RuleScope } from '../storage/AlertRuleRow.js';
import type { MachineRule, Threshold } from './alertMachine.js';
import type { RuleDefinition } from './checkRule.js';
import { subjectOf, type RuleSubject } from './ruleSubject.js';

/** A condition with what it is measured by. */
export interface EvaluatedCondition extends Threshold {
  readonly metric: AlertMetric;
  readonly windowMs: number;
}

/** Of a rule's first condition; the others are of the same. */
export function subjectOfRule({ conditions }: Pick<EvaluatedRule, 'conditions'>): RuleSubject {
  return subjectOf(conditions[0]!.metric);
}

/** How far back from a tick a condition looks: a change looks at the window before, too. */
export function reachMsOf({ metric, windowMs }: Pick<EvaluatedCondition, 'metric' | 'windowMs'>): number {
  return metric === 'CHANGE_SHARE' ? 2 * windowMs : windowMs;
}

/** A rule as it is evaluated, all times in milliseconds. */
export interface EvaluatedRule {
  /** `rule:<uuid>`: what the fingerprints of its alerts begin with. */
  readonly fingerprint: string;
  readonly groupBy: AlertDimension | null;
  readonly scope: RuleScope | null;
  readonly timeBasis: TimeBasis;
  readonly conditions: readonly EvaluatedCondition[];
  readonly machine: MachineRule;
  readonly everyMs: number;
  readonly missingAfterMs: number;
  /** Keys that must have data. */
  readonly expect: readonly string[];
  readonly maxAlerts: number;
  /** Before it, what has no data is not waited for. */
  readonly graceUntil: number;
}

const minuteMs = 60_000;
const shortestFlapMs = 15 * minuteMs;
const shortestMissingMs = 10 * minuteMs;

/** Seconds between two evaluations of a rule that says nothing of them: a twentieth of its window within 10 s and 5 min. */
export function everySecondsOf(rule: Pick<RuleDefinition, 'everySeconds' | 'windowSeconds'>): number {
  return rule.everySeconds ?? Math.min(300, Math.max(10, Math.round(rule.windowSeconds / 20)));
}

/** After how many seconds a group without data is taken for gone. */
export function missingAfterSecondsOf(rule: Pick<RuleDefinition, 'missingAfterSeconds' | 'windowSeconds'>): number {
  return rule.missingAfterSeconds ?? Math.max(2 * rule.windowSeconds, shortestMissingMs / 1_000);
}

/** `graceUntil` in ms: one window after the rule was made. */
export function toEvaluatedRule(definition: RuleDefinition, ruleId: string, graceUntil: number): EvaluatedRule {
  const { metric, comparison, threshold, recoveryThreshold, windowSeconds } = definition;
  const conditions = [{ metric, comparison, threshold, recoveryThreshold, windowSeconds }, ...definition.also].map(
    ({ windowSeconds: seconds, ...condition }) => ({ ...condition, windowMs: seconds * 1_000 }),
  );
  const forMs = definition.forSeconds * 1_000;
  const keepFiringMs = definition.keepFiringSeconds * 1_000;
  return {
    fingerprint: `rule:${ruleId}`,
    groupBy: definition.groupBy,
    scope: definition.scope,
    timeBasis: definition.timeBasis,
    conditions,
    machine: {
      conditions,
      combine: definition.combine,
      forMs,
      keepFiringMs,
      noData: definition.noData,
      reopenMs: definition.reopenSeconds * 1_000,
      flapMs: Math.max(shortestFlapMs, 4 * (windowSeconds * 1_000 + forMs + keepFiringMs)),
    },
    everyMs: everySecondsOf(definition) * 1_000,
    missingAfterMs: missingAfterSecondsOf(definition) * 1_000,
    expect: definition.expect,
    maxAlerts: definition.maxAlerts,
    graceUntil,
  };
}
