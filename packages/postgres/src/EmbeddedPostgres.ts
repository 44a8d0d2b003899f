import { accessSync, chmodSync, constants, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chooseHome } from './chooseHome.js';
import { DataFolderLock } from './DataFolderLock.js';
import { endLeftover } from './endLeftover.js';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
import { findBinaries, prepareBinaries, type Binaries } from './findBinaries.js';
import { dataFolderIn, initialise, type Cluster } from './initialise.js';
import { Postmaster } from './Postmaster.js';
import { giveTo, unprivilegedUserFor } from './unprivilegedUser.js';

export interface EmbeddedPostgresOptions {
  /** Made when absent. Holds the data, the superuser's secret (0600), the server's log and a lock. One process at a time. */
  readonly dataDirectory: string;
  /** On 127.0.0.1. 0, the default, picks a free port at every start. */
  readonly port?: number;
  /** Default 100. */
  readonly maxConnections?: number;
  /** More of PostgreSQL's settings by name, such as `{ shared_buffers: '256MB' }`. Address and port cannot be set here. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default true. False trades what a crash of the machine may destroy for speed: for tests only. */
  readonly durable?: boolean;
  /** How long a start may take, recovery after a crash included. Default 120,000 ms. */
  readonly startTimeoutMs?: number;
  /** Told what an operator should know. Default: nobody. */
  readonly log?: (message: string) => void;
  /** The server ended and nobody asked it to. Called at most once. The folder is free then: `start` may be called again. */
  readonly onUnexpectedExit?: (error: EmbeddedPostgresError) => void;
  /** Default: what npm installed for this platform. */
  readonly binaries?: Binaries;
}

export interface ConnectionParts {
  /** Default `postgres`, the superuser. */
  readonly user?: string;
  /** Default the superuser's password; required with another user. */
  readonly password?: string;
  /** Default `postgres`. */
  readonly database?: string;
}

/** A PostgreSQL server of our own: a child process on real files, reachable from this machine only, by password. */
export class EmbeddedPostgres {
  private stopped: Promise<void> | null = null;

  private constructor(
    private readonly postmaster: Postmaster,
    private readonly lock: DataFolderLock,
    private readonly cluster: Cluster,
    private readonly folders: readonly string[],
  ) {}

  /**
   * Starts it, after initialising the data folder at the first time and after ending a server that a killed process
   * left behind. Resolves when it takes connections. Throws EmbeddedPostgresError, and leaves nothing running then.
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const dataDirectory = openFolder(path.resolve(options.dataDirectory));
    const lock = await DataFolderLock.take(dataDirectory);
    try {
      const log = options.log ?? (() => undefined);
      const installed = options.binaries ?? findBinaries();
      const { folder: home, user, copyBinaries } = chooseHome(dataDirectory, installed, log);
      const binaries = prepareBinaries(installed, home, copyBinaries, user);
      await endLeftover(binaries, dataFolderIn(home), log);
      const cluster = await initialise({ home, binaries, user, durable: options.durable ?? true });
      // Data that was copied or restored by root.
      if (user && unprivilegedUserFor(cluster.dataFolder)?.uid !== user.uid) giveTo(user, cluster.dataFolder);
      const postmaster = await Postmaster.start({
        binaries,
        user,
        dataFolder: cluster.dataFolder,
        logFile: path.join(home, 'postgresql.log'),
        port: options.port ?? 0,
        settings: settingsOf(options),
        startTimeoutMs: options.startTimeoutMs ?? 120_000,
      });
      postmaster.onUnexpectedExit((error) => {
        lock.release();
        options.onUnexpectedExit?.(error);
      });
      return new EmbeddedPostgres(postmaster, lock, cluster, [home, dataDirectory]);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get port(): number {
    return this.postmaster.port;
  }

  /** Of the server's first process. */
  get pid(): number {
    return this.postmaster.pid;
  }

  /** Where PostgreSQL's files are: not inside `dataDirectory` when that cannot be reached by an unprivileged user. */
  get dataFolder(): string {
    return this.cluster.dataFolder;
  }

  /** A connection string. It holds a password: do not log it. */
  url({ user = 'postgres', password = this.cluster.password, database = 'postgres' }: ConnectionParts = {}): string {
    return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  /** Ends all connections and the server within 10 s, keeping the data. Calling it again gives the same promise. */
  stop(): Promise<void> {
    this.stopped ??= this.postmaster.stop().finally(() => this.lock.release());
    return this.stopped;
  }

  /** Stops, then deletes the data folder and all in it. */
  async destroy(): Promise<void> {
    await this.stop();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function openFolder(folder: string): string {
  try {
    const isNew = !existsSync(folder);
    mkdirSync(folder, { recursive: true });
    // Passable, whatever the umask: the files inside have their own, narrow modes.
    if (isNew) chmodSync(folder, 0o711);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'notWritable',
      `The data folder ${folder} cannot be made or written (${(cause as NodeJS.ErrnoException).code}). ` +
        'Make it writable for the user that starts Tributary, or name another with TRIBUTARY_DATA.',
      { cause },
    );
  }
}

function settingsOf(options: EmbeddedPostgresOptions): Record<string, string> {
  return {
    max_connections: String(options.maxConnections ?? 100),
    timezone: 'UTC',
    lc_messages: 'C',
    jit: 'off',
    // Rows and secrets of tenants do not belong in a log file.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
}
