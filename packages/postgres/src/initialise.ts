import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
import { programPath, type Binaries } from './findBinaries.js';
import { giveTo, type UnprivilegedUser } from './unprivilegedUser.js';

/** An initialised cluster on disk. */
export interface Cluster {
  /** What PostgreSQL calls its data directory. */
  readonly dataFolder: string;
  /** Of the superuser `postgres`. */
  readonly password: string;
}

export interface InitialiseOptions {
  /** The folder that `cluster/` is in. */
  readonly home: string;
  readonly binaries: Binaries;
  readonly user: UnprivilegedUser | null;
  /** False leaves out fsync and checksums. */
  readonly durable: boolean;
}

/** The data folder inside `home`, whether or not it exists yet. */
export function dataFolderIn(home: string): string {
  return path.join(home, 'cluster', 'data');
}

/**
 * Opens the cluster in `home`, or makes it. `cluster/` holds the data and the superuser's secret, and appears whole by
 * one rename: an initialisation that was killed half way leaves only a folder that the next one deletes.
 */
export async function initialise(options: InitialiseOptions): Promise<Cluster> {
  const cluster = path.join(options.home, 'cluster');
  for (const name of readdirSync(options.home)) {
    if (name.startsWith('cluster.unfinished')) rmSync(path.join(options.home, name), { recursive: true, force: true });
  }
  if (!existsSync(cluster)) await makeCluster(cluster, options);
  checkVersion(cluster, options.binaries);
  return { dataFolder: path.join(cluster, 'data'), password: readSecret(cluster) };
}

async function makeCluster(cluster: string, { home, binaries, user, durable }: InitialiseOptions): Promise<void> {
  const unfinished = path.join(home, `cluster.unfinished.${process.pid}`);
  const data = path.join(unfinished, 'data');
  const secret = path.join(unfinished, 'superuser-secret');
  mkdirSync(data, { recursive: true });
  chmodSync(unfinished, user ? 0o711 : 0o700);
  chmodSync(data, 0o700);
  writeFileSync(secret, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (user) {
    giveTo(user, data);
    giveTo(user, secret);
  }
  await runInitdb(binaries, user, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${secret}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-instructions',
    ...optionsOf(Number.parseInt(binaries.version, 10), durable),
  ]);
  if (user) giveTo({ uid: 0, gid: 0 }, secret);
  renameSync(unfinished, cluster);
}

/** What initdb of a major version knows: ours is the newest, others are for proofs. */
function optionsOf(major: number, durable: boolean): string[] {
  return [
    ...(major >= 17 ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C.UTF-8']),
    ...(durable ? [] : ['--no-sync']),
    ...(durable || major < 18 ? [] : ['--no-data-checksums']),
  ];
}

async function runInitdb(binaries: Binaries, user: UnprivilegedUser | null, args: string[]): Promise<void> {
  const program = programPath(binaries, 'initdb');
  let output = '';
  const status = await new Promise<number | string>((resolve, reject) => {
    const child = spawn(program, args, { ...user, ...childSurroundings(), stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (cause) => reject(cannotRun(program, cause)));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  if (status === 0) return;
  if (/error while loading shared libraries|GLIBC_/.test(output)) throw cannotRun(program, new Error(output.trim()));
  const reason = /shared memory/.test(output)
    ? 'sharedMemory'
    : /Permission denied|Read-only file system/.test(output)
      ? 'notWritable'
      : 'failed';
  throw new EmbeddedPostgresError(
    reason,
    `PostgreSQL could not initialise its data folder (initdb ended with ${status}):\n${output.trim()}`,
  );
}

/** English messages, which are read by this package, and nothing of the caller's environment such as PGDATA. */
export function childSurroundings(): { cwd: string; env?: NodeJS.ProcessEnv; windowsHide: boolean } {
  if (process.platform === 'win32') return { cwd: '.', windowsHide: true };
  return { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }, windowsHide: true };
}

/** A program that is there, but that this system cannot run. */
export function cannotRun(program: string, cause: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'binariesMissing',
    `${program} cannot be run on this system: ${cause.message}\n` +
      'The embedded PostgreSQL needs glibc (Debian, Ubuntu, Fedora; not Alpine) and a file system without "noexec".',
    { cause },
  );
}

function checkVersion(cluster: string, binaries: Binaries): void {
  let found: string;
  try {
    found = readFileSync(path.join(cluster, 'data', 'PG_VERSION'), 'utf8').trim();
  } catch (cause) {
    throw unreadable(cluster, cause);
  }
  const major = binaries.version.split('.')[0]!;
  if (found === major) return;
  throw new EmbeddedPostgresError(
    'versionMismatch',
    `The data in ${cluster} was written by PostgreSQL ${found}, and this Tributary comes with PostgreSQL ${major}. ` +
      `Start the Tributary version that wrote it, or move the folder away to begin with an empty database.`,
  );
}

function readSecret(cluster: string): string {
  try {
    return readFileSync(path.join(cluster, 'superuser-secret'), 'utf8').trim();
  } catch (cause) {
    throw unreadable(cluster, cause);
  }
}

function unreadable(cluster: string, cause: unknown): EmbeddedPostgresError {
  const { code } = cause as NodeJS.ErrnoException;
  return new EmbeddedPostgresError(
    'notWritable',
    code === 'ENOENT'
      ? `${cluster} is not a whole data folder of Tributary. Restore it from a backup, or move it away to begin with an empty database.`
      : `${cluster} cannot be read (${code}). It belongs to another user: was Tributary started as root before? Start it as that user, or change the owner.`,
    { cause },
  );
}
