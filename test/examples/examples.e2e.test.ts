import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transformFileAsync } from '@babel/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { startSystem, type Session, type System } from '../e2e/harness.js';

const root = join(import.meta.dirname, '../..');
const examples = join(root, 'examples');
const run = promisify(execFile);
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

let system: System;
let owner: Session;

beforeAll(async () => {
  const started = startSystem('embedded', { DEMO_DATA: 'true' });
  await run(process.execPath, [bin('graphql-codegen'), '--config', 'codegen.ts'], { cwd: examples });
  await run(process.execPath, [bin('relay-compiler'), 'relay/relay.config.json'], { cwd: examples });
  system = await started;
  owner = await system.signIn();
}, 180_000);
afterAll(() => system?.close());

/** What an example prints, a JSON object a line, when its reader runs it. */
async function printed(...file: string[]): Promise<Record<string, unknown>[]> {
  const env = { ...process.env, TRIBUTARY_URL: system.url, TRIBUTARY_TOKEN: owner.accessToken };
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', ...file], {
    cwd: examples,
    env,
    timeout: 30_000,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const flows = expect.arrayContaining([expect.objectContaining({ status: expect.any(String) })]);

test('the examples fit the types that codegen makes of the schema', async () => {
  const checked = run(process.execPath, [join(root, 'node_modules/typescript-native/bin/tsc'), '-p', examples]);
  await expect(checked).resolves.toMatchObject({ stdout: '' });
}, 60_000);

test.each(['apollo', 'urql', 'fetch'])(
  '%s reads flows, and hears of their life',
  async (library) => {
    expect(await printed(join(library, 'estate.ts'))).toEqual([{ flows }, { event: 'stream.snapshot' }]);
  },
  60_000,
);

test('relay reads flows, and hears of their life', async () => {
  const bundle = join(examples, 'relay', '__generated__', 'bundle.mjs');
  await build({
    entryPoints: [join(examples, 'relay', 'estate.js')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Of npm everything is installed; Relay’s compiler and its babel plugin make the rest.
    packages: 'external',
    plugins: [
      {
        name: 'relay',
        setup: ({ onLoad }) =>
          onLoad({ filter: /estate\.js$/ }, async ({ path }) => {
            const made = await transformFileAsync(path, { plugins: [['relay', { eagerEsModules: true }]], cwd: root });
            return { contents: made!.code! };
          }),
      },
    ],
  });
  try {
    expect(await printed(bundle)).toEqual([{ flows }, { event: 'stream.snapshot' }]);
  } finally {
    rmSync(bundle);
  }
}, 60_000);
