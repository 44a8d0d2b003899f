import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { UnprivilegedUser } from './unprivilegedUser.js';

/**
 * Has the process `pid` ended when this one is killed without a chance to do it itself (SIGKILL): a small shell waits on a
 * pipe, which then closes. `user` is whom it runs as, by default the user of this process. Answers how to call it off,
 * to be done once `pid` is gone. Does nothing on Windows.
 */
export function endWithParent(
  pid: number,
  signal: 'INT' | 'TERM' | 'KILL',
  user: UnprivilegedUser | null = null,
): () => void {
  if (process.platform === 'win32') return () => undefined;
  const leash = spawn('/bin/sh', ['-c', 'read -r _; kill -"$1" "$2"', 'sh', signal, String(pid)], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  leash.on('error', () => undefined);
  leash.stdin.on('error', () => undefined);
  leash.unref();
  // A socket, though its type does not say so: it must not keep this process alive either.
  (leash.stdin as Socket).unref();
  return () => leash.kill('SIGKILL');
}
