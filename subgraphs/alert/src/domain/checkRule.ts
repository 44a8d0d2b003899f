import { CodedError } from '@tributary/contracts/errors';
import type { AlertRuleRow, RuleScope } from '../storage/AlertRuleRow.js';

/** What a rule says, without its place in the workspace. */
export type RuleDefinition = Pick<
  AlertRuleRow,
  'name' | 'metric' | 'comparison' | 'threshold' | 'windowSeconds' | 'groupBy' | 'scope' | 'severity' | 'enabled'
>;

const shortestWindow = 10;
const longestWindow = 30 * 86_400;
const maxValues = 250;
const longestText = 200;

const scopeFields = ['agent', 'department', 'environment', 'model', 'version', 'flowId'] as const;

/** A scope as a client gives it: null and absent mean the same. */
export type GivenScope = { readonly [Field in (typeof scopeFields)[number]]?: readonly string[] | null };

/** Throws MISSING_REQUIRED_FIELD or INVALID_INPUT for a rule that cannot be. */
export function checkRule(rule: RuleDefinition): RuleDefinition {
  if (rule.name.trim() === '')
    throw new CodedError('MISSING_REQUIRED_FIELD', 'A rule needs a name.', { field: 'name' });
  if (!isShort(rule.name)) throw wrong('name', 'A rule’s name has 200 characters at most, none of them NUL.');
  if (!Number.isFinite(rule.threshold)) throw wrong('threshold', '`threshold` must be a number.');
  if (
    !Number.isInteger(rule.windowSeconds) ||
    rule.windowSeconds < shortestWindow ||
    rule.windowSeconds > longestWindow
  ) {
    throw wrong('windowSeconds', '`windowSeconds` must be 10 to 2,592,000 (30 days).');
  }
  for (const [field, values] of Object.entries(rule.scope ?? {}) as [string, string[]][]) {
    if (values.length > maxValues) throw wrong(`scope.${field}`, `\`scope.${field}\` has 250 values at most.`);
    if (!values.every((value) => value !== '' && isShort(value))) {
      throw wrong(`scope.${field}`, `A value of \`scope.${field}\` has 1 to 200 characters, none of them NUL.`);
    }
  }
  return rule;
}

/** Without the lists that let everything through; null when none is left. */
export function toScope(given: GivenScope | null | undefined): RuleScope | null {
  const lists = scopeFields.flatMap((field) => (given?.[field] ? [[field, [...given[field]]]] : []));
  return lists.length === 0 ? null : (Object.fromEntries(lists) as RuleScope);
}

function isShort(text: string): boolean {
  return text.length <= longestText && !text.includes('\0') && text.isWellFormed();
}

function wrong(field: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
