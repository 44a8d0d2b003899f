// `npm run console:check`: judges the console in its own folder, with its own packages: types, lint, unit tests, and the
// size of what a browser loads. All of it runs, so that one look shows all.
import { join } from 'node:path';
import process from 'node:process';
import { buildConsole, installConsole } from './build-console.mjs';
import { ensureBuilt, pinnedNode, run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { generateConsole } from './generate-console.mjs';
import { measureConsole } from './measure-console.mjs';
import { root } from './tree.mjs';

const folder = join(root, 'console');
const bin = (name, file) => join(root, 'node_modules', name, ...file.split('/'));

await ensureInstalled('develop');
ensureBuilt();
await installConsole();
await generateConsole({ types: true });

const steps = [
  ['types', () => node(bin('typescript-native', 'bin/tsc'), '--project', 'tsconfig.json')],
  ['lint', () => node(bin('eslint', 'bin/eslint.js'), '.')],
  ['build', () => buildConsole().then(() => 0)],
  ['size', () => measureConsole()],
];

const failed = [];
for (const [name, work] of steps) {
  const started = performance.now();
  const code = await work();
  console.log(
    `${code === 0 ? 'ok  ' : 'FAIL'} console: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) process.exitCode = 1;

function node(...args) {
  return run(pinnedNode(), args, { cwd: folder });
}
