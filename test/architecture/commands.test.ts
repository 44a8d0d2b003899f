import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandGroups } from '../../scripts/commands.js';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const described = commandGroups.flatMap(({ commands }) => Object.keys(commands));

test('every command of package.json is described once', () => {
  expect([...described].sort()).toEqual(Object.keys(scripts).sort());
});

test('a description shows the command that it is about', () => {
  for (const { commands } of commandGroups)
    for (const [name, { usage }] of Object.entries(commands))
      expect(usage).toMatch(new RegExp(`^npm (run )?${name}( |$)`));
});
