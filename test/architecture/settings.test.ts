import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** Names that a config.ts reads: the keys of its zod schemas. */
function settingsOf(file: string): string[] {
  return [...readFileSync(join(root, file), 'utf8').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map((match) => match[1]!);
}

const configs = globSync(
  [
    '{packages,subgraphs}/*/src/**/config.ts',
    '{gateway,worker,embedded,operate}/src/**/config.ts',
    'migrations/config.ts',
  ],
  { cwd: root },
);
const read = new Set(configs.flatMap(settingsOf));
const documented = new Set(
  [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map((match) => match[1]!),
);

test('there are settings to look at', () => {
  expect(configs.length).toBeGreaterThanOrEqual(6);
  expect(read.size).toBeGreaterThan(30);
});

test('README describes every setting that a process reads', () => {
  expect([...read].filter((name) => !documented.has(name)).sort()).toEqual([]);
});

test('README describes no setting that nobody reads', () => {
  expect([...documented].filter((name) => !read.has(name)).sort()).toEqual([]);
});
