// `npm run cluster`: installs what is missing, builds what has changed, then runs cluster mode on this machine (runCluster.mjs).
import { join } from 'node:path';
import process, { env } from 'node:process';
import { ensureBuilt } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { runInForeground } from './foreground.mjs';

const missing = ['DATABASE_URL', 'REDIS_URL'].filter((name) => !env[name]);
if (missing.length > 0) {
  console.error(
    `Set ${missing.join(' and ')} first: cluster mode brings neither PostgreSQL nor Redis. For a start without both: npm start`,
  );
  process.exit(1);
}

await ensureInstalled('run');
ensureBuilt();
runInForeground('cluster', join('scripts', 'runCluster.mjs'), []);
