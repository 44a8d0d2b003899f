import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startImportWorld, type ImportWorld } from './importWorld.js';

let world: ImportWorld;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const object = (apiVersion: string, kind: string, name: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec: { replicas: 3 }\n`;

test('a service and a deployment of one name are two assets, in one import and in the next', async () => {
  const documents = ['frontend', 'backend'].flatMap((name) => [
    object('v1', 'Service', name),
    object('apps/v1', 'Deployment', name),
  ]);
  const file = { file: 'all.yaml', bytes: Buffer.from(documents.join('---\n')), format: 'AUTO' };
  const principal = world.newPrincipal();
  for (let time = 0; time < 2; time += 1) {
    const { assets } = await world.import(principal, file);
    expect(assets.map(({ name, kind }) => `${String(kind)} ${String(name)}`).sort()).toEqual([
      'APPLICATION backend',
      'APPLICATION frontend',
      'SERVICE backend',
      'SERVICE frontend',
    ]);
  }
});
