import { spawn, type ChildProcess } from 'node:child_process';
import { endWithParent } from '@tributary/postgres';
import { endChild, hasEnded } from '../endChild.js';
import { eventually } from '../eventually.js';

export interface ProgramOptions {
  readonly program: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves when it serves; asked again until then. */
  readonly ready: () => Promise<void>;
  /** How long that may take. Default 10,000 ms. */
  readonly readyMs?: number;
  /** The package of Debian that has it. */
  readonly debianPackage?: string;
}

export interface Program extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Ends it by this signal, and by SIGKILL after 5 s. Does nothing once it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const endMs = 5_000;
const mostOutput = 4_000;

/** A program of others that serves. It ends with this process, however that ends. Throws with what it said when it does not come to serve. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { program, args = [], cwd, env, ready, readyMs = 10_000, debianPackage } = options;
  // In a group of its own: Ctrl-C is for whoever ends it in order.
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-mostOutput)));
  const lost = new Promise<never>((_resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT' && debianPackage
          ? new Error(`This needs ${program}, which is not installed: apt-get install ${debianPackage}`, { cause })
          : cause,
      ),
    );
    child.once('exit', (code, signal) => reject(new Error(`${program} ended with ${signal ?? code}:\n${output}`)));
  });
  lost.catch(() => undefined);
  if (child.pid) child.once('exit', endWithParent(child.pid, 'KILL'));
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    // One that is frozen would not hear it.
    if (!hasEnded(child)) child.kill('SIGCONT');
    await endChild(child, signal, endMs);
  };
  const notReady = (cause: unknown) => {
    throw new Error(`${program} did not come to serve within ${readyMs / 1_000} s:\n${output}`, { cause });
  };
  try {
    await Promise.race([lost, eventually(ready, { timeoutMs: readyMs }).catch(notReady)]);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return { child, end, [Symbol.asyncDispose]: () => end('SIGTERM') };
}
