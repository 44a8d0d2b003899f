import { readFileSync } from 'node:fs';
import type { ImportInput, ImportOutcome } from './importWorld.js';

/** One small source, and what a person expects of it. See `import-cases.json`. */
export interface ImportCase {
  readonly id: string;
  readonly what: string;
  readonly format: string;
  readonly file: string;
  readonly content?: string;
  readonly base64?: string;
  /** All assets of the flow, ends of edges included. Absent: not said. */
  readonly count?: number;
  readonly expect: readonly Readonly<Record<string, Expected>>[];
  /** Code of the finding that has to say what is odd; absent: not said. */
  readonly finds?: string;
  /** Whether waiting for a person is right, too. */
  readonly asks?: boolean;
}

type Expected = string | number | { readonly matches: string };

export const importCases = JSON.parse(
  readFileSync(new URL('import-cases.json', import.meta.url), 'utf8'),
) as readonly ImportCase[];

export function inputOf({ file, format, content, base64 }: ImportCase): ImportInput {
  return { file, format, bytes: base64 === undefined ? Buffer.from(content ?? '') : Buffer.from(base64, 'base64') };
}

const kinds: Readonly<Record<string, string>> = {
  i: 'files and tables',
  j: 'known JSON sources',
  k: 'edges',
  m: 'known CSV sources',
  n: 'layouts and words',
  p: 'fields mistaken for others',
  q: 'headings',
  r: 'roles and identity',
};

export function kindOf({ id }: ImportCase): string {
  return kinds[id[0]!] ?? 'other';
}

/** What is wrong with an outcome; empty when it is what a person expects. */
export function faultsOf(wanted: ImportCase, outcome: ImportOutcome): string[] {
  if (wanted.asks && outcome.status === 'AWAITING_APPROVAL') return [];
  if (outcome.status !== 'SUCCEEDED')
    return [`${outcome.status}${outcome.failure ? ` ${outcome.failure.code}: ${outcome.failure.message}` : ''}`];
  const names = outcome.assets.map(({ name }) => name as string);
  const faults: string[] = [];
  if (wanted.count !== undefined && wanted.count !== outcome.totalCount)
    faults.push(`${outcome.totalCount} assets instead of ${wanted.count}: ${names.join(' | ')}`);
  const findings = outcome.discovery['findings'].map(({ code }: { code: string }) => code);
  if (wanted.finds !== undefined && !findings.includes(wanted.finds)) faults.push(`no finding ${wanted.finds}`);
  for (const expected of wanted.expect) {
    const named = outcome.assets.filter((asset) => agrees(asset['name'], expected['name']!));
    const misses = named.map((asset) => differences(asset, expected));
    if (misses.some((miss) => miss.length === 0)) continue;
    faults.push(
      named.length === 0
        ? `no ${JSON.stringify(expected['name'])} among ${names.join(' | ')}`
        : `${JSON.stringify(expected['name'])}: ${misses[0]!.join('; ')}`,
    );
  }
  return faults;
}

function differences(asset: Record<string, any>, expected: Readonly<Record<string, Expected>>): string[] {
  return Object.entries(expected).flatMap(([field, wanted]) => {
    const found = valueOf(asset, field);
    return agrees(found, wanted) ? [] : [`${field} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
  });
}

function valueOf(asset: Record<string, any>, field: string): unknown {
  if (field.startsWith('@')) return asset['attributes'][field.slice(1)];
  if (field === 'tags') return [...asset['tags']].sort().join();
  if (field !== 'deps') return asset[field];
  const edges = asset['dependencies'].nodes as { kind: string; to: { name: string } }[];
  return edges
    .map(({ kind, to }) => `${kind}>${to.name}`)
    .sort()
    .join();
}

function agrees(found: unknown, wanted: Expected): boolean {
  if (wanted === 'null') return found === null || found === undefined;
  if (typeof wanted === 'object')
    return new RegExp(wanted.matches).test(typeof found === 'string' ? found : JSON.stringify(found ?? ''));
  return found === wanted || (typeof wanted === 'number' && Number(found) === wanted);
}
