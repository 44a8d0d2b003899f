import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithParent } from '@tributary/postgres';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const startPatienceMs = 30_000;
const restartWaitMs = 250;

export interface ServerProcessOptions {
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Gets what it prints. */
  readonly logFile: string;
  /** Told when it ends and nobody has killed it. */
  readonly onCrash: (name: string, how: string) => void;
}

/** One process of the product, always on the same port, under somebody who starts it again. */
export class ServerProcess {
  readonly name: string;
  readonly port: number;
  #child: ChildProcess | null = null;
  readonly #options: ServerProcessOptions;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
    this.name = options.name;
    this.port = options.port;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Resolves when it takes connections. Throws when it ends before that. */
  async start(): Promise<void> {
    const { file, environment, logFile, onCrash, name } = this.#options;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', join(root, file)], {
      env: { PATH: process.env['PATH'], ...environment, PORT: String(this.port) },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.once('exit', endWithParent(child.pid!, 'KILL'));
    const deadline = Date.now() + startPatienceMs;
    while (!(await listens(this.port))) {
      if (this.#child !== child) return;
      if (child.exitCode !== null)
        throw new Error(
          `${name} ended with ${child.exitCode} at its start:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`,
        );
      if (Date.now() > deadline) throw new Error(`${name} did not listen within ${startPatienceMs / 1000} s.`);
      await delay(25);
    }
    child.once('exit', (code, signal) => {
      if (this.#child === child) onCrash(name, String(signal ?? code));
    });
  }

  /** Starts it until it stays, as an orchestrator does: at its start it may end because what it needs is away. */
  async startAgain(): Promise<void> {
    const deadline = Date.now() + startPatienceMs;
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(restartWaitMs);
      }
    }
  }

  /** SIGKILL, without a word to anybody. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
