// Builds the console that the gateway serves: console/ → gateway/dist-console, installing its packages first where they are
// missing. About a minute, and none at all when nothing has changed since. `--force` builds anyway; `--background` yields to
// everything else. Plain JavaScript without dependencies until it builds.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import process, { argv, execPath, pid, platform, stderr } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'console');
const inputs = [
  'console',
  'client/src',
  'contracts/src',
  'schema/api.graphql',
  'schema/supergraph.graphql',
  'scripts/build-console.mjs',
  'scripts/generate-console.mjs',
];
const made = new Set(['node_modules', '.next', 'out', 'generated', 'test', 'next-env.d.ts', 'tsconfig.tsbuildinfo']);
const backgroundPriority = 15;

/** Where the console is when `buildConsole` has resolved. */
export const consoleFolder = join(root, 'gateway', 'dist-console');
const progressFile = `${consoleFolder}.progress.json`;

/** Builds the console unless it is there and up to date. True when it was built. */
export async function buildConsole({ force = false } = {}) {
  const recipe = await recipeOf();
  const built = await readFile(join(consoleFolder, '.built-with'), 'utf8').catch(() => '');
  if (!force && built === recipe) return false;
  const since = Date.now();
  const tell = (step) => writeFile(progressFile, JSON.stringify({ step, since }));
  // Built beside and renamed, so that a gateway never serves half of it.
  const beside = `${consoleFolder}.${pid}.tmp`;
  try {
    await mkdir(join(root, 'gateway'), { recursive: true });
    await installConsole(() => tell('Installing its packages'));
    await tell('Building its pages');
    const { generateConsole } = await import('./generate-console.mjs');
    const manifest = await generateConsole();
    await run(execPath, [join(source, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'], source);
    await rm(beside, { recursive: true, force: true });
    await cp(join(source, 'out'), beside, { recursive: true });
    await bundleWorker(join(beside, 'layout.worker.js'));
    await writeFile(join(beside, 'operations.json'), JSON.stringify(manifest));
    await writeFile(join(beside, '.built-with'), recipe);
    await rm(consoleFolder, { recursive: true, force: true });
    await rename(beside, consoleFolder);
  } finally {
    await rm(beside, { recursive: true, force: true });
    await rm(progressFile, { force: true });
  }
  stderr.write(`Built the console in ${((Date.now() - since) / 1000).toFixed(1)} s.\n`);
  return true;
}

/** Installs what console/package-lock.json names, unless that was done. */
export async function installConsole(starting = () => undefined) {
  const lock = createHash('sha256')
    .update(await readFile(join(source, 'package-lock.json')))
    .digest('hex');
  const mark = join(source, 'node_modules', '.installed-with');
  if ((await readFile(mark, 'utf8').catch(() => '')) === lock) return;
  await starting();
  // Under `npm run`, npm says where it is, so that we run the same one; it is a script, so that no shell is needed.
  const npm = process.env.npm_execpath ? [execPath, process.env.npm_execpath] : ['npm'];
  await run(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], source);
  await dropUnread(join(source, 'node_modules'));
  await writeFile(mark, lock);
}

/** In these of its folders nothing is read: a library for pictures that the console has none for, what only a type check or a server runs, documentation. */
const unread = [
  '@img',
  'sharp',
  'next/dist/docs',
  'next/dist/compiled/@vercel/og',
  'typescript/lib/_tsc.js',
  'typescript/lib/typescript.d.ts',
];
/** Source maps, Next's experiments and what it runs while one develops, and what TypeScript says in other languages. */
const unreadFiles =
  /\.map$|next\/dist\/compiled\/[^/]*-experimental\/|-experimental\.runtime\.|\.runtime\.dev\.js$|typescript\/lib\/[a-z]{2}(-[a-z]+)?\//;

/** Nearly half of what npm unpacks is never read by a build of ours. */
async function dropUnread(folder) {
  for (const name of unread) await rm(join(folder, name), { recursive: true, force: true });
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    if (unreadFiles.test(file.slice(folder.length).replaceAll('\\', '/'))) await rm(file);
  }
}

/** Next hands a worker out as it is written, types and all. */
async function bundleWorker(outfile) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(source, 'src', 'graphs', 'layout.worker.ts')],
    outfile,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome120', 'firefox120', 'safari17'],
    logLevel: 'warning',
  });
}

/** Changes whenever the same command would give another console. */
async function recipeOf() {
  const hash = createHash('sha256');
  for (const input of inputs) await addTo(hash, input);
  return hash.digest('hex');
}

async function addTo(hash, path) {
  const file = join(root, path);
  const entries = await readdir(file, { withFileTypes: true }).catch(() => null);
  if (!entries) return void hash.update(path).update(await readFile(file));
  for (const { name } of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (!made.has(name) && !name.endsWith('.md')) await addTo(hash, `${path}/${name}`);
  }
}

let child = null;

/** Its output is told when it fails, and not before. */
function run(file, args, cwd) {
  return new Promise((resolve, reject) => {
    let output = '';
    child = spawn(file, args, {
      cwd,
      env: { ...process.env, NODE_ENV: '', NEXT_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: platform === 'win32' && file === 'npm',
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('exit', (code) => {
      child = null;
      if (code === 0) resolve();
      else reject(new Error(`${args.at(-1)} in console/ ended with ${code}:\n${output.slice(-4000)}`));
    });
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      child?.kill('SIGTERM');
      process.exit(1);
    });
  }
  if (argv.includes('--background')) setPriority(backgroundPriority);
  if (!existsSync(source)) process.exit(0);
  try {
    await buildConsole({ force: argv.includes('--force') });
  } catch (error) {
    stderr.write(`The console could not be built: ${error.message}\n`);
    process.exitCode = 1;
  }
}
