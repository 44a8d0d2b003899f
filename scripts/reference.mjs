// `npm run reference`: writes the pages of docs/reference/ and two indexes anew from the code. `npm run reference:check` writes nothing, and fails when one
// that is committed is stale.
import process, { argv } from 'node:process';
import { ensureBuilt, pinnedNode, run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';

await ensureInstalled('develop');
ensureBuilt();
process.exitCode = await run(pinnedNode(), ['scripts/reference/main.ts', ...argv.slice(2)]);
