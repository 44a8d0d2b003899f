import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { endWithParent } from '@tributary/postgres';
import { endChild, hasEnded } from '../endChild.js';
import { newDataFolder } from './newDataFolder.js';
import { ownSourceMaps } from './ServerProcess.js';
import { startTestDatabase } from '../servers/startTestDatabase.js';
import { startTestRedis, type TestRedis } from '../servers/startTestRedis.js';

export interface ProductOptions {
  readonly mode: 'embedded' | 'cluster';
  /** What is started; by default the built product of the mode, without npm. */
  readonly command?: readonly [string, ...string[]];
  /** Kept at the end. By default a new one that is deleted. */
  readonly dataFolder?: string | undefined;
  /**
   * Variables that it runs with, besides those of this process. A cluster for which DATABASE_URL and REDIS_URL are not both given gets
   * servers of its own.
   */
  readonly settings?: NodeJS.ProcessEnv;
  /** Takes all that it writes; by default standard error is this process's. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** A whole Tributary below this process, as `npm start` and `npm run cluster` start it. Disposing of it stops and deletes everything. */
export interface Product extends AsyncDisposable {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  /** Of the endpoints of gateways beside that one. */
  readonly otherUrls: readonly string[];
  /** From the start of the command to the line that says that it is ready. */
  readonly readySeconds: number;
  /** What it runs with. */
  readonly environment: NodeJS.ProcessEnv;
  readonly dataFolder: string;
  readonly child: ChildProcess;
  /** The Redis that was started for it. */
  readonly redis: TestRedis | null;
  /** Ends it as its operator would. False: it did not end within `patienceMs` and was killed. */
  stop(patienceMs: number): Promise<boolean>;
}

const root = path.join(import.meta.dirname, '../../..');
const defaultPatienceMs = 15_000;
const commands = {
  embedded: [process.execPath, '--import', ownSourceMaps(root), 'embedded/dist/main.js'],
  cluster: [process.execPath, 'scripts/cluster.mjs'],
} as const;

/** Resolves when it says that it is ready. Throws with what it said when it ends before. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { mode, command = commands[mode], settings = {}, onOutput } = options;
  await using opened = new AsyncDisposableStack();
  const dataFolder = options.dataFolder ?? newDataFolder('system');
  if (!options.dataFolder) opened.defer(() => rmSync(dataFolder, { recursive: true, force: true }));
  // What is proved or measured brings its own data.
  const own = { PORT: '0', TRIBUTARY_DATA: dataFolder, DEMO_DATA: 'false' };
  const environment: NodeJS.ProcessEnv = { ...process.env, ...own, ...settings };
  let redis: TestRedis | null = null;
  if (mode === 'cluster' && !(environment['DATABASE_URL'] && environment['REDIS_URL'])) {
    const database = opened.use(await startTestDatabase({ empty: true }));
    redis = opened.use(await startTestRedis());
    Object.assign(environment, { DATABASE_URL: database.superuserUrl, REDIS_URL: redis.url });
  }
  const started = performance.now();
  const child = spawn(command[0], command.slice(1), {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', onOutput ? 'pipe' : 'inherit'],
  });
  if (child.pid) child.once('exit', endWithParent(child.pid, 'TERM'));
  for (const stream of onOutput ? [child.stdout, child.stderr] : [])
    stream!.on('data', (chunk: Buffer) => onOutput!(chunk.toString()));
  const stop = (patienceMs: number) => endProcess(child, patienceMs);
  opened.defer(() => stop(defaultPatienceMs).then(() => undefined));
  const urls = await readyUrls(child);
  const readySeconds = (performance.now() - started) / 1000;
  const kept = opened.move();
  const close = () => kept.disposeAsync();
  return { ...urls, readySeconds, environment, dataFolder, child, redis, stop, [Symbol.asyncDispose]: close };
}

function readyUrls(child: ChildProcess): Promise<{ url: string; otherUrls: readonly string[] }> {
  const otherUrls: string[] = [];
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const [, who, url] = /^(Tributary|Another gateway) is ready at (\S+)$/.exec(line) ?? [];
      if (who === 'Tributary') resolve({ url: url!, otherUrls });
      else if (url) otherUrls.push(url);
      else said.push(line);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`It ended with ${signal ?? code} before it was ready. It said:\n${said.join('\n')}`)),
    );
  });
}

async function endProcess(child: ChildProcess, patienceMs: number): Promise<boolean> {
  if (hasEnded(child)) return true;
  await endChild(child, 'SIGTERM', patienceMs);
  return child.signalCode !== 'SIGKILL';
}
