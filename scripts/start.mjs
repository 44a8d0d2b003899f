// `npm start`: installs what is missing, builds what has changed, then runs the product in embedded mode.
// Plain JavaScript without dependencies: it also runs on Node 20 in a fresh clone.
import { join } from 'node:path';
import { argv } from 'node:process';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { runInForeground } from './foreground.mjs';

ensureInstalled();
ensureBuilt();
runInForeground('start', join('embedded', 'dist', 'main.js'), argv.slice(2));
