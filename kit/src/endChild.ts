import type { ChildProcess } from 'node:child_process';

/** Whether a process is over, or never began. */
export function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** Ends a process by a signal, and by SIGKILL when it has not ended so many ms later. Does nothing once it has ended. */
export async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', patienceMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(force);
}
