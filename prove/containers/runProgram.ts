import { spawnSync, type SpawnSyncOptions } from 'node:child_process';

const lastCharacters = 4_000;

/** What a program printed. Throws with what it said when it fails. */
export function runProgram(program: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const done = spawnSync(program, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    encoding: 'utf8',
  });
  if (done.error) throw done.error;
  if (done.status === 0) return done.stdout.trim();
  const said = `${done.stdout}${done.stderr}`.trim().slice(-lastCharacters);
  throw new Error(`${program} ${args.slice(0, 3).join(' ')} failed:\n${said}`);
}
