// `npm run pack -- --to folder`: packs every package that others may install (those whose package.json is not private), with the
// types that the native compiler writes. Without `--to` it packs into a folder of its own that is gone afterwards.
// `--check` asks publint and attw whether a bundler, Node and TypeScript will find their way in each.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { argv, cwd, exit } from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { childEnvironment, ensureBuilt, pinnedNode } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { root } from './tree.mjs';

/** Packs the public packages of the tree at `tree`, which is built, into `to`. Answers the paths of the tarballs. */
export async function packAll({ tree = root, to }) {
  await mkdir(to, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'tributary-pack-'));
  try {
    const tarballs = [];
    for (const { folder, manifest } of await publicPackages(tree)) {
      const stage = join(work, manifest.name.split('/').at(-1));
      await stagePackage(tree, folder, manifest, stage);
      const [{ filename }] = JSON.parse(runIn(stage, 'npm', ['pack', '--json', '--pack-destination', resolve(to)]));
      tarballs.push(join(resolve(to), filename));
    }
    return tarballs;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Every workspace of the tree that is not private. */
export async function publicPackages(tree = root) {
  const { workspaces } = JSON.parse(await readFile(join(tree, 'package.json'), 'utf8'));
  const folders = workspaces.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(tree, pattern.slice(0, -2))).map((name) => join(pattern.slice(0, -2), name))
      : [pattern],
  );
  const found = [];
  for (const folder of folders) {
    const file = join(tree, folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    if (!manifest.private) found.push({ folder, manifest });
  }
  return found;
}

/** The package as it is installed: JavaScript, types, README and licence, and no way to the sources. */
async function stagePackage(tree, folder, manifest, stage) {
  await mkdir(stage, { recursive: true });
  await cp(join(tree, folder, 'dist'), join(stage, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.built-with') && !path.endsWith('.tmp'),
  });
  for (const [from, name] of [
    [join(tree, folder, 'README.md'), 'README.md'],
    [join(tree, 'LICENSE'), 'LICENSE'],
  ]) {
    await cp(from, join(stage, name));
  }
  const compiler = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
  const project = join(tree, folder, 'tsconfig.declarations.json');
  runIn(tree, pinnedNode(), [compiler, '--project', project, '--outDir', join(stage, 'dist')]);
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([door, { types, default: javascript }]) => {
      if (!types) throw new Error(`${folder}/package.json: exports["${door}"] names no "types".`);
      return [door, { types, default: javascript }];
    }),
  );
  await writeFile(join(stage, 'package.json'), `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`);
}

/** Throws with what publint and attw find wrong with a tarball. */
export function checkTarball(tarball) {
  runIn(root, 'publint', ['run', tarball, '--strict']);
  // ES modules only, as every package here says.
  runIn(root, 'attw', [tarball, '--profile', 'esm-only']);
}

function runIn(folder, file, args) {
  const done = spawnSync(file, args, { cwd: folder, encoding: 'utf8', env: childEnvironment() });
  if (done.status === 0) return done.stdout;
  throw new Error(`${file} ${args.join(' ')} failed:\n${done.error?.message ?? ''}${done.stdout}${done.stderr}`);
}

if (argv[1] && pathToFileURL(resolve(argv[1])).href === import.meta.url) {
  const { values: flags } = parseArgs({ options: { to: { type: 'string' }, check: { type: 'boolean' } } });
  await ensureInstalled('develop');
  ensureBuilt();
  const to = flags.to ? resolve(cwd(), flags.to) : await mkdtemp(join(tmpdir(), 'tributary-packages-'));
  try {
    for (const tarball of await packAll({ to })) {
      if (flags.check) checkTarball(tarball);
      console.log(flags.to ? tarball : `ok ${tarball.split('/').at(-1)}`);
    }
  } catch (error) {
    console.error(error.message);
    exit(1);
  } finally {
    if (!flags.to) await rm(to, { recursive: true, force: true });
  }
}
