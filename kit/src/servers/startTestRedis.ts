import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from '../product/freePort.js';
import { startProgram, type Program } from './startProgram.js';

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
  let running = await launch(program, port, options);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: () => running.end('SIGTERM'),
    kill: () => running.end('SIGKILL'),
    freeze: () => void running.child.kill('SIGSTOP'),
    resume: () => void running.child.kill('SIGCONT'),
    async restart() {
      await running.end('SIGKILL');
      running = await launch(program, port, options);
    },
    [Symbol.asyncDispose]: () => running.end('SIGTERM'),
  };
}

function launch(program: string, port: number, more: readonly string[]): Promise<Program> {
  const kept = ['--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  return startProgram({
    program,
    args: ['--port', String(port), '--bind', '127.0.0.1', ...kept, ...more],
    ready: async () => {
      if (!(await answersPing(port))) throw new Error(`Nothing answers on port ${port}.`);
    },
    debianPackage: 'redis-server',
  });
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
