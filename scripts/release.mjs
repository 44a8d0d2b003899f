// `npm run release -- --bump minor`: gives all packages their next version (lerna, fixed mode), writes it into CHANGELOG.md, commits and
// tags, and packs each public package into release/. Nothing is sent anywhere: push the tag and publish the tarballs by hand.
// `--dry-run` does the same in a temporary clone of what is committed, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { childEnvironment, ensureBuilt, pinnedNode } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { root } from './tree.mjs';
import { checkTarball, packAll } from './pack.mjs';

const { values: flags } = parseArgs({
  options: { bump: { type: 'string', default: 'minor' }, 'dry-run': { type: 'boolean', default: false } },
});

await ensureInstalled('develop');
ensureBuilt();
const clone = flags['dry-run'] ? await mkdtemp(join(tmpdir(), 'tributary-release-')) : null;
try {
  if (clone) await cloneInto(clone);
  await release(clone ?? root);
} catch (error) {
  console.error(error.message);
  exit(1);
} finally {
  if (clone) await rm(clone, { recursive: true, force: true });
}

async function cloneInto(folder) {
  run(root, 'git', ['clone', '--quiet', '--local', root, folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  run(folder, pinnedNode(), ['scripts/build.mjs', '--quiet']);
}

async function release(tree) {
  if (run(tree, 'git', ['status', '--porcelain', '--untracked-files=no'])) {
    throw new Error('Commit or put aside what is changed first: a release is made of what is committed.');
  }
  const before = await versionOf(tree);
  const quiet = ['--yes', '--exact', '--force-publish', '--no-git-tag-version', '--no-push', '--loglevel', 'error'];
  run(tree, 'lerna', ['version', flags.bump, ...quiet]);
  const version = await versionOf(tree);
  await writeRootVersion(tree, version);
  await writeChartVersion(tree, version);
  await nameUnreleased(tree, version);
  run(tree, 'git', ['commit', '--quiet', '--all', '--message', `Release ${version}`]);
  run(tree, 'git', ['tag', '--annotate', '--message', `Release ${version}`, `v${version}`]);
  console.log(`${before} → ${version}`);
  for (const tarball of await packAll({ tree, to: join(tree, 'release') })) {
    checkTarball(tarball);
    console.log(`packed ${tarball.split('/').at(-1)}`);
  }
}

async function versionOf(tree) {
  return JSON.parse(await readFile(join(tree, 'lerna.json'), 'utf8')).version;
}

/** The root is no package of lerna's. */
async function writeRootVersion(tree, version) {
  const file = join(tree, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  for (const name of Object.keys(manifest.devDependencies)) {
    if (name.startsWith('@tributary/')) manifest.devDependencies[name] = version;
  }
  await writeFile(file, `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
}

/** The Helm chart goes with the images of its version. Throws when it says neither of its two versions. */
async function writeChartVersion(tree, version) {
  const file = join(tree, 'deploy/helm/tributary/Chart.yaml');
  const text = await readFile(file, 'utf8');
  const lines = /^(version|appVersion): .*$/gm;
  if (text.match(lines)?.length !== 2) throw new Error(`${file} must say version and appVersion.`);
  await writeFile(file, text.replaceAll(lines, `$1: ${version}`));
}

/** Throws when nobody wrote down what this version changes. */
async function nameUnreleased(tree, version) {
  const file = join(tree, 'CHANGELOG.md');
  const text = await readFile(file, 'utf8');
  const [, unreleased = ''] = /^## Unreleased\n([^]*?)(?=^## |$(?![^]))/m.exec(text) ?? [];
  if (!unreleased.trim())
    throw new Error('CHANGELOG.md says nothing under "## Unreleased": write what this version changes.');
  const day = new Date().toISOString().slice(0, 10);
  await writeFile(file, text.replace('## Unreleased\n', `## Unreleased\n\n## ${version}, ${day}\n`));
}

function run(folder, file, args) {
  const done = spawnSync(file, args, { cwd: folder, encoding: 'utf8', env: childEnvironment() });
  if (done.status === 0) return done.stdout.trim();
  throw new Error(`${file} ${args.join(' ')} failed:\n${done.error?.message ?? ''}${done.stdout}${done.stderr}`);
}
