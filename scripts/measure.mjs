// Runs one of the measuring commands in TypeScript (Node strips its types) on a fresh build: `node scripts/measure.mjs benchmarks/bench.ts`.
import process, { argv } from 'node:process';
import { ensureBuilt, pinnedNode, run } from './ensure.mjs';

ensureBuilt();
process.exitCode = await run(pinnedNode(), argv.slice(2));
