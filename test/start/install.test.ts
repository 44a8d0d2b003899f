import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
let tree: string;

/** A tree with our scripts and two packages of its own, packed beside it: nothing is asked of a registry. */
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tributary-install-'));
  for (const name of ['ensureInstalled.mjs', 'installProgress.mjs', 'tree.mjs'])
    await cp(join(root, 'scripts', name), join(tree, 'scripts', name));
  for (const name of ['for-all', 'for-developers', 'for-other-machines']) {
    const folder = join(tree, 'sources', name);
    await mkdir(folder, { recursive: true });
    const os = name === 'for-other-machines' ? { os: ['aix'] } : {};
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...os }));
    npm(folder, 'pack', '--silent', '--pack-destination', tree);
  }
  const manifest = {
    name: 'tree',
    version: '1.0.0',
    dependencies: { 'for-all': 'file:for-all-1.0.0.tgz' },
    devDependencies: { 'for-developers': 'file:for-developers-1.0.0.tgz' },
    optionalDependencies: { 'for-other-machines': 'file:for-other-machines-1.0.0.tgz' },
  };
  await writeFile(join(tree, 'package.json'), JSON.stringify(manifest));
  npm(tree, 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--silent');
}, 60_000);
afterAll(() => rm(tree, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): void {
  const done = spawnSync('npm', args, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`npm ${args.join(' ')}: ${done.stdout}${done.stderr}`);
}

/** What `npm start` ('run') or another script ('develop') does first. Answers what it said. */
function ensure(needs: 'run' | 'develop'): string {
  const script = `import { ensureInstalled } from './scripts/ensureInstalled.mjs'; await ensureInstalled('${needs}');`;
  const env = { ...process.env, npm_execpath: undefined, NODE_OPTIONS: '' };
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: tree, encoding: 'utf8', env });
  expect([done.status, done.stderr]).toEqual([0, done.stderr]);
  return done.stderr;
}

const there = (name: string): boolean => existsSync(join(tree, 'node_modules', name, 'package.json'));
const inode = async (name: string): Promise<number> =>
  (await stat(join(tree, 'node_modules', name, 'package.json'))).ino;

test('start installs what runs, every other script adds what developers need, and nothing that is there is taken away', async () => {
  const lock = await readFile(join(tree, 'package-lock.json'), 'utf8');
  expect(ensure('run')).toContain('none are there yet');
  expect([there('for-all'), there('for-developers'), there('for-other-machines')]).toEqual([true, false, false]);
  expect(ensure('run')).toBe('');

  const before = await inode('for-all');
  expect(ensure('develop')).toContain('for-developers is missing');
  expect([there('for-all'), there('for-developers')]).toEqual([true, true]);
  expect(await inode('for-all')).toBe(before);
  expect(ensure('develop')).toBe('');
  expect(ensure('run')).toBe('');

  // Start mends what it needs, and leaves a developer what they have.
  npm(tree, 'uninstall', '--no-save', '--silent', 'for-all');
  expect(there('for-all')).toBe(false);
  expect(ensure('run')).toContain('for-all is missing');
  expect([there('for-all'), there('for-developers')]).toEqual([true, true]);
  expect(await readFile(join(tree, 'package-lock.json'), 'utf8')).toBe(lock);
}, 120_000);
