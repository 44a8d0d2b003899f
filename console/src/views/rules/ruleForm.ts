import type { AlertMetric, AlertRuleInput, AlertRulePatch, AlertRulesQuery } from '../../graph/generated/types';
import { say } from '../../words/say';

export type Rule = NonNullable<AlertRulesQuery['alertRules']>['nodes'][number];

/** What the form holds: texts, as they are typed. */
export interface RuleForm {
  readonly name: string;
  readonly metric: AlertMetric;
  readonly comparison: 'ABOVE' | 'BELOW';
  readonly threshold: string;
  readonly windowSeconds: string;
  readonly groupBy: string;
  readonly severity: 'INFO' | 'WARNING' | 'CRITICAL';
  readonly agent: string;
  readonly forSeconds: string;
  readonly keepFiringSeconds: string;
  /** '' for the threshold itself. */
  readonly recovery: string;
  readonly noData: AlertRuleInput['noData'] & string;
  readonly runbookUrl: string;
}

export const newRule: RuleForm = {
  name: '',
  metric: 'ERROR_RATE',
  comparison: 'ABOVE',
  threshold: '5',
  windowSeconds: '300',
  groupBy: '',
  severity: 'WARNING',
  agent: '',
  forSeconds: '0',
  keepFiringSeconds: '0',
  recovery: '',
  noData: 'HOLD',
  runbookUrl: '',
};

/** Shares are typed as percentages, durations in milliseconds. */
export function unitOf(metric: string): string {
  if (metric === 'ERROR_RATE') return '%';
  if (metric === 'COST_USD') return say('US dollars');
  if (metric.startsWith('LATENCY')) return 'ms';
  if (metric.endsWith('TOKENS')) return say('tokens');
  return metric === 'ERRORS' ? say('errors') : say('runs');
}

export function formOf(rule: Rule): RuleForm {
  return {
    name: rule.name,
    metric: rule.metric,
    comparison: rule.comparison,
    threshold: typed(rule.metric, rule.threshold),
    windowSeconds: String(rule.windowSeconds),
    groupBy: rule.groupBy ?? '',
    severity: rule.severity,
    agent: (rule.scope?.agent ?? []).join(', '),
    forSeconds: String(rule.forSeconds),
    keepFiringSeconds: String(rule.keepFiringSeconds),
    recovery:
      rule.recoveryThreshold === null || rule.recoveryThreshold === undefined
        ? ''
        : typed(rule.metric, rule.recoveryThreshold),
    noData: rule.noData,
    runbookUrl: rule.runbookUrl ?? '',
  };
}

function typed(metric: AlertMetric, value: number): string {
  return String(metric === 'ERROR_RATE' ? Number((value * 100).toPrecision(12)) : value);
}

/** What the form changes of a rule that is there; whether it is on is decided elsewhere, and what the form does not show stays. */
export function patchOf(input: AlertRuleInput): AlertRulePatch {
  const { enabled: _enabled, ...patch } = input;
  return patch;
}

/** Null while what is typed is no rule yet. `scope` of the rule that is edited keeps what the form does not show. */
export function inputOf(form: RuleForm, scope: Rule['scope'] = null): AlertRuleInput | null {
  const threshold = Number(form.threshold);
  const windowSeconds = Number(form.windowSeconds);
  const recovery = form.recovery.trim() === '' ? null : Number(form.recovery);
  const size = form.metric === 'ERROR_RATE' ? 100 : 1;
  if (
    form.threshold.trim() === '' ||
    !Number.isFinite(threshold) ||
    !Number.isInteger(windowSeconds) ||
    windowSeconds < 10 ||
    (recovery !== null && !Number.isFinite(recovery))
  )
    return null;
  const agent = form.agent
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const kept = scope
    ? {
        department: scope.department,
        environment: scope.environment,
        model: scope.model,
        version: scope.version,
        flowId: scope.flowId,
      }
    : {};
  const narrowed = { ...kept, agent: agent.length > 0 ? agent : null };
  const isNarrow = Object.values(narrowed).some((values) => values !== null && values !== undefined);
  return {
    name: form.name.trim() || say('Preview'),
    metric: form.metric,
    comparison: form.comparison,
    threshold: threshold / size,
    recoveryThreshold: recovery === null ? null : recovery / size,
    forSeconds: Number(form.forSeconds),
    keepFiringSeconds: Number(form.keepFiringSeconds),
    noData: form.noData,
    runbookUrl: form.runbookUrl.trim() || null,
    windowSeconds,
    groupBy: form.groupBy === '' ? null : (form.groupBy as AlertRuleInput['groupBy']),
    severity: form.severity,
    enabled: true,
    scope: isNarrow ? narrowed : null,
  };
}
