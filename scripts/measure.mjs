// Runs one of the measuring commands in TypeScript (Node strips its types) on a fresh build: `node scripts/measure.mjs benchmarks/bench.ts`.
import process, { argv } from 'node:process';
import { ensureBuilt, pinnedNode, run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';

await ensureInstalled('develop');
ensureBuilt();
const exitWhenDone = new URL('exitWhenDone.mjs', import.meta.url).href;
process.exitCode = await run(pinnedNode(), ['--import', exitWhenDone, ...argv.slice(2)]);
