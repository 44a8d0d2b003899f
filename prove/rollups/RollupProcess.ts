import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('rollupWorker.ts', import.meta.url));

/** What rolls up and seals, in a process of its own. */
export class RollupProcess implements AsyncDisposable {
  kills = 0;
  #child: ChildProcess;
  readonly #options: readonly string[];

  constructor(url: string, workspaceId: string, broken: string | undefined) {
    this.#options = ['--url', url, '--workspace', workspaceId, ...(broken === undefined ? [] : ['--broken', broken])];
    this.#child = this.#start();
  }

  /** kill -9, whatever it is doing, and another takes its place. */
  async kill(): Promise<void> {
    await this.#end();
    this.kills += 1;
    this.#child = this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  #start(): ChildProcess {
    return spawn(process.execPath, [program, ...this.#options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
