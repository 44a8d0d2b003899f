import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { defects } from '../../prove/alerts/defects.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each(defects)('what $name takes away stands once in its file, and its test is there', ({ edit, suite, title }) => {
  const text = readFileSync(join(root, edit.file), 'utf8');
  expect([edit.file, text.split(edit.find).length - 1]).toEqual([edit.file, 1]);
  const titles = readFileSync(join(root, suite), 'utf8').split(`'${title}`).length - 1;
  expect([title, titles]).toEqual([title, 1]);
});
