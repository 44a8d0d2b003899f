import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { mutants } from '../../prove/tenancy/mutants/mutants.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const edits = mutants.flatMap(({ name, edits = [] }) => edits.map((edit) => [name, edit] as const));

test.each(edits)('what the mutant "%s" takes away stands once in its file', (_, { file, find, replace }) => {
  const text = readFileSync(join(root, file), 'utf8');
  expect([file, text.split(find).length - 1]).toEqual([file, 1]);
  expect(replace).not.toBe(find);
});
