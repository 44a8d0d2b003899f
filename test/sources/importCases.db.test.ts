import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { faultsOf, importCases, inputOf, kindOf } from './importCases.js';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';
import { stillWrong } from './stillWrong.js';

let world: ImportWorld;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test('sources come in as a person expects, and none that did comes in wrong', async () => {
  const principal = world.newPrincipal();
  const faults = new Map<string, string[]>();
  for (const each of importCases) faults.set(each.id, faultsOf(each, await world.import(principal, inputOf(each))));
  const wrong = importCases.filter(({ id }) => faults.get(id)!.length > 0);
  const lines = [...Map.groupBy(importCases, kindOf)].map(([kind, cases]) => {
    const right = cases.filter((each) => !wrong.includes(each)).length;
    return `${String(right).padStart(4)} of ${String(cases.length).padStart(2)}  ${kind}`;
  });
  process.stdout.write(
    `${importCases.length - wrong.length} of ${importCases.length} sources right\n${lines.join('\n')}\n`,
  );
  if (process.env['SHOW_FAULTS']) {
    for (const { id, what } of wrong) process.stdout.write(`${id} (${what}): ${faults.get(id)!.join(' · ')}\n`);
  }
  expect(wrong.filter(({ id }) => !stillWrong.has(id)).map(({ id }) => [id, faults.get(id)])).toEqual([]);
  expect([...stillWrong].filter((id) => faults.get(id)?.length === 0)).toEqual([]);
}, 300_000);
