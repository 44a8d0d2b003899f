import type { AlertMetric } from '@tributary/contracts/values';
import { decodeId } from '@tributary/contracts/ids';
import type { AlertRuleRow } from '../storage/AlertRuleRow.js';
import type { Firing } from './AlertTransitions.js';
import type { RuleDefinition } from './checkRule.js';
import { describeNumber, describeSeconds, describeValues } from './describeValue.js';
import type { Tracked } from './evaluateTick.js';

const metricNames: Readonly<Record<AlertMetric, string>> = {
  REQUESTS: 'The number of runs',
  ERRORS: 'The number of failed runs',
  ERROR_RATE: 'The share of failed runs',
  LATENCY_P50: 'The median duration',
  LATENCY_P95: 'The 95th percentile of durations',
  LATENCY_P99: 'The 99th percentile of durations',
  COST_USD: 'The cost',
  INPUT_TOKENS: 'The number of input tokens',
  OUTPUT_TOKENS: 'The number of output tokens',
  FLOWS_FAILED: 'The number of failed flows',
  FLOW_RUNNING_SECONDS: 'The longest run',
  FLOW_WAITING_SECONDS: 'The longest wait for approval',
  SECONDS_SINCE_FLOW_SUCCEEDED: 'The time since the last success',
  ASSETS_NEW: 'The number of new assets',
  ASSETS_UNMAPPED: 'The number of assets without dependency and owner',
  ASSETS_MISSING: 'The number of complete discoveries in a row without an asset',
  ASSETS_CHANGED_SHARE: 'The share of changed assets',
  PERSONAL_DATA_FOUND: 'The number of columns with personal data',
  WEBHOOK_FAILING_SECONDS: 'The longest failure',
  WEBHOOK_LAG_EVENTS: 'The number of events not yet taken',
  CHANGE_SHARE: 'The change of runs against the window before',
};

/** Of whom it is when a rule has no groups, where the name does not say it. */
const ofWhom: Readonly<Partial<Record<AlertMetric, string>>> = {
  FLOW_RUNNING_SECONDS: 'of a flow',
  FLOW_WAITING_SECONDS: 'of a flow',
  SECONDS_SINCE_FLOW_SUCCEEDED: 'of a flow',
  WEBHOOK_FAILING_SECONDS: 'of a webhook',
  WEBHOOK_LAG_EVENTS: 'by a webhook',
};

/** What is so at a moment, and not within a window. */
const momentary: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'FLOW_RUNNING_SECONDS',
  'FLOW_WAITING_SECONDS',
  'SECONDS_SINCE_FLOW_SUCCEEDED',
  'ASSETS_UNMAPPED',
  'ASSETS_MISSING',
  'WEBHOOK_FAILING_SECONDS',
  'WEBHOOK_LAG_EVENTS',
]);

/** What of a rule its alerts say. */
export type DescribedRule = RuleDefinition & Pick<AlertRuleRow, 'healthMessage'> & { readonly id: string | null };

/** What the alert of an instance says. `late`: data showed it after its tick. */
export function describeAlert(rule: DescribedRule, tracked: Tracked, late: boolean): Firing {
  const { fingerprint, cause, key, instance } = tracked;
  const group =
    rule.groupBy === null
      ? null
      : `${rule.groupBy.toLowerCase().replace('_', ' ')} ${key === null ? 'unknown' : `“${key}”`}`;
  const common = {
    fingerprint,
    severity: rule.severity,
    value: instance.value,
    ruleId: rule.id,
    flowId: rule.groupBy === 'FLOW' && cause !== 'OVERFLOW' ? uuidOfKey('flow', key) : null,
    assetId: rule.groupBy === 'ASSET' && cause !== 'OVERFLOW' ? uuidOfKey('asset', key) : null,
    runbookUrl: rule.runbookUrl,
    late,
  };
  const title = group && cause !== 'OVERFLOW' && cause !== 'HEALTH' ? `${rule.name}: ${group}` : rule.name;
  const ofGroup = rule.groupBy && cause !== 'OVERFLOW' && cause !== 'HEALTH' ? { groupBy: rule.groupBy, key } : {};
  const facts = {
    ...rule.labels,
    metric: rule.metric,
    comparison: rule.comparison,
    threshold: rule.threshold,
    windowSeconds: rule.windowSeconds,
    ...ofGroup,
  };
  switch (cause) {
    case 'CONDITION':
      return { ...common, title, description: describeCondition(rule, group, instance.value), labels: facts };
    case 'NO_DATA':
      return {
        ...common,
        value: null,
        title: `${title}: no data`,
        description: `No data ${group ? `of ${group} ` : ''}came in the last ${describeSeconds(rule.windowSeconds)}.`,
        labels: { ...facts, cause },
      };
    case 'OVERFLOW':
      return {
        ...common,
        title: `${title}: more groups than alerts`,
        description: `${describeNumber(instance.value ?? 0)} more groups meet the condition than the ${describeNumber(rule.maxAlerts)} that this rule may have alerts of.`,
        labels: { ...facts, cause },
      };
    case 'HEALTH':
      return {
        ...common,
        severity: 'WARNING',
        value: null,
        title: `${title}: cannot be evaluated`,
        description: `This rule could not be evaluated for ${describeSeconds(Math.round(instance.value ?? 0))}: ${rule.healthMessage ?? 'no answer came.'}`,
        labels: { ...facts, cause },
      };
  }
}

function describeCondition(rule: DescribedRule, group: string | null, value: number | null): string {
  const side = rule.comparison === 'ABOVE' ? 'above' : 'below';
  const { value: was, threshold } = describeValues(rule.metric, value, rule.threshold);
  const others =
    rule.also.length === 0
      ? ''
      : ` ${rule.combine === 'ALL' ? 'Other conditions hold, too.' : 'One of its conditions holds.'}`;
  const whose = group ? `of ${group}` : ofWhom[rule.metric];
  const within = momentary.has(rule.metric) ? '' : ` over the last ${describeSeconds(rule.windowSeconds)}`;
  const measured = [metricNames[rule.metric], ...(whose ? [whose] : [])].join(' ');
  return `${measured} was ${was}${within}, ${side} the threshold of ${threshold}.${others}`;
}

/** Keys of flows are what partners sent, so they may be no ids at all. */
function uuidOfKey(wanted: 'flow' | 'asset', key: string | null): string | null {
  try {
    const { tag, uuid } = decodeId(key ?? '');
    return tag === wanted ? uuid : null;
  } catch {
    return null;
  }
}
