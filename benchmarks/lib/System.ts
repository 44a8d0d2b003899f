import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { descendants, pidsOf } from './processes.ts';

export type Mode = 'embedded' | 'cluster';

export interface StartOptions {
  /** Default embedded. Cluster uses DATABASE_URL and REDIS_URL, or starts both for itself. */
  readonly mode?: Mode;
  /** Kept when given; by default a new one that is deleted at the end. */
  readonly dataFolder?: string;
  /** What is started; by default the built product of the mode, without npm. */
  readonly command?: readonly [string, ...string[]];
  /** Variables that it runs with, besides those of this process. */
  readonly settings?: Readonly<Record<string, string>>;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

const commands = {
  embedded: [process.execPath, '--enable-source-maps', 'embedded/dist/main.js'],
  cluster: [process.execPath, 'scripts/cluster.mjs'],
} as const;

/** A whole Tributary below this process. */
export class System implements AsyncDisposable {
  readonly mode: Mode;
  /** Of the GraphQL endpoint. */
  readonly url: string;
  /** Of the endpoints of gateways beside that one. */
  readonly otherUrls: readonly string[];
  /** From the start of the command to the line that says that it is ready. */
  readonly readySeconds: number;
  /** PostgreSQL as its superuser: for preparing what would take the product long, and for looking past all locks. */
  readonly databaseUrl: string;
  readonly #child: ChildProcess;
  readonly #closers: (() => unknown)[];

  private constructor(
    mode: Mode,
    { url, otherUrls }: Urls,
    readySeconds: number,
    databaseUrl: string,
    child: ChildProcess,
    closers: (() => unknown)[],
  ) {
    this.mode = mode;
    this.databaseUrl = databaseUrl;
    this.url = url;
    this.otherUrls = otherUrls;
    this.readySeconds = readySeconds;
    this.#child = child;
    this.#closers = closers;
  }

  static async start({
    mode = 'embedded',
    dataFolder,
    command = commands[mode],
    settings = {},
  }: StartOptions = {}): Promise<System> {
    const closers: (() => unknown)[] = [];
    const folder = dataFolder ?? newDataFolder();
    if (!dataFolder) closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const services = mode === 'cluster' ? await startServices(closers) : {};
    const started = performance.now();
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      PORT: '0',
      TRIBUTARY_DATA: folder,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
      // One owner stands for everybody who watches.
      SOCKETS_PER_PERSON: process.env['SOCKETS_PER_PERSON'] ?? '20000',
      ...services,
      ...settings,
    };
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closers.unshift(() => stop(child));
    try {
      const urls = await readyUrls(child);
      const readySeconds = (performance.now() - started) / 1000;
      if (mode === 'cluster') for (const slug of ['acme', 'globex']) await inviteOwner(urls.url, slug, environment);
      const databaseUrl = mode === 'cluster' ? environment['DATABASE_URL']! : embeddedUrl(folder);
      return new System(mode, urls, readySeconds, databaseUrl, child, closers);
    } catch (error) {
      for (const close of closers) await close();
      throw error;
    }
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** The processes that are this part of it, as `processes.ts` names them. */
  pidsOf(part: string): number[] {
    return pidsOf(part, this.#child.pid);
  }

  /** SIGKILL to every process at once, PostgreSQL included. */
  async killAll(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    for (const pid of descendants(this.#child.pid)) killNow(pid);
    killNow(this.#child.pid!);
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}

/** A folder that PostgreSQL can reach when it runs as another user. */
export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Where the PostgreSQL of embedded mode listens, and its superuser's password, from the files that it keeps of them. */
function embeddedUrl(folder: string): string {
  const cluster = join(folder, 'postgres', 'cluster');
  const port = readFileSync(join(cluster, 'data', 'postmaster.pid'), 'utf8').split('\n')[3]!;
  const password = readFileSync(join(cluster, 'superuser-secret'), 'utf8').trim();
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

async function startServices(closers: (() => unknown)[]): Promise<Record<string, string>> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  if (DATABASE_URL && REDIS_URL) return {};
  const { startTestDatabase, startTestRedis } = await import('@tributary/testing');
  const [database, redis] = await Promise.all([startTestDatabase({ empty: true }), startTestRedis()]);
  closers.unshift(
    () => database[Symbol.asyncDispose](),
    () => redis[Symbol.asyncDispose](),
  );
  return { DATABASE_URL: database.superuserUrl, REDIS_URL: redis.url };
}

/** Gives a cluster a workspace and the owner that embedded mode has by itself, as its operator would. */
async function inviteOwner(url: string, slug: string, env: NodeJS.ProcessEnv): Promise<void> {
  const options = ['create-workspace', '--slug', slug, '--name', slug, '--owner-email', `owner@${slug}.example`];
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/admin.mjs', ...options], { cwd: root, env });
  const token = /token=([\w.~-]+)/.exec(stdout)?.[1];
  const accepted = await fetch(new URL('/auth/accept', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: 'tributary-demo' }),
  });
  if (accepted.status !== 200) throw new Error(`The invitation was refused: ${await accepted.text()}; ${stdout}`);
}

interface Urls {
  readonly url: string;
  readonly otherUrls: readonly string[];
}

function readyUrls(child: ChildProcess): Promise<Urls> {
  const otherUrls: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const [, who, url] = /^(Tributary|Another gateway) is ready at (\S+)$/.exec(line) ?? [];
      if (who === 'Tributary') resolve({ url: url!, otherUrls });
      else if (url) otherUrls.push(url);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`It ended with ${signal ?? code} before it was ready.`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([exited, delay(15_000, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
