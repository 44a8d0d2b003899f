// `npm run schema`: writes what the code says the graph is: schema/subgraphs/*.graphql, schema/supergraph.graphql and
// schema/api.graphql. `--check` (`npm run schema:check`) writes nothing, and fails when a committed file is stale or when
// the contract is not contained in the graph.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv } from 'node:process';
import { compose } from './compose.mjs';
import { ensureBuilt, ensureInstalled, pinnedNode, root, run } from './ensure.mjs';

const check = argv.includes('--check');
const committed = join(root, 'schema', 'subgraphs');

ensureInstalled();
ensureBuilt();

const folder = check ? mkdtempSync(join(tmpdir(), 'tributary-schema-')) : committed;
const problems = [];
try {
  if (!check) rmSync(committed, { recursive: true, force: true });
  const code = await run(pinnedNode(), [join(root, 'embedded', 'dist', 'emitSdlMain.js'), folder]);
  if (code !== 0) problems.push('The subgraphs did not emit their SDL: see above.');
  else if (check) problems.push(...staleIn(folder));
} finally {
  if (check) rmSync(folder, { recursive: true, force: true });
}
if (problems.length === 0) problems.push(...(await compose({ check })));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function staleIn(emitted) {
  const names = new Set([...filesIn(emitted), ...filesIn(committed)]);
  return [...names]
    .filter((name) => read(join(emitted, name)) !== read(join(committed, name)))
    .map((name) => `schema/subgraphs/${name} is stale: run "npm run schema" and commit it.`);
}

function filesIn(path) {
  try {
    return readdirSync(path).filter((name) => name.endsWith('.graphql'));
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
