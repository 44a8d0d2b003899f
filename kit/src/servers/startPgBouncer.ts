import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../product/freePort.js';
import { startProgram } from './startProgram.js';

export interface PgBouncerOptions {
  /** The database as any role; its host, port and database are what is pooled. */
  readonly databaseUrl: string;
  /** Passwords of the roles that may come. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Connections to PostgreSQL for each role. Default 2, so that transactions of many clients change places. */
  readonly connections?: number;
  /** Lines of its configuration besides. */
  readonly settings?: readonly string[];
}

export interface PgBouncer extends AsyncDisposable {
  /** The same URL through the pooler. */
  through(url: string): string;
}

/** PgBouncer in front of a database, one transaction at a time, on a free port. Throws when it is not installed. */
export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const { databaseUrl, passwords, connections = 2, settings = [] } = options;
  const port = await freePort();
  const { hostname, port: databasePort } = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'tributary-pgbouncer-'));
  // It does not run as root, and whom it becomes must be able to read this.
  chmodSync(folder, 0o755);
  const users = join(folder, 'users');
  writeFileSync(
    users,
    Object.entries(passwords)
      .map(([role, password]) => `"${role}" "${password}"\n`)
      .join(''),
    { mode: 0o644 },
  );
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${databasePort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = plain',
    `auth_file = ${users}`,
    'pool_mode = transaction',
    `default_pool_size = ${connections}`,
    'max_client_conn = 500',
    'server_login_retry = 1',
    'ignore_startup_parameters = extra_float_digits',
    ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
    ...settings,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  const through = (url: string): string => {
    const pooled = new URL(url);
    pooled.hostname = '127.0.0.1';
    pooled.port = String(port);
    return pooled.href;
  };
  const [role, password] = Object.entries(passwords)[0]!;
  const probe = new URL(through(databaseUrl));
  probe.username = role;
  probe.password = encodeURIComponent(password);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  opened.use(
    await startProgram({
      program: 'pgbouncer',
      args: [file],
      ready: () => answers(probe.href),
      debianPackage: 'pgbouncer',
    }),
  );
  const kept = opened.move();
  return { through, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function answers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query('select 1');
  } finally {
    await client.end();
  }
}
