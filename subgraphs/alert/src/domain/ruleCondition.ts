import type { Metric } from '@tributary/contracts/values';
import { decodeId } from '@tributary/contracts/ids';
import type { AlertRuleRow } from '../storage/AlertRuleRow.js';
import type { Firing } from './AlertTransitions.js';
import type { RuleDefinition } from './checkRule.js';

/** Metrics that are 0 without traces, and not unknown. */
const additive: ReadonlySet<Metric> = new Set<Metric>([
  'REQUESTS',
  'ERRORS',
  'COST_USD',
  'INPUT_TOKENS',
  'OUTPUT_TOKENS',
]);

/** How long a group that had traces still counts as having 0 of them; after that it is taken for gone. */
export const groupMemoryMs = 24 * 3_600_000;

export type Condition = Pick<RuleDefinition, 'metric' | 'comparison' | 'threshold' | 'groupBy'>;

/** What a metric is without traces: 0 for counts and sums, unknown for shares and quantiles. */
export function valueWithoutTraces(metric: Metric): number | null {
  return additive.has(metric) ? 0 : null;
}

/** Whether a group that has no traces any more can meet the condition, so that it must be remembered. */
export function mustRememberGroups(condition: Condition): boolean {
  return condition.groupBy !== null && additive.has(condition.metric) && isMet(condition, 0);
}

/** Whether a value meets the condition. An unknown value never does. */
export function isMet(condition: Pick<Condition, 'comparison' | 'threshold'>, value: number | null): value is number {
  if (value === null) return false;
  return condition.comparison === 'ABOVE' ? value > condition.threshold : value < condition.threshold;
}

/** `rule:<uuid>`, and for a group `rule:<uuid>:<key>`; traces without a value are the group with the empty key. */
function fingerprintOf(rule: Pick<AlertRuleRow, 'id' | 'groupBy'>, key: string | null): string {
  return rule.groupBy ? `rule:${rule.id}:${key ?? ''}` : `rule:${rule.id}`;
}

const metricNames: Readonly<Record<Metric, string>> = {
  REQUESTS: 'The number of runs',
  ERRORS: 'The number of failed runs',
  ERROR_RATE: 'The share of failed runs',
  LATENCY_P50: 'The median duration in ms',
  LATENCY_P95: 'The 95th percentile of durations in ms',
  LATENCY_P99: 'The 99th percentile of durations in ms',
  COST_USD: 'The cost in USD',
  INPUT_TOKENS: 'The number of input tokens',
  OUTPUT_TOKENS: 'The number of output tokens',
};

/** The alert of a rule whose condition a value meets. */
export function firingOf(rule: AlertRuleRow, key: string | null, value: number): Firing {
  const group = rule.groupBy ? `${rule.groupBy.toLowerCase()} ${key === null ? 'unknown' : `“${key}”`}` : null;
  const side = rule.comparison === 'ABOVE' ? 'above' : 'below';
  return {
    fingerprint: fingerprintOf(rule, key),
    severity: rule.severity,
    title: group ? `${rule.name}: ${group}` : rule.name,
    description:
      `${metricNames[rule.metric]} ${group ? `of ${group} ` : ''}was ${formatValue(value)} over the last ` +
      `${formatSeconds(rule.windowSeconds)}, ${side} the threshold of ${formatValue(rule.threshold)}.`,
    labels: {
      metric: rule.metric,
      comparison: rule.comparison,
      threshold: rule.threshold,
      windowSeconds: rule.windowSeconds,
      ...(rule.groupBy ? { groupBy: rule.groupBy, key } : {}),
    },
    value,
    ruleId: rule.id,
    flowId: rule.groupBy === 'FLOW' ? flowUuidOf(key) : null,
    assetId: null,
  };
}

/** Keys of flows are what partners sent, so they may be no ids at all. */
function flowUuidOf(key: string | null): string | null {
  try {
    const { tag, uuid } = decodeId(key ?? '');
    return tag === 'flow' ? uuid : null;
  } catch {
    return null;
  }
}

function formatValue(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 6, useGrouping: false });
}

function formatSeconds(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
