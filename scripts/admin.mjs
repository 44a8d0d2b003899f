// `npm run admin -- create-workspace …`: what an operator does to a system from outside. DATABASE_URL may name any role: for a cluster that
// `npm run cluster` started, the password of role app is in the data folder. Without DATABASE_URL the embedded system is meant.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process, { argv, env } from 'node:process';
import { childEnvironment, ensureBuilt, pinnedNode, sourceMapFlags } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { root } from './tree.mjs';

await ensureInstalled('run');
ensureBuilt();

const done = spawnSync(
  pinnedNode(),
  [...sourceMapFlags, join(root, 'operate', 'dist', 'adminMain.js'), ...argv.slice(2)],
  { env: childEnvironment({ ...env, ...asApp() }), stdio: 'inherit' },
);
process.exit(done.status ?? 1);

/** The same database for role app, when this machine's cluster made its password up. */
function asApp() {
  const file = join(resolve(env.TRIBUTARY_DATA ?? '.tributary'), 'cluster-secrets.json');
  if (!env.DATABASE_URL || !URL.canParse(env.DATABASE_URL) || !existsSync(file)) return {};
  const url = new URL(env.DATABASE_URL);
  if (url.username === 'app') return {};
  url.username = 'app';
  url.password = encodeURIComponent(JSON.parse(readFileSync(file, 'utf8')).passwords.app);
  return { DATABASE_URL: url.href };
}
