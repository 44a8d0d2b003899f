import { CodedError } from '@tributary/contracts/errors';
import { traceDimensions } from '@tributary/contracts/values';
import type { AlertDimension } from '@tributary/contracts/values';
import { isBeyond } from './alertMachine.js';
import { isOfDiscoveries, subjectOf } from './ruleSubject.js';
import type { RuleSubject } from './ruleSubject.js';
import type { AlertRuleRow, RuleCondition, RuleScope } from '../storage/AlertRuleRow.js';

/** What a rule says, without its place in the workspace. */
export type RuleDefinition = Pick<
  AlertRuleRow,
  | 'name'
  | 'metric'
  | 'comparison'
  | 'threshold'
  | 'recoveryThreshold'
  | 'windowSeconds'
  | 'groupBy'
  | 'scope'
  | 'severity'
  | 'enabled'
  | 'forSeconds'
  | 'keepFiringSeconds'
  | 'everySeconds'
  | 'delaySeconds'
  | 'timeBasis'
  | 'noData'
  | 'missingAfterSeconds'
  | 'also'
  | 'combine'
  | 'expect'
  | 'reopenSeconds'
  | 'maxAlerts'
  | 'labels'
  | 'runbookUrl'
>;

const day = 86_400;
const maxValues = 250;
const longestText = 200;
const longestUrl = 2_000;
const mostConditions = 5;
const mostLabels = 20;

const scopeFields = ['agent', 'department', 'environment', 'model', 'version', 'flowId'] as const;

/** Whole numbers that a rule says, with the least and the most; null is allowed for two of them. */
const numbers = {
  forSeconds: [0, 7 * day],
  keepFiringSeconds: [0, 7 * day],
  everySeconds: [10, day],
  delaySeconds: [0, 3_600],
  missingAfterSeconds: [10, 30 * day],
  reopenSeconds: [0, 7 * day],
  maxAlerts: [1, 10_000],
} as const satisfies Partial<Record<keyof RuleDefinition, readonly [least: number, most: number]>>;

/** A scope as a client gives it: null and absent mean the same. */
export type GivenScope = { readonly [Field in (typeof scopeFields)[number]]?: readonly string[] | null };

/** Throws MISSING_REQUIRED_FIELD or INVALID_INPUT for a rule that cannot be. */
export function checkRule(rule: RuleDefinition): RuleDefinition {
  if (rule.name.trim() === '')
    throw new CodedError('MISSING_REQUIRED_FIELD', 'A rule needs a name.', { field: 'name' });
  if (!isShort(rule.name)) throw wrong('name', 'A rule’s name has 200 characters at most, none of them NUL.');
  checkCondition(rule, '');
  if (rule.also.length >= mostConditions) throw wrong('also', 'A rule has five conditions at most, so `also` four.');
  for (const [index, condition] of rule.also.entries()) checkCondition(condition, `also.${index}.`);
  checkSource(rule);
  for (const [field, [least, most]] of Object.entries(numbers) as [keyof typeof numbers, readonly [number, number]][]) {
    const value = rule[field];
    if (value === null || (Number.isInteger(value) && value >= least && value <= most)) continue;
    throw wrong(field, `\`${field}\` must be ${least.toLocaleString('en')} to ${most.toLocaleString('en')}.`);
  }
  for (const [field, values] of Object.entries(rule.scope ?? {}) as [string, string[]][]) {
    checkValues(`scope.${field}`, values);
  }
  checkValues('expect', rule.expect);
  if (rule.expect.length > 0 && rule.groupBy === null)
    throw wrong('expect', '`expect` names groups, and this rule has none. Give `groupBy`, too.');
  checkLabels(rule.labels);
  checkRunbook(rule.runbookUrl);
  return rule;
}

/** Without the lists that let everything through; null when none is left. */
export function toScope(given: GivenScope | null | undefined): RuleScope | null {
  const lists = scopeFields.flatMap((field) => (given?.[field] ? [[field, [...given[field]]]] : []));
  return lists.length === 0 ? null : (Object.fromEntries(lists) as RuleScope);
}

