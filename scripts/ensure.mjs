// Everything that a fresh clone needs before anything else runs: the right Node, the installed packages, the build.
// Plain JavaScript without dependencies: it also runs on Node 20 before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { argv, env, execPath, exit, platform, arch, version } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const oldestNode = [24, 15];

/** Installs the locked packages when some are missing or at another version than package-lock.json says. */
export function ensureInstalled() {
  const reason = reasonToInstall();
  if (!reason) return;
  console.error(`Installing packages (${reason}); this takes a minute or two …`);
  // Under `npm run`, npm says where it is, so that we run the same one; it is a script, so that no shell is needed.
  const npm = env.npm_execpath ? { file: execPath, args: [env.npm_execpath] } : { file: 'npm', args: [] };
  const done = spawnSync(npm.file, [...npm.args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: platform === 'win32' && npm.file === 'npm',
  });
  if (done.error)
    fail(`npm could not be started: ${done.error.message}. Tributary needs npm, which comes with Node.js.`);
  if (done.status !== 0)
    fail('npm ci failed: see above. Tributary needs the npm registry the first time that it starts.');
}

function reasonToInstall() {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return 'none are there yet';
  const locked = readPackages('package-lock.json') ?? {};
  for (const [path, wanted] of Object.entries(locked)) {
    // An optional package is absent where it belongs to another platform.
    if (path === '' || ((wanted.optional || wanted.devOptional) && !installed[path])) continue;
    if (!installed[path]) return `${path} is missing`;
    if (installed[path].version !== wanted.version) return `${path} is at another version than package-lock.json`;
  }
  return null;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

/** The Node that everything of ours runs on: the one pinned in package.json, else this one if it is new enough. */
export function pinnedNode() {
  const folder = join(root, 'node_modules', platform === 'win32' ? `node-win-${arch}` : `node-${platform}-${arch}`);
  const pinned = join(folder, 'bin', platform === 'win32' ? 'node.exe' : 'node');
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

function fail(message) {
  console.error(message);
  exit(1);
}

if (argv[1] && pathToFileURL(resolve(argv[1])).href === import.meta.url) {
  ensureInstalled();
  ensureBuilt();
}
