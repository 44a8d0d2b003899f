import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { standInFor } from './chooseHome.js';
import { liveHolder } from './DataFolderLock.js';
import { dataFolderIn } from './initialise.js';

/**
 * The superuser's connection string of the server that a live process runs on a data folder, or null when none does. Whoever may read
 * the folder's secret may ask. It holds a password: do not log it.
 */
export function findRunningServer(dataDirectory: string): string | null {
  if (!existsSync(dataDirectory)) return null;
  const folder = realpathSync(dataDirectory);
  if (!liveHolder(path.join(folder, 'lock.json'))) return null;
  for (const home of [folder, standInFor(folder)]) {
    const pidFile = path.join(dataFolderIn(home), 'postmaster.pid');
    if (!existsSync(pidFile)) continue;
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    if (lines[7]?.trim() !== 'ready') return null;
    const password = readFileSync(path.join(home, 'cluster', 'superuser-secret'), 'utf8').trim();
    return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${Number(lines[3])}/postgres`;
  }
  return null;
}
