// Compiles the TypeScript of every workspace to its dist/, file by file: only what has changed, and no types are
// checked (`npm run typecheck` does). Files of other kinds below src/ are copied.
// `--quiet` prints only when something was compiled.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { argv, pid, stderr } from 'node:process';
import { root } from './tree.mjs';
import { commitOfTree } from './version.mjs';

const stampName = '.built-with';
const commitName = 'commit';
const started = performance.now();

const recipe = await recipeStamp();
const workspaces = await findWorkspaces();
const jobs = (await Promise.all(workspaces.map(staleFiles))).flat();
const failures = jobs.length > 0 ? await compileAll(jobs) : [];

for (const failure of failures) console.error(failure);
if (failures.length > 0) {
  process.exitCode = 1;
} else {
  await Promise.all(workspaces.map((workspace) => writeFile(join(workspace.dist, stampName), recipe)));
  // Every process says with it which build it is.
  await replace(join(root, 'packages', 'process', 'dist', commitName), (target) => writeFile(target, commitOfTree()));
  if (jobs.length > 0 || !argv.includes('--quiet')) {
    stderr.write(`Built ${jobs.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
  }
}

/** Changes whenever the same source would give another output. */
async function recipeStamp() {
  const inputs = ['.swcrc', 'scripts/build.mjs', 'node_modules/@swc/core/package.json'];
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(await readFile(join(root, input)));
  return hash.digest('hex');
}

async function findWorkspaces() {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const found = [];
  for (const pattern of manifest.workspaces) {
    const folders = pattern.endsWith('/*')
      ? (await readdir(join(root, pattern.slice(0, -2)), { withFileTypes: true }))
          .filter((entry) => entry.isDirectory())
          .map((entry) => join(pattern.slice(0, -2), entry.name))
      : [pattern];
    for (const folder of folders) {
      // The migrations lie directly in their folder: a numbered file each, nothing else to keep apart.
      const source = folder === 'migrations' ? join(root, folder) : join(root, folder, 'src');
      if (await modifiedAt(source)) found.push({ source, dist: join(root, folder, 'dist') });
    }
  }
  return found;
}

async function staleFiles({ source, dist }) {
  const sameRecipe = (await readFile(join(dist, stampName), 'utf8').catch(() => '')) === recipe;
  await mkdir(dist, { recursive: true });
  const wanted = new Set([stampName, commitName]);
  const jobs = [];
  for (const file of await filesBelow(source)) {
    if (file === 'package.json' || /\.(d\.ts|md)$/.test(file)) continue;
    const compiled = /\.tsx?$/.test(file);
    const output = compiled ? file.replace(/\.tsx?$/, '.js') : file;
    wanted.add(output);
    if (compiled) wanted.add(`${output}.map`);
    const job = { from: join(source, file), to: join(dist, output), compiled };
    // An output bears the time of its source, so a source that went back in time is noticed as well.
    if (!sameRecipe || Math.abs((await modifiedAt(job.to)) - (await modifiedAt(job.from))) > 2) jobs.push(job);
  }
  const orphans = (await filesBelow(dist)).filter((file) => !wanted.has(file) && !file.endsWith('.tmp'));
  await Promise.all(orphans.map((file) => rm(join(dist, file), { force: true })));
  return jobs;
}

async function compileAll(jobs) {
  const { transformFile } = await import('@swc/core');
  const failures = [];
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.pop(); job; job = queue.pop()) {
      try {
        await compile(job, transformFile);
      } catch (error) {
        failures.push(`${relative(root, job.from)}: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return failures;
}

async function compile({ from, to, compiled }, transformFile) {
  await mkdir(dirname(to), { recursive: true });
  const time = (await stat(from)).mtime;
  if (compiled) {
    const { code, map } = await transformFile(from, {
      cwd: root,
      configFile: join(root, '.swcrc'),
      sourceFileName: relative(dirname(to), from),
    });
    const mapName = `${to.slice(to.lastIndexOf('/') + 1)}.map`;
    await replace(`${to}.map`, (target) => writeFile(target, map));
    await replace(to, (target) => writeFile(target, `${code}//# sourceMappingURL=${mapName}\n`), time);
  } else {
    await replace(to, (target) => copyFile(from, target), time);
  }
}

/** Writes beside and renames, so that two builds at once never leave half a file. */
async function replace(target, write, time) {
  const beside = `${target}.${pid}.tmp`;
  await write(beside);
  if (time) await utimes(beside, time, time);
  await rename(beside, target);
}

async function filesBelow(folder, prefix = '') {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const files = [];
  for (const entry of entries) {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'test'].includes(entry.name)) files.push(...(await filesBelow(folder, path)));
    } else {
      files.push(path);
    }
  }
  return files;
}

/** Milliseconds, or 0 when there is nothing. File systems and `utimes` round them differently, by less than 2. */
async function modifiedAt(path) {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0;
}
