import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanTree, manifest, npmPackages, violations, workspaces } from './plantedTree.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: { name: string }[];
};

interface Found {
  rule: string;
  from: string;
}

/** Shows dependency-cruiser the native TypeScript under the name of the classic one. */
const withUnsupportedTypeScript = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => next(name.replace(/^typescript(?=$|\\/)/, 'typescript-native'), context) });
  `)}`,
];

async function cruise(
  tree: string,
  nodeFlags: string[] = [],
): Promise<{ found: Found[]; complaint: string; failed: boolean }> {
  const args = [...nodeFlags, join(root, 'scripts', 'depcruise.mjs'), '--root', tree, '--json'];
  const done = await promisify(execFile)(process.execPath, args).then(
    ({ stdout, stderr }) => ({ stdout, stderr, failed: false }),
    (error: { stdout: string; stderr: string }) => ({ stdout: error.stdout, stderr: error.stderr, failed: true }),
  );
  return { found: JSON.parse(done.stdout || '[]') as Found[], complaint: done.stderr, failed: done.failed };
}

async function plant(files: Record<string, string>): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'tributary-stairs-'));
  const all: Record<string, string> = { ...files, 'package.json': manifest('tributary', [], ['dev-tool']) };
  for (const name of [...npmPackages, 'dev-tool']) {
    all[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'dist/index.js' });
    all[`node_modules/${name}/dist/index.js`] = 'module.exports = {};\n';
  }
  for (const [file, content] of Object.entries(all)) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), content);
  }
  await mkdir(join(tree, 'node_modules/@tributary'), { recursive: true });
  for (const [name, folder] of Object.entries(workspaces)) {
    await symlink(join(tree, folder), join(tree, 'node_modules', name), 'dir');
  }
  return tree;
}

describe('the import stairs', () => {
  let cleanFolder: string;
  let plantedFolder: string;
  let planted: Awaited<ReturnType<typeof cruise>>;

  beforeAll(async () => {
    cleanFolder = await plant(cleanTree);
    plantedFolder = await plant(Object.assign({}, cleanTree, ...violations.map((violation) => violation.files)));
    planted = await cruise(plantedFolder);
  });
  afterAll(async () => {
    await rm(cleanFolder, { recursive: true });
    await rm(plantedFolder, { recursive: true });
  });

  test('let through a tree that keeps to them', async () => {
    const { found, complaint, failed } = await cruise(cleanFolder);
    expect({ found, complaint, failed }).toEqual({ found: [], complaint: '', failed: false });
  });

  test('are each broken once here, and nothing else is tested', () => {
    const tested = new Set(violations.map((violation) => violation.rule));
    expect([...tested].sort()).toEqual(config.forbidden.map((rule) => rule.name).sort());
  });

  test.each(violations)('$rule bites: $breaks', ({ rule, files }) => {
    const culprit = Object.keys(files)[0];
    expect(planted.failed).toBe(true);
    expect(planted.found).toContainEqual(expect.objectContaining({ rule, from: culprit }));
  });

  test('fail with a TypeScript that the tool does not support, instead of missing imports', async () => {
    const { failed, complaint } = await cruise(cleanFolder, withUnsupportedTypeScript);
    expect(failed).toBe(true);
    expect(complaint).toContain('does not support the installed TypeScript');
  });

  test('fail when the tool overlooks a file, instead of finding nothing in it', async () => {
    // The tool follows nothing whose path speaks of node_modules.
    const overlooked = 'packages/kernel/src/old_node_modules/bad.ts';
    const tree = await plant({ ...cleanTree, [overlooked]: "import '@tributary/data';\n" });
    const { failed, complaint, found } = await cruise(tree);
    await rm(tree, { recursive: true });
    expect({ failed, found }).toEqual({ failed: true, found: [] });
    expect(complaint).toContain(overlooked);
  });
});
