// `npm start`: installs what is missing, builds what has changed, then runs the product in embedded mode. `npm start -- --version` says which.
// Plain JavaScript without dependencies: it also runs on Node 20 in a fresh clone.
import { join } from 'node:path';
import process, { argv, exit } from 'node:process';
import { buildConsoleBehind } from './consoleBehind.mjs';
import { ensureBuilt } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { runInForeground } from './foreground.mjs';
import { versionLine } from './version.mjs';

if (argv.includes('--version')) {
  console.log(versionLine());
  exit(0);
}
await ensureInstalled('run');
ensureBuilt();
// Nobody who wants the graph waits for the console.
runInForeground('start', join('embedded', 'dist', 'main.js'), argv.slice(2), () => {
  if (process.env.TRIBUTARY_CONSOLE !== 'off') buildConsoleBehind();
});
