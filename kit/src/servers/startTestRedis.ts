import { endWithParent } from '@tributary/postgres';
import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../product/freePort.js';

/** What tests call Redis: another program that speaks as it does, such as Valkey's, by REDIS_SERVER. */
export const redisServer = process.env['REDIS_SERVER'] ?? 'redis-server';

/** A real Redis of one test, empty at every start. */
export interface TestRedis extends AsyncDisposable {
  /** Stays the same over `restart`. */
  readonly url: string;
  readonly port: number;
  /** Ends it in order. Clients see their connections close. */
  stop(): Promise<void>;
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
  /** Freezes it (SIGSTOP): connections stay open and nothing answers. `resume` ends that. */
  freeze(): void;
  resume(): void;
  /** Starts it again, empty, on the same port; kills it first when it runs. */
  restart(): Promise<void>;
}

export interface TestRedisOptions {
  /** Default: `redisServer`. */
  readonly program?: string;
  /** Options of the server's command line, behind those that every test needs. */
  readonly options?: readonly string[];
  /** Where a program of its own listens. Default: any free port. */
  readonly port?: number;
}

/** Starts redis-server on a free port of 127.0.0.1, without persistence. Throws when it is not installed. */
export async function startTestRedis({
  program = redisServer,
  options = [],
  port: given,
}: TestRedisOptions = {}): Promise<TestRedis> {
  const port = given ?? (await freePort());
  let child = await launch(program, port, options);

  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (hasEnded(child)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(force);
  };

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async restart() {
      await end('SIGKILL');
      child = await launch(program, port, options);
    },
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

async function launch(program: string, port: number, more: readonly string[]): Promise<ChildProcess> {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    tmpdir(),
    ...more,
  ];
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new Error(`This test needs ${program}, which is not installed: apt-get install redis-server`, {
              cause,
            })
          : cause,
      ),
    );
  });
  child.once('exit', endWithParent(child.pid!, 'KILL'));
  const deadline = Date.now() + 10_000;
  while (!(await answersPing(port))) {
    if (hasEnded(child) || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not start on port ${port}:\n${output}`);
    }
    await delay(10);
  }
  return child;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('data', (chunk) => done(/^(\+PONG|-NOAUTH)/.test(chunk.toString())));
  });
}
