import type { AlertMetric, AlertRuleInput, AlertRulesQuery } from '../../graph/generated/types';

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
};

/** Shares are typed as percentages, durations in milliseconds. */
export function unitOf(metric: string): string {
  if (metric === 'ERROR_RATE') return '%';
  if (metric === 'COST_USD') return 'US dollars';
  if (metric.startsWith('LATENCY')) return 'ms';
  if (metric.endsWith('TOKENS')) return 'tokens';
  return metric === 'ERRORS' ? 'errors' : 'runs';
}

export function formOf(rule: Rule): RuleForm {
  return {
    name: rule.name,
    metric: rule.metric,
    comparison: rule.comparison,
    threshold: String(rule.metric === 'ERROR_RATE' ? Number((rule.threshold * 100).toPrecision(12)) : rule.threshold),
    windowSeconds: String(rule.windowSeconds),
    groupBy: rule.groupBy ?? '',
    severity: rule.severity,
    agent: (rule.scope?.agent ?? []).join(', '),
  };
}

/** Null while what is typed is no rule yet. `scope` of the rule that is edited keeps what the form does not show. */
export function inputOf(form: RuleForm, scope: Rule['scope'] = null): AlertRuleInput | null {
  const threshold = Number(form.threshold);
  const windowSeconds = Number(form.windowSeconds);
  if (
    form.threshold.trim() === '' ||
    !Number.isFinite(threshold) ||
    !Number.isInteger(windowSeconds) ||
    windowSeconds < 10
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
    name: form.name.trim() || 'Preview',
    metric: form.metric,
    comparison: form.comparison,
    threshold: form.metric === 'ERROR_RATE' ? threshold / 100 : threshold,
    windowSeconds,
    groupBy: form.groupBy === '' ? null : (form.groupBy as AlertRuleInput['groupBy']),
    severity: form.severity,
    enabled: true,
    scope: isNarrow ? narrowed : null,
  };
}
