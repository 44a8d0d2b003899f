import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { everyStatement } from './everyStatement.js';
import { startAlertWorld } from './alertWorld.js';
import type { AlertWorld } from './alertWorld.js';

let world: AlertWorld;
beforeAll(async () => {
  world = await startAlertWorld();
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());

const source = new URL('../src/', import.meta.url);
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const textOf = (name: string) => readFileSync(new URL(name, source), 'utf8');

test('where a rule stands is written by one class alone, and decided by one function', () => {
  const writes = /(?:insert into|update|delete from) alert_instance\b/;
  const writers = everyStatement(world.database)
    .filter(({ text }) => writes.test(text))
    .map(({ name }) => name.replace('alert.', ''));
  expect(writers.sort()).toEqual(['deleteInstances', 'deleteInstancesOfRule', 'saveChanges', 'saveInstances']);
  const users = files.filter(
    (name) => !name.startsWith('storage/') && new RegExp(writers.join('|')).test(textOf(name)),
  );
  expect(users).toEqual(['domain/InstanceWriter.ts']);
  expect(
    files.filter((name) => !name.startsWith('storage/') && textOf(name).includes('repository(InstanceRow)')),
  ).toEqual([]);
  const deciders = files.filter((name) =>
    /\b(?:step|endByPerson)\b[^']*from '\.\/alertMachine\.js'/.test(textOf(name)),
  );
  expect(deciders.sort()).toEqual(['domain/InstanceWriter.ts', 'domain/evaluateTick.ts']);
});
