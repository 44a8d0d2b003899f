import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process with this pid exists, whoever owns it. A dead child that its parent has not collected is gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || statFields(pid)?.[0] !== 'Z';
}

/** When a process started, in a form that is only good for comparing; null when there is no such process. */
export function startTimeOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  if (process.platform === 'linux') return statFields(pid)?.[19] ?? null;
  if (process.platform === 'win32') return 'alive';
  return outputOfPs(pid, 'lstart=');
}

/** The command line of a process, words parted by blanks; null when there is no such process or the system does not say. */
export function commandLineOf(pid: number): string | null {
  if (process.platform === 'win32') return null;
  if (process.platform !== 'linux') return outputOfPs(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

/** Fields of /proc/<pid>/stat from the third on (state): the second, the name, may hold blanks and brackets. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function outputOfPs(pid: number, column: string): string | null {
  const { stdout } = spawnSync('/bin/ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || null;
}
