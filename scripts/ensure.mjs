// What everything else runs on: the right Node, the build, and how a script runs a command. Run by itself it makes a fresh clone ready for
// developers. Plain JavaScript without dependencies: it also runs on Node 20 before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { argv, env, execPath, platform, arch, version } from 'node:process';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './ensureInstalled.mjs';
import { pinnedNodeFile, pinnedNodePackage } from './pinnedNode.mjs';
import { fail, root } from './tree.mjs';

const oldestNode = [24, 15];

/** The Node that everything of ours runs on: the one pinned in package.json, else this one if it is new enough. */
export function pinnedNode() {
  const pinned = join(root, 'node_modules', pinnedNodePackage(platform, arch), pinnedNodeFile(platform));
  if (existsSync(pinned)) return pinned;
  const [major, minor] = version.slice(1).split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return execPath;
  return fail(
    `Tributary runs on Node ${oldestNode.join('.')} or later. This is Node ${version.slice(1)}, and npm has no pinned Node for ` +
      `${platform} on ${arch}.\nInstall Node 24 from https://nodejs.org or your version manager (see .nvmrc), then try again.`,
  );
}

/** The environment for children: `node` means the pinned Node for them, too. */
export function childEnvironment(extra = {}) {
  return { ...env, PATH: [join(root, 'node_modules', '.bin'), env.PATH].join(delimiter), ...extra };
}

/** What Node is told before it runs a file that was built: errors name lines of our sources. */
export const sourceMapFlags = [
  '--import',
  pathToFileURL(join(root, 'packages', 'process', 'dist', 'ownSourceMaps.js')).href,
];

/** Compiles what has changed in every workspace, and bundles the page for browsers when it has. */
export function ensureBuilt() {
  for (const step of [['build.mjs', '--quiet'], ['build-graphiql.mjs']]) {
    const [script, ...args] = step;
    const done = spawnSync(pinnedNode(), [join(root, 'scripts', script), ...args], { cwd: root, stdio: 'inherit' });
    if (done.status !== 0) fail('The build failed: see above.');
  }
}

/** Runs a command to its end in the terminal of this one. Returns its exit code. */
export function run(file, args, options = {}) {
  return new Promise((resolveRun) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', env: childEnvironment(), ...options });
    child.once('error', (error) => fail(`${file} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolveRun(exitCode(code, signal)));
  });
}

/** What a shell would report: 128 + n after signal n. */
export function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

if (argv[1] && pathToFileURL(resolve(argv[1])).href === import.meta.url) {
  await ensureInstalled('develop');
  ensureBuilt();
}
