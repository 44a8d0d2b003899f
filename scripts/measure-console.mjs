// What a browser loads of the console, measured on the built files, what Home asks for, and the limits that the check holds it to.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { consoleFolder } from './build-console.mjs';

const kB = 1000;
const limits = {
  firstLoad: 230 * kB,
  css: 12 * kB,
  anyFile: 110 * kB,
  output: 4_000 * kB,
  files: 200,
  homeCost: 400,
  installed: 250_000 * kB,
};

/** Prints the table. 0, or 1 when a limit is passed. */
export async function measureConsole() {
  const entries = await readdir(consoleFolder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).size])));
  const zipped = async (file) => gzipSync(await readFile(file)).length;
  const home = await readFile(join(consoleFolder, 'index.html'), 'utf8');
  const named = (pattern) => [...new Set([...home.matchAll(pattern)].map(([, path]) => join(consoleFolder, path)))];
  const scripts = named(/<script[^>]*\ssrc="\/console\/([^"]+)"[^>]*(?<!nomodule="")>/gi).filter(
    (file) => !home.includes(`${file.slice(consoleFolder.length + 1)}" noModule`),
  );
  const sum = async (list) => (await Promise.all(list.map(zipped))).reduce((total, size) => total + size, 0);
  const chunks = await Promise.all(files.filter((file) => file.endsWith('.js')).map(zipped));
  const figures = {
    firstLoad: await sum(scripts),
    css: await sum(named(/<link[^>]*rel="stylesheet"[^>]*href="\/console\/([^"]+)"/g)),
    anyFile: Math.max(...chunks),
    output: [...sizes.values()].reduce((total, size) => total + size, 0),
    files: files.length,
    homeCost: await costOfHome(),
    installed: await installedBytes(),
  };
  const names = {
    firstLoad: 'first load of Home, JavaScript, gzip',
    css: 'CSS, gzip',
    anyFile: 'largest JavaScript file, gzip',
    output: 'all files',
    files: 'number of files',
    homeCost: 'cost of what Home asks',
    installed: 'packages that a first start installs',
  };
  const counted = new Set(['files', 'homeCost']);
  let code = 0;
  for (const [name, value] of Object.entries(figures)) {
    const unit = counted.has(name) ? '' : ' kB';
    const shown = (size) => (counted.has(name) ? size : Math.round(size / kB));
    const fits = value > 0 && value <= limits[name];
    if (!fits) code = 1;
    console.log(`  ${names[name]}: ${shown(value)}${unit} of ${shown(limits[name])}${unit}${fits ? '' : '  TOO MUCH'}`);
  }
  return code;
}

/** Bytes of the packages in console/. */
async function installedBytes() {
  const folder = fileURLToPath(new URL('../console/node_modules', import.meta.url));
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((total, size) => total + size, 0);
}

/** What the gateway counts for Home's one query: see the stored operations. */
async function costOfHome() {
  const manifest = new URL('../console/src/graph/generated/manifest.json', import.meta.url);
  const { operations } = JSON.parse(await readFile(manifest, 'utf8'));
  return operations.find(({ name }) => name === 'Home').cost;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await measureConsole();
