import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithParent } from './endWithParent.js';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
import { programPath, type Binaries } from './findBinaries.js';
import { cannotRun, childSurroundings } from './initialise.js';
import { stopPostmaster } from './stopPostmaster.js';
import type { UnprivilegedUser } from './unprivilegedUser.js';

export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly user: UnprivilegedUser | null;
  readonly dataFolder: string;
  readonly logFile: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly startTimeoutMs: number;
}

const logSizeToKeep = 16 * 1024 * 1024;

/** A running PostgreSQL server process that is our child. */
export class Postmaster {
  private stopping = false;
  private readonly killOnExit = () => this.child.kill('SIGINT');

  private constructor(
    private readonly options: PostmasterOptions,
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly logStart: number,
  ) {
    process.once('exit', this.killOnExit);
    child.once('exit', () => process.off('exit', this.killOnExit));
  }

  /** Resolves when it takes connections. */
  static async start(options: PostmasterOptions): Promise<Postmaster> {
    const deadline = Date.now() + options.startTimeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      const postmaster = await Postmaster.spawn(options);
      const trouble = await postmaster.untilReady(deadline);
      if (!trouble) {
        const letGo = endWithParent(postmaster.pid, 'INT', options.user);
        postmaster.child.once('exit', letGo);
        return postmaster;
      }
      const log = postmaster.logTail();
      // The backends of a server that was killed need a moment to notice.
      const oldBackends =
        /pre-existing shared memory block|lock file .* already exists/.test(log) && Date.now() < deadline;
      const portLost = /Address already in use/.test(log) && options.port === 0 && attempt < 5;
      if (!oldBackends && !portLost) throw explain(trouble, log, postmaster.port);
      await delay(100);
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Calls back once if the server ends without `stop`. */
  onUnexpectedExit(listener: (error: EmbeddedPostgresError) => void): void {
    this.child.once('exit', (code, signal) => {
      if (!this.stopping) {
        listener(
          new EmbeddedPostgresError(
            'failed',
            `PostgreSQL ended by itself (${signal ?? `status ${code}`}).${this.logTail()}`,
          ),
        );
      }
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await stopPostmaster(this.pid, this.options, () => this.child.exitCode === null && this.child.signalCode === null);
  }

  private static async spawn(options: PostmasterOptions): Promise<Postmaster> {
    const port = options.port === 0 ? await unusedPort() : options.port;
    const settings: Record<string, string> = {
      ...options.settings,
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
    };
    const log = openLog(options.logFile);
    const program = programPath(options.binaries, 'postgres');
    const child = spawn(
      program,
      ['-D', options.dataFolder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...options.user,
        ...childSurroundings(),
        // Its own process group: Ctrl-C in a terminal must reach Tributary only, which needs its database while it drains.
        detached: process.platform !== 'win32',
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    closeSync(log.fd);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(cannotRun(program, cause)));
    });
    return new Postmaster(options, child, port, log.size);
  }

  /** Null when ready, else what went wrong; the process is gone then. */
  private async untilReady(deadline: number): Promise<string | null> {
    const pidFile = path.join(this.options.dataFolder, 'postmaster.pid');
    while (this.child.exitCode === null && this.child.signalCode === null) {
      const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : [];
      if (lines[0] === String(this.pid) && lines[7]?.trim() === 'ready') return null;
      if (Date.now() > deadline) {
        await this.stop();
        return `it was not ready after ${this.options.startTimeoutMs / 1000} s`;
      }
      await delay(10);
    }
    return `it ended with ${this.child.signalCode ?? `status ${this.child.exitCode}`}`;
  }

  private logTail(): string {
    const size = Math.min(statSync(this.options.logFile).size - this.logStart, 3000);
    if (size <= 0) return '';
    const tail = Buffer.alloc(size);
    const fd = openSync(this.options.logFile, 'r');
    readSync(fd, tail, 0, size, statSync(this.options.logFile).size - size);
    closeSync(fd);
    return `\n${tail.toString().trim()}`;
  }
}

function openLog(file: string): { fd: number; size: number } {
  if (existsSync(file) && statSync(file).size > logSizeToKeep) renameSync(file, `${file}.1`);
  const fd = openSync(file, 'a', 0o600);
  chmodSync(file, 0o600);
  return { fd, size: statSync(file).size };
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

function explain(trouble: string, log: string, port: number): EmbeddedPostgresError {
  if (/Address already in use|could not bind .*: Permission denied/.test(log)) {
    return new EmbeddedPostgresError(
      'portTaken',
      `PostgreSQL cannot listen on 127.0.0.1:${port}. Stop what uses this port, or choose another (0 picks a free one).${log}`,
    );
  }
  if (/shared memory|Cannot allocate memory|could not create semaphores/.test(log)) {
    return new EmbeddedPostgresError(
      'sharedMemory',
      `This system does not give PostgreSQL the shared memory that it asks for. Lower the setting shared_buffers, or give the container more (docker run --shm-size=256m).${log}`,
    );
  }
  if (/Permission denied|wrong ownership|Read-only file system|No space left on device/.test(log)) {
    return new EmbeddedPostgresError(
      'notWritable',
      `PostgreSQL cannot use its data folder. Free space, or change its owner.${log}`,
    );
  }
  if (/incompatible with (server|this version)|initialized by PostgreSQL version/.test(log)) {
    return new EmbeddedPostgresError(
      'versionMismatch',
      `The data folder was written by another version of PostgreSQL.${log}`,
    );
  }
  return new EmbeddedPostgresError('failed', `PostgreSQL did not start: ${trouble}.${log}`);
}
