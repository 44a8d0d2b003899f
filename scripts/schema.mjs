// `npm run schema`: writes schema/ anew from the code. `npm run schema:check` writes nothing, and fails when what is committed is
// stale, cannot be composed, or does not contain schema/contract.graphql.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv } from 'node:process';
import { compose } from './compose.mjs';
import { ensureBuilt, pinnedNode, run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { root } from './tree.mjs';

const check = argv.includes('--check');
const committed = join(root, 'schema', 'subgraphs');

await ensureInstalled('develop');
ensureBuilt();

const problems = check ? await staleSubgraphs() : await emit(committed).then(() => []);
problems.push(...(await compose({ check })));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

async function emit(folder) {
  const code = await run(pinnedNode(), [join(root, 'embedded', 'dist', 'emitSdlMain.js'), folder]);
  if (code !== 0) throw new Error('The subgraphs could not be built: see above.');
}

async function staleSubgraphs() {
  const fresh = await mkdtemp(join(tmpdir(), 'tributary-schema-'));
  try {
    await emit(fresh);
    const names = new Set([...(await readdir(fresh)), ...(await readdir(committed).catch(() => []))]);
    const stale = [];
    for (const name of names) {
      const [now, before] = await Promise.all(
        [fresh, committed].map((folder) => readFile(join(folder, name), 'utf8').catch(() => '')),
      );
      if (now !== before) stale.push(`schema/subgraphs/${name} is stale: run "npm run schema" and commit it.`);
    }
    return stale;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
