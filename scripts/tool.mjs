// `node scripts/tool.mjs eslint .`: runs a tool of node_modules/.bin, or a file on the pinned Node, once the packages for developers are there.
import process, { argv } from 'node:process';
import { run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';

const [tool, ...args] = argv.slice(2);
await ensureInstalled('develop');
process.exitCode = await run(tool, args, { shell: process.platform === 'win32' });
