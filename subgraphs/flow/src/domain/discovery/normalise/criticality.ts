import type { Criticality } from '@tributary/contracts/values';
import { memoise, toWords } from './words.js';

const phrases: readonly (readonly [Criticality, string])[] = [
  [
    'LOW',
    'not critical|non critical|noncritical|low|minor|negligible|bronze|very low|lowest|niedrig|gering|unkritisch|faible|basse|bajo|baja|baixo|baixa|basso|bassa|laag|niski|niska|nizka|nizky|lag|lav|低|낮음|하|низкая|низкий|dusuk',
  ],
  [
    'MEDIUM',
    'less critical|medium|moderate|normal|standard|silver|mittel|moyen|moyenne|medio|media|medium critical|gemiddeld|sredni|srednia|stredni|medel|mellem|中|보통|중|средняя|средний|orta',
  ],
  [
    'HIGH',
    'somewhat critical|high|important|major|gold|hoch|wichtig|haut|haute|eleve|elevee|alto|alta|hoog|wysoki|wysoka|vysoka|vysoky|hog|hoj|高|높음|상|высокая|высокий|yuksek',
  ],
  [
    'CRITICAL',
    'most critical|mission critical|business critical|critical|crit|very high|highest|vital|platinum|extremely critical|kritisch|geschaftskritisch|sehr hoch|critique|critico|critica|kritiek|krytyczny|krytyczna|kriticka|kriticky|kritisk|重大|最高|极高|关键|매우 높음|критическая|критический|критично|kritik',
  ],
];
const byPhrase = new Map(
  phrases.flatMap(([criticality, words]) => words.split('|').map((word) => [toWords(word), criticality] as const)),
);
const scale: readonly Criticality[] = ['CRITICAL', 'CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'LOW'];

/**
 * `1 - most critical`, `Tier 2`, `High`: ServiceNow's scale, where 1 is the most critical. Null for unknown words, and for words such as
 * `Standard_B2s` that only begin like known ones.
 */
export const readCriticality: (text: string) => Criticality | null = memoise((text) => {
  const plain = toWords(text);
  const numbered = /^(?:tier |p|prio |priority |level |class )?([0-5])$/.exec(plain);
  if (numbered !== null) return scale[Number(numbered[1])]!;
  return byPhrase.get(plain.replace(/^[0-5] /, '').replace(/ (criticality|priority|impact|importance)$/, '')) ?? null;
});
