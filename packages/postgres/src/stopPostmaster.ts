import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { programPath, type Binaries } from './findBinaries.js';
import { childSurroundings } from './initialise.js';
import { isAlive } from './processFacts.js';

/** PostgreSQL's own ladder: fast (rolls back and writes a checkpoint), immediate (recovers at the next start), then force. */
const ladder = [
  { signal: 'SIGINT', waitMs: 7000 },
  { signal: 'SIGQUIT', waitMs: 1500 },
  { signal: 'SIGKILL', waitMs: 1000 },
] as const;

/** Ends the server with this pid, within 10 s. Resolves when it is gone. */
export async function stopPostmaster(
  pid: number,
  where: { readonly binaries: Binaries; readonly dataFolder: string },
  runs: () => boolean = () => isAlive(pid),
): Promise<void> {
  for (const { signal, waitMs } of ladder) {
    if (!runs()) return;
    send(signal, pid, where);
    const until = Date.now() + waitMs;
    while (runs() && Date.now() < until) await delay(5);
  }
}

function send(
  signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL',
  pid: number,
  where: { binaries: Binaries; dataFolder: string },
): void {
  if (process.platform === 'win32' && signal !== 'SIGKILL') {
    // Windows has no such signals: pg_ctl speaks to the server through a named pipe.
    const mode = signal === 'SIGINT' ? 'fast' : 'immediate';
    spawn(programPath(where.binaries, 'pg_ctl'), ['stop', '-W', '-m', mode, '-D', where.dataFolder], {
      ...childSurroundings(),
      stdio: 'ignore',
    });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
