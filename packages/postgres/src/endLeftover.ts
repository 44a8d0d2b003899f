import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Binaries } from './findBinaries.js';
import { commandLineOf, isAlive } from './processFacts.js';
import { stopPostmaster } from './stopPostmaster.js';

/** Ends the server that a killed process of ours left running on `dataFolder`, if there is one. */
export async function endLeftover(
  binaries: Binaries,
  dataFolder: string,
  log: (message: string) => void,
): Promise<void> {
  const pidFile = path.join(dataFolder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const content = readFileSync(pidFile, 'utf8');
  const pid = Number.parseInt(content, 10);
  if (!(pid > 0) || !isAlive(pid)) return;
  const commandLine = commandLineOf(pid);
  // Our servers carry their data folder in the command line. Without one (Windows) pg_ctl finds out by itself.
  if (commandLine === null || commandLine.includes(`-D ${dataFolder} `)) {
    log(`Ending the PostgreSQL server (process ${pid}) that an earlier run left behind.`);
    await stopPostmaster(pid, { binaries, dataFolder });
    return;
  }
  // Pids come again, in a container nearly always: PostgreSQL would take this stranger for a server and refuse to start.
  // It trusts the pid of its own parent to be none. The rest of the file lets it find backends that still run.
  writeFileSync(pidFile, content.replace(/^\d+/, String(process.pid)));
}
