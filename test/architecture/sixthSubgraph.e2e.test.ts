import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, startProduct } from '@tributary/kit';
import { Client } from '@tributary/kit/client';
import { edits } from './sixthSubgraph/edits.js';
import { Tree } from './sixthSubgraph/Tree.js';

// A sixth subgraph, with a table, an event, a consumer, a job, a schedule, an action, a setting and a field that joins another one's
// entity: written as the recipes of CONTRIBUTING.md say, into a copy of this project, which is then checked, built and started.

const root = join(import.meta.dirname, '../..');
const ownFiles = join(import.meta.dirname, 'sixthSubgraph/files');
const added = globSync('**/*.txt', { cwd: ownFiles });
let tree: Tree;

beforeAll(() => {
  tree = new Tree(root);
  for (const file of added) tree.add(file.slice(0, -'.txt'.length), readFileSync(join(ownFiles, file), 'utf8'));
  for (const edit of edits) tree.change(edit);
  tree.run('scripts/build.mjs', '--quiet');
  tree.run('embedded/dist/emitSdlMain.js', 'schema/subgraphs');
  tree.run(
    '-e',
    `import('./scripts/compose.mjs').then(({ compose }) => compose({ check: false })).then((problems) => {
    for (const problem of problems) console.error(problem); process.exitCode = problems.length; })`,
  );
}, 240_000);

afterAll(() => tree[Symbol.dispose]());

/** The files that the recipes name, as patterns for a subgraph of this name. */
function namedByRecipes(name: string): string[] {
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, recipes = ''] = contributing.split('**Recipes**');
  const lines = recipes
    .split('\n\n')[0]!
    .split('\n')
    .filter((line) => line.trim() !== '');
  const text = lines.slice(1).join(' ');
  return [...text.matchAll(/`([\w./<>*-]+\.\w+)`/g)].map(([, path]) =>
    path!.replaceAll('<name>', name).replaceAll(/<\w+>/g, '*'),
  );
}

test('touches the files that the recipes name, and no others', () => {
  const patterns = [...new Set(namedByRecipes('echo'))];
  const touched = tree.changed().filter((file) => !file.startsWith('schema/'));
  expect(patterns.length).toBeGreaterThan(15);
  expect(touched.filter((file) => !patterns.some((pattern) => matchesGlob(file, pattern)))).toEqual([]);
  expect(patterns.filter((pattern) => !touched.some((file) => matchesGlob(file, pattern)))).toEqual([]);
});

test('passes the type check of the whole project', () => {
  tree.run('node_modules/typescript-native/bin/tsc', '--project', 'tsconfig.json');
}, 120_000);

test('answers, listens, works and reacts in the running product', async () => {
  await using product = await startProduct({
    mode: 'embedded',
    command: [process.execPath, join(tree.folder, 'embedded/dist/main.js')],
    settings: { DEMO_DATA: 'true' },
  });
  const { origin } = new URL(product.url);
  const [client, stranger] = [new Client({ origin }), new Client({ origin }, 'globex')];
  const { flows } = await client.ask('{ flows(first: 1) { nodes { id } } }');
  const flowId = flows.nodes[0].id as string;
  const make = 'mutation ($flowId: ID!) { makeEcho(text: "hallo", flowId: $flowId) { id loudness heard } }';
  const { makeEcho } = await client.ask(make, { flowId });
  expect(makeEcho).toMatchObject({ id: expect.stringMatching(/^echo_/), loudness: 1, heard: 0 });
  const look = `query ($flowId: ID!, $id: ID!) { flow(id: $flowId) { name echoes { text heard repeated faded } }
    node(id: $id) { id ... on Echo { text } } }`;
  await eventually(
    async () => {
      const { flow, node } = await client.ask(look, { flowId, id: makeEcho.id });
      expect(flow.echoes).toEqual([{ text: 'hallo', heard: 1, repeated: true, faded: true }]);
      expect(node).toEqual({ id: makeEcho.id, text: 'hallo' });
    },
    { timeoutMs: 30_000 },
  );
  expect((await stranger.ask('{ allEchoes { text } }')).allEchoes).toEqual([]);
  client.close();
  stranger.close();
}, 180_000);
