// What a browser loads of the console, measured on the built files, and the limits that the check holds it to.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { consoleFolder } from './build-console.mjs';

const kB = 1000;
const limits = { firstLoad: 230 * kB, css: 12 * kB, anyFile: 110 * kB, output: 4_000 * kB, files: 200 };

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
  };
  const names = {
    firstLoad: 'first load of Home, JavaScript, gzip',
    css: 'CSS, gzip',
    anyFile: 'largest JavaScript file, gzip',
    output: 'all files',
    files: 'number of files',
  };
  let code = 0;
  for (const [name, value] of Object.entries(figures)) {
    const unit = name === 'files' ? '' : ' kB';
    const shown = (size) => (name === 'files' ? size : Math.round(size / kB));
    const fits = value > 0 && value <= limits[name];
    if (!fits) code = 1;
    console.log(`  ${names[name]}: ${shown(value)}${unit} of ${shown(limits[name])}${unit}${fits ? '' : '  TOO MUCH'}`);
  }
  return code;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await measureConsole();
