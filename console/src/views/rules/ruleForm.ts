import type { AlertMetric, AlertRuleInput, AlertRulePatch, AlertRulesQuery } from '../../graph/generated/types';
import { say } from '../../words/say';

export type Rule = NonNullable<AlertRulesQuery['alertRules']>['nodes'][number];

export interface ConditionForm {
  readonly metric: AlertMetric;
  readonly comparison: 'ABOVE' | 'BELOW';
  readonly threshold: string;
  readonly windowSeconds: string;
}

/** What the form holds: texts, as they are typed. */
export interface RuleForm extends ConditionForm {
  readonly name: string;
  /** What it looks at beside its first condition; what they have of their own beyond the form is kept. */
  readonly also: readonly (ConditionForm & { readonly recoveryThreshold: number | null })[];
  readonly combine: 'ALL' | 'ANY';
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
  also: [],
  combine: 'ALL',
  groupBy: '',
  severity: 'WARNING',
  agent: '',
  forSeconds: '0',
  keepFiringSeconds: '0',
  recovery: '',
  noData: 'HOLD',
  runbookUrl: '',
};

/** As many conditions as a rule may have beside its first. */
export const mostAlso = 4;

/** Of the graph's unit, what one of the typed unit is: shares are typed as percentages, times of flows in minutes. */
function sizeOf(metric: string): number {
  if (metric === 'ERROR_RATE' || metric.endsWith('_SHARE')) return 0.01;
  return /(^|_)SECONDS(_|$)/.test(metric) ? 60 : 1;
}

/** What a threshold is typed in. */
export function unitOf(metric: string): string {
  if (sizeOf(metric) === 0.01) return '%';
  if (sizeOf(metric) === 60) return say('minutes');
  if (metric.startsWith('FLOWS_')) return say('flows');
  if (metric === 'ASSETS_MISSING') return say('discoveries');
  if (metric.startsWith('ASSETS_')) return say('assets');
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
    also: rule.also.map((condition) => ({
      metric: condition.metric,
      comparison: condition.comparison,
      threshold: typed(condition.metric, condition.threshold),
      windowSeconds: String(condition.windowSeconds),
      recoveryThreshold: condition.recoveryThreshold ?? null,
    })),
    combine: rule.combine,
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
  return String(Number((value / sizeOf(metric)).toPrecision(12)));
}

/** What the form changes of a rule that is there; whether it is on is decided elsewhere, and what the form does not show stays. */
export function patchOf(input: AlertRuleInput): AlertRulePatch {
  const { enabled: _enabled, ...patch } = input;
  return patch;
}

/** Null while what is typed is no condition yet. */
export function conditionOf({ metric, comparison, threshold, windowSeconds }: ConditionForm) {
  const typedIn = Number(threshold);
  const seconds = Number(windowSeconds);
  if (threshold.trim() === '' || !Number.isFinite(typedIn) || !Number.isInteger(seconds) || seconds < 10) return null;
  return {
    metric,
    comparison,
    threshold: Number((typedIn * sizeOf(metric)).toPrecision(12)),
    windowSeconds: seconds,
  };
}

/** Null while what is typed is no rule yet. `scope` of the rule that is edited keeps what the form does not show. */
export function inputOf(form: RuleForm, scope: Rule['scope'] = null): AlertRuleInput | null {
  const first = conditionOf(form);
  const recovery = form.recovery.trim() === '' ? null : Number(form.recovery);
  if (!first || (recovery !== null && !Number.isFinite(recovery))) return null;
  const also = form.also.flatMap((each) => {
    const condition = conditionOf(each);
    return condition ? [{ ...condition, recoveryThreshold: each.recoveryThreshold }] : [];
  });
  if (also.length < form.also.length) return null;
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
    ...first,
    also,
    combine: form.combine,
    recoveryThreshold: recovery === null ? null : Number((recovery * sizeOf(form.metric)).toPrecision(12)),
    forSeconds: Number(form.forSeconds),
    keepFiringSeconds: Number(form.keepFiringSeconds),
    noData: form.noData,
    runbookUrl: form.runbookUrl.trim() || null,
    groupBy: form.groupBy === '' ? null : (form.groupBy as AlertRuleInput['groupBy']),
    severity: form.severity,
    enabled: true,
    scope: isNarrow ? narrowed : null,
  };
}
