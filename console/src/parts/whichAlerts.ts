import { label } from '../words/format';
import { say } from '../words/say';

interface Matcher {
  readonly label: string;
  readonly values: readonly string[];
}

/** Which alerts are meant, in a line. `ruleNames` by their ids. */
export function whichAlerts(matchers: readonly Matcher[], ruleNames: ReadonlyMap<string, string>): string {
  if (matchers.length === 0) return say('every alert');
  return matchers
    .map((matcher) => {
      const values = matcher.values.map(
        (value) => ruleNames.get(value) ?? (matcher.label === 'severity' ? label(value) : value),
      );
      return matcher.label === 'ruleId' ? values.join(', ') : `${matcher.label}: ${values.join(', ')}`;
    })
    .join(' · ');
}
