import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('evaluatorWorker.ts', import.meta.url));

/** An evaluator in a process of its own. */
export class EvaluatorProcess implements AsyncDisposable {
  #child: ChildProcess;
  readonly #options: readonly string[];

  private constructor(options: readonly string[]) {
    this.#options = options;
    this.#child = this.#spawn();
  }

  static async start(options: readonly string[]): Promise<EvaluatorProcess> {
    const evaluator = new EvaluatorProcess(options);
    await once(evaluator.#child, 'message');
    return evaluator;
  }

  /** Moves its clock. */
  tell(aheadMs: number): void {
    // One that is just being started learns it with the next move.
    if (this.#child.connected) this.#child.send(aheadMs, () => undefined);
  }

  /** kill -9, whatever it is doing, and another takes its place. */
  async kill(): Promise<void> {
    await this.#end();
    this.#child = this.#spawn();
  }

  /** SIGSTOP: it stands still in the middle of whatever it is doing, and goes on later as if nothing had been. */
  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  #spawn(): ChildProcess {
    return spawn(process.execPath, [program, ...this.#options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
