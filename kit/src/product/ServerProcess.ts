import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { endWithParent } from '@tributary/postgres';
import { endChild, hasEnded } from '../endChild.js';

const startPatienceMs = 60_000;
const restartWaitMs = 250;
const lastLines = 20;
const killMs = 5_000;

export interface ServerProcessOptions {
  readonly name: string;
  /** Where it runs: the project's folder, or a copy of it. */
  readonly tree: string;
  /** From there. */
  readonly file: string;
  readonly port: number;
  /** All that it has of variables, besides PATH and PORT. */
  readonly settings: Readonly<Record<string, string>>;
  /** Gets what it prints. */
  readonly onLine: (line: string) => void;
  /** Told when it has started, ends, and nobody has killed it. */
  readonly onCrash: (how: string) => void;
}

/** What the product loads first, in a built tree. */
export function ownSourceMaps(tree: string): string {
  return pathToFileURL(path.join(tree, 'packages/process/dist/ownSourceMaps.js')).href;
}

/** One process of the product, always on the same port. It ends with this one, however that ends. */
export class ServerProcess {
  #child: ChildProcess | null = null;
  readonly #options: ServerProcessOptions;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  /** Resolves when it takes connections. Throws with what it said when it ends before that. */
  async start(): Promise<void> {
    const { name, tree, file, port, settings, onLine, onCrash } = this.#options;
    const child = spawn(process.execPath, ['--import', ownSourceMaps(tree), path.join(tree, file)], {
      cwd: tree,
      env: { PATH: process.env['PATH'], ...settings, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    child.once('exit', endWithParent(child.pid!, 'KILL'));
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (said.length > lastLines) said.shift();
        onLine(line);
      });
    }
    const deadline = performance.now() + startPatienceMs;
    while (!(await listens(port))) {
      if (this.#child !== child) return;
      if (hasEnded(child))
        throw new Error(`${name} ended with ${child.signalCode ?? child.exitCode} at its start:\n${said.join('\n')}`);
      if (performance.now() > deadline)
        throw new Error(`${name} did not listen within ${startPatienceMs / 1000} s:\n${said.join('\n')}`);
      await delay(25);
    }
    child.once('exit', (code, signal) => {
      if (this.#child === child) onCrash(String(signal ?? code));
    });
  }

  /** Starts it until it stays, as an orchestrator does: at its start it may end because what it needs is away. */
  async startAgain(): Promise<void> {
    const deadline = performance.now() + startPatienceMs;
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(restartWaitMs);
      }
    }
  }

  /** SIGKILL, without a word to anybody. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child) await endChild(child, 'SIGKILL', killMs);
  }

  /** SIGTERM, as an orchestrator does, and SIGKILL when it has not ended so many ms later. Answers whether it ended in order. */
  async stop(patienceMs: number): Promise<boolean> {
    const child = this.#child;
    this.#child = null;
    if (!child || hasEnded(child)) return true;
    await endChild(child, 'SIGTERM', patienceMs);
    return child.exitCode === 0;
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
