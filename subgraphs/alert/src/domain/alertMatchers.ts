import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { alertSeverities } from '@tributary/contracts/values';
import type { AlertMatcher } from '../storage/SilenceRow.js';
import type { MatchedAlert } from '../storage/silenceStatements.js';

type Matchable = Omit<MatchedAlert, 'id' | 'suppressedBy' | 'suppressedUntil'>;

/** What matchers may name beside labels; ids in their public form. */
const facts = {
  severity: ({ severity }) => severity,
  fingerprint: ({ fingerprint }) => fingerprint,
  ruleId: ({ ruleId }) => ruleId && encodeId('rule', ruleId),
  flowId: ({ flowId }) => flowId && encodeId('flow', flowId),
  assetId: ({ assetId }) => assetId && encodeId('asset', assetId),
} as const satisfies Readonly<Record<string, (alert: Matchable) => string | null>>;

const idFacts = { ruleId: 'rule', flowId: 'flow', assetId: 'asset' } as const;

/** Labels that the product itself gives to alerts of rules and of failed flows. */
const ownLabels: ReadonlySet<string> = new Set([
  'metric',
  'comparison',
  'threshold',
  'windowSeconds',
  'groupBy',
  'key',
  'cause',
  'kind',
  'name',
  'phase',
  'code',
  'retryable',
]);

const mostMatchers = 20;
const mostValues = 250;
const longestValue = 500;

/** What an alert says for a matcher's label; null when it says nothing. */
export function labelOf(alert: Matchable, label: string): string | null {
  if (label in facts) return facts[label as keyof typeof facts](alert);
  const value = Object.hasOwn(alert.labels, label) ? alert.labels[label] : null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Whether all matchers match; without any, every alert does. */
export function isMatched(matchers: readonly AlertMatcher[], alert: Matchable): boolean {
  return matchers.every(({ label, values }) => {
    const value = labelOf(alert, label);
    return value !== null && values.includes(value);
  });
}

/** Whether alerts can have this label, as `known` says of those of rules. */
export function isKnownLabel(label: string, known: ReadonlySet<string>): boolean {
  return label in facts || ownLabels.has(label) || known.has(label);
}

/** Throws INVALID_INPUT for matchers that can match nothing. `place` is what the message calls the list. */
export function checkMatchers(matchers: readonly AlertMatcher[], known: ReadonlySet<string>, place: string): void {
  if (matchers.length > mostMatchers) throw wrong(place, `\`${place}\` has 20 entries at most.`);
  const seen = new Set<string>();
  for (const { label, values } of matchers) {
    if (!isKnownLabel(label, known)) {
      throw wrong(
        place,
        `Alerts have no label “${label.slice(0, 100)}”. Name severity, ruleId, flowId, assetId, fingerprint, a fact such as metric or key, or a label that a rule gives.`,
      );
    }
    if (seen.has(label)) throw wrong(place, `\`${place}\` names “${label}” twice. Put all values into one matcher.`);
    seen.add(label);
    if (values.length === 0 || values.length > mostValues)
      throw wrong(place, `A matcher has 1 to 250 values, any of which may be met.`);
    for (const value of values) checkValue(label, value, place);
  }
}

function checkValue(label: string, value: string, place: string): void {
  if (value === '' || value.length > longestValue || value.includes('\0') || !value.isWellFormed())
    throw wrong(place, 'A value of a matcher has 1 to 500 characters, none of them NUL.');
  if (label === 'severity' && !(alertSeverities as readonly string[]).includes(value))
    throw wrong(place, `A severity is one of ${alertSeverities.join(', ')}.`);
  if (label in idFacts && uuidOf(idFacts[label as keyof typeof idFacts], value) === null)
    throw wrong(place, `A value of ${label} is the id of such a thing, as the graph gives it.`);
}

function wrong(field: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
