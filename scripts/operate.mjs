// The commands that look after stored data, such as `npm run audit:verify`: runs operate/dist/<name>Main.js on the pinned Node.
// With DATABASE_ADMIN_URL they are about a cluster, else about the data folder of embedded mode, running or not.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process, { argv, env } from 'node:process';
import { childEnvironment, ensureBuilt, pinnedNode, sourceMapFlags } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { root } from './tree.mjs';

const [name, ...args] = argv.slice(2);
// An image is built already, and holds no tools to build with.
if (env.NODE_ENV !== 'production') {
  await ensureInstalled('run');
  ensureBuilt();
}
const done = spawnSync(pinnedNode(), [...sourceMapFlags, join(root, 'operate', 'dist', `${name}Main.js`), ...args], {
  env: childEnvironment(),
  stdio: 'inherit',
});
process.exit(done.status ?? 1);