/** By what rules are grouped. */
const groupings: Readonly<Record<RuleSubject, readonly AlertDimension[]>> = {
  RUNS: traceDimensions,
  FLOWS: ['FLOW', 'FLOW_KIND'],
  ASSETS: ['ASSET', 'ASSET_KIND', 'SOURCE'],
  WEBHOOKS: ['WEBHOOK'],
};
const subjectNames: Readonly<Record<RuleSubject, string>> = {
  RUNS: 'agents’ runs',
  FLOWS: 'flows',
  ASSETS: 'assets',
  WEBHOOKS: 'webhooks',
};

/** What is measured of flows, assets or webhooks is measured of all of them, grouped by what they have, and beside nothing else. */
function checkSource({ metric, also, scope, groupBy }: RuleDefinition): void {
  const subject = subjectOf(metric);
  if (also.some((condition) => subjectOf(condition.metric) !== subject))
    throw wrong(
      'also',
      'All conditions of a rule are of agents’ runs, or all of flows, or all of assets, or all of webhooks. Make two rules.',
    );
  if (subject !== 'RUNS' && scope !== null)
    throw wrong('scope', `\`scope\` names agents’ runs, and this rule is of ${subjectNames[subject]}. Leave it out.`);
  if (groupBy === null) return;
  const known = groupings[subject];
  if (!known.includes(groupBy))
    throw wrong('groupBy', `Rules of ${subjectNames[subject]} are grouped by ${known.join(', ')}.`);
  if (groupBy !== 'SOURCE' && [{ metric }, ...also].some((condition) => isOfDiscoveries(condition.metric)))
    throw wrong('groupBy', 'Personal data are found in sources: group by SOURCE.');
}

function checkCondition(
  { comparison, threshold, recoveryThreshold, windowSeconds }: Omit<RuleCondition, 'metric'>,
  place: string,
): void {
  if (!Number.isFinite(threshold)) throw wrong(`${place}threshold`, '`threshold` must be a number.');
  if (recoveryThreshold !== null && !Number.isFinite(recoveryThreshold))
    throw wrong(`${place}recoveryThreshold`, '`recoveryThreshold` must be a number.');
  if (recoveryThreshold !== null && isBeyond(comparison, threshold, recoveryThreshold)) {
    throw wrong(
      `${place}recoveryThreshold`,
      'A value must get further back to be normal again than it went to fire: `recoveryThreshold` is on the normal side of `threshold`, or equals it.',
    );
  }
  if (!Number.isInteger(windowSeconds) || windowSeconds < 10 || windowSeconds > 30 * day)
    throw wrong(`${place}windowSeconds`, '`windowSeconds` must be 10 to 2,592,000 (30 days).');
}

function checkValues(field: string, values: readonly string[]): void {
  if (values.length > maxValues) throw wrong(field, `\`${field}\` has 250 values at most.`);
  if (!values.every((value) => value !== '' && isShort(value)))
    throw wrong(field, `A value of \`${field}\` has 1 to 200 characters, none of them NUL.`);
}

function checkLabels(labels: Readonly<Record<string, unknown>>): void {
  const entries = Object.entries(labels);
  const isFine = ([name, value]: [string, unknown]) =>
    /^[a-z][a-zA-Z0-9_]{0,49}$/.test(name) && typeof value === 'string' && value !== '' && isShort(value);
  if (entries.length > mostLabels || !entries.every(isFine)) {
    throw wrong(
      'labels',
      '`labels` has 20 entries at most: names of letters, digits and _ that begin with a small letter, and texts of 1 to 200 characters.',
    );
  }
}

function checkRunbook(url: string | null): void {
  if (url === null) return;
  const isFine = url.length <= longestUrl && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!isFine) throw wrong('runbookUrl', '`runbookUrl` is an address that begins with https:// or http://.');
}

function isShort(text: string): boolean {
  return text.length <= longestText && !text.includes('\0') && text.isWellFormed();
}

function wrong(field: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
