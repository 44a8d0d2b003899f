// Installs what package-lock.json says, in two helpings: what runs the product, and on top of it what developers need. Nothing that is
// there is taken away. `node scripts/ensureInstalled.mjs develop` does it alone. Plain JavaScript without dependencies: it also runs on Node 20 before anything is installed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { arch, argv, env, execPath, platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { installProgress } from './installProgress.mjs';
import { fail, root } from './tree.mjs';

/**
 * Installs the locked packages when some are missing or at another version than package-lock.json says. `needs`: `run` for what runs the
 * product and builds it, `develop` for everything.
 */
export async function ensureInstalled(needs) {
  const reason = reasonToInstall(needs);
  if (!reason) return;
  const installed = readPackages('node_modules/.package-lock.json');
  // Whoever develops here goes on with all that it takes.
  const wanted = needs === 'develop' || (installed && hasDevelopersPackages(installed)) ? 'develop' : 'run';
  console.error(`Installing packages (${reason}); this takes a minute or two …`);
  const progress = installProgress(Object.keys(packagesFor(wanted)));
  const code = await npm([
    // `npm ci` begins with an empty folder: right for a fresh clone only, for others may be running from theirs.
    ...(installed ? ['install', '--no-save'] : ['ci']),
    wanted === 'develop' ? '--include=dev' : '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  progress.end();
  if (code !== 0) fail('npm failed: see above. Tributary needs the npm registry the first time that it starts.');
  const left = reasonToInstall(needs);
  if (left) fail(`npm has left something out: ${left}. Take node_modules/ away and try again.`);
}

function reasonToInstall(needs) {
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return 'none are there yet';
  for (const [path, wanted] of Object.entries(packagesFor(needs))) {
    if (!installed[path]) {
      if (!wanted.optional && !wanted.devOptional) return `${path} is missing`;
    } else if (installed[path].version !== wanted.version) {
      return `${path} is at another version than package-lock.json`;
    }
  }
  return null;
}

/** What package-lock.json wants on this machine, by path. */
function packagesFor(needs) {
  const locked = readPackages('package-lock.json') ?? {};
  const here = ([path, { dev, os, cpu }]) =>
    path !== '' && (needs === 'develop' || !dev) && allows(os, platform) && allows(cpu, arch);
  return Object.fromEntries(Object.entries(locked).filter(here));
}

function allows(names, own) {
  return names === undefined || [names].flat().includes(own);
}

function hasDevelopersPackages(installed) {
  const locked = readPackages('package-lock.json') ?? {};
  return Object.keys(installed).some((path) => locked[path]?.dev);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

/** Runs npm to its end. Under `npm run`, npm says where it is, so that we run the same one; it is a script, so that no shell is needed. */
function npm(args) {
  const start = env.npm_execpath ? [execPath, [env.npm_execpath, ...args]] : ['npm', args];
  return new Promise((resolve) => {
    const child = spawn(...start, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: platform === 'win32' && !env.npm_execpath,
    });
    child.once('error', (error) =>
      fail(`npm could not be started: ${error.message}. Tributary needs npm, which comes with Node.js.`),
    );
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

if (argv[1] && pathToFileURL(resolve(argv[1])).href === import.meta.url) await ensureInstalled(argv[2] ?? 'develop');
