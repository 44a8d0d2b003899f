import type { Criticality } from '@tributary/contracts/values';
import { memoise, toWords } from './words.js';

const rules: readonly (readonly [RegExp, Criticality])[] = [
  [/\b(not critical|non critical|noncritical|low|minor|negligible|bronze)\b/, 'LOW'],
  [/\b(less critical|medium|moderate|normal|standard|silver|mittel)\b/, 'MEDIUM'],
  [/\b(somewhat critical|high|important|major|gold|hoch)\b/, 'HIGH'],
  [
    /\b(most critical|mission critical|business critical|critical|crit|very high|highest|vital|platinum|kritisch)\b/,
    'CRITICAL',
  ],
  [/^(tier |p|prio |priority |level |class )?[01]$/, 'CRITICAL'],
  [/^(tier |p|prio |priority |level |class )?2$/, 'HIGH'],
  [/^(tier |p|prio |priority |level |class )?3$/, 'MEDIUM'],
  [/^(tier |p|prio |priority |level |class )?[45]$/, 'LOW'],
];

/** `1 - most critical`, `Tier 2`, `High`: ServiceNow's scale, where 1 is the most critical. Null for unknown words. */
export const readCriticality: (text: string) => Criticality | null = memoise((text) => {
  const plain = toWords(text);
  if (plain === 'very high') return 'CRITICAL';
  return rules.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
});
