import { memoise, toWords } from './words.js';

const names: readonly (readonly [string, readonly string[]])[] = [
  ['production', ['production', 'prod', 'prd', 'live', 'p']],
  ['staging', ['staging', 'stage', 'stg', 'preprod', 'pre prod', 'pre production', 'preproduction']],
  ['development', ['development', 'dev', 'develop', 'd']],
  ['test', ['test', 'tst', 'testing', 't', 'integration', 'int']],
  ['qa', ['qa', 'quality assurance']],
  ['uat', ['uat', 'acceptance', 'user acceptance', 'acc']],
  ['sandbox', ['sandbox', 'sbx', 'lab', 'demo', 'playground']],
  ['disaster recovery', ['disaster recovery', 'dr']],
];
const byWord = new Map(names.flatMap(([name, words]) => words.map((word) => [word, name] as const)));

/** The usual name of a known environment, or null: callers keep the source's own word then. */
export const readEnvironment: (text: string) => string | null = memoise((text) => byWord.get(toWords(text)) ?? null);
