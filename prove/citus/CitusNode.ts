import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { eventually, freePort } from '@tributary/kit';
import { endWithParent } from '@tributary/postgres';
import { withAdmin } from './shards.ts';

/** PostgreSQL does not run as root: whom it runs as then. Any uid that owns nothing else would do. */
const nobody = { uid: 65534, gid: 65534 };
const user = process.getuid?.() === 0 ? nobody : null;

interface NodeOptions {
  /** Where PostgreSQL's programs are, with Citus beside them. */
  readonly programs: string;
  readonly folder: string;
  /** Of the superuser, on every node the same. */
  readonly password: string;
  /** Lines of pg_hba.conf. */
  readonly admits: readonly string[];
}

/** One PostgreSQL server of a Citus cluster on this machine, always on the same port of 127.0.0.1. */
export class CitusNode {
  readonly port: number;
  readonly #options: NodeOptions;
  #child: ChildProcess | null = null;

  private constructor(options: NodeOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  static async create(options: NodeOptions): Promise<CitusNode> {
    const { folder, password, programs, admits } = options;
    mkdirSync(folder, { recursive: true });
    own(folder);
    const secret = join(folder, 'secret');
    // How nodes come to each other as superuser; the other roles have no password.
    const passwords = join(folder, 'pgpass');
    for (const [file, text] of [
      [secret, password],
      [passwords, `127.0.0.1:*:*:postgres:${password}\n`],
    ] as const) {
      writeFileSync(file, text, { mode: 0o600 });
      own(file);
    }
    const made = spawnSync(
      join(programs, 'initdb'),
      [
        ...['--pgdata', join(folder, 'data'), '--username=postgres', `--pwfile=${secret}`],
        ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
      ],
      { ...user, cwd: '/', encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
    const node = new CitusNode(options, await freePort());
    writeFileSync(join(folder, 'data', 'pg_hba.conf'), `${admits.join('\n')}\n`);
    appendFileSync(join(folder, 'data', 'postgresql.conf'), node.#settings());
    await node.start();
    await node.#letCitusDecode();
    return node;
  }

  async start(): Promise<void> {
    const { folder, programs } = this.#options;
    const child = spawn(join(programs, 'postgres'), ['-D', join(folder, 'data')], {
      ...user,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', PGPASSFILE: join(folder, 'pgpass') },
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    child.once('exit', endWithParent(child.pid!, 'INT', user));
    this.#child = child;
    await eventually(() => this.#answers(), { timeoutMs: 30_000 });
  }

  /** At once, as when its machine loses power. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // SIGKILL would leave its backends: immediate shutdown is what ends all of them without a word to clients' transactions.
    process.kill(child.pid!, 'SIGQUIT');
    await ended;
  }

  url(database: string): string {
    return `postgres://postgres:${this.#options.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** What it wrote last. */
  log(): string {
    const file = join(this.#options.folder, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-4_000) : '';
  }

  /** PostgreSQL 15.20 and its contemporaries ask for decoding plugins by name; those before know no such setting. */
  async #letCitusDecode(): Promise<void> {
    await withAdmin(this.url('postgres'), async (admin) => {
      const known = await admin.query(`select from pg_settings where name = 'output_plugin_libraries'`);
      if (known.rowCount === 0) return;
      await admin.query('alter system set output_plugin_libraries = pgoutput, test_decoding, citus');
      await admin.query('select pg_reload_conf()');
    });
  }

  async #answers(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres'), connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  #settings(): string {
    const log = join(this.#options.folder, 'log');
    writeFileSync(log, '', { mode: 0o600 });
    own(log);
    chmodSync(this.#options.folder, 0o700);
    const settings = {
      shared_preload_libraries: 'citus',
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      max_connections: '300',
      max_prepared_transactions: '600',
      max_locks_per_transaction: '256',
      wal_level: 'logical',
      // What is proved survives an end of the process, not of the machine.
      fsync: 'off',
      'citus.local_hostname': '127.0.0.1',
      'citus.node_conninfo': 'sslmode=disable',
      logging_collector: 'on',
      log_directory: this.#options.folder,
      log_filename: 'log',
      log_min_messages: 'warning',
    };
    return Object.entries(settings)
      .map(([name, value]) => `${name} = '${value}'\n`)
      .join('');
  }
}

function own(file: string): void {
  if (user) chownSync(file, user.uid, user.gid);
}
