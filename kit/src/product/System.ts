import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findRunningServer } from '@tributary/postgres';
import { startProduct, type Product, type ProductOptions } from './startProduct.js';
import { type CpuSample, descendants, pidsOf, sampleCpu } from '../measure/processes.js';

export type Mode = ProductOptions['mode'];

export interface StartOptions {
  /** Default embedded. Cluster uses DATABASE_URL and REDIS_URL, or starts both for itself. */
  readonly mode?: Mode;
  /** Kept when given; by default a new one that is deleted at the end. */
  readonly dataFolder?: string;
  /** What is started; by default the built product of the mode, without npm. */
  readonly command?: readonly [string, ...string[]];
  /** Another checkout, built, whose product is started instead of this one's. */
  readonly checkout?: string;
  /** Variables that it runs with, besides those of this process. */
  readonly settings?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A whole Tributary below this process. */
export class System implements AsyncDisposable {
  readonly mode: Mode;
  /** PostgreSQL as its superuser: for preparing what would take the product long, and for looking past all locks. */
  readonly databaseUrl: string;
  readonly #product: Product;
  /** What was started for it: the product, and in cluster mode its PostgreSQL and Redis. */
  readonly #roots: readonly number[];

  private constructor(mode: Mode, product: Product, databaseUrl: string, roots: readonly number[]) {
    this.mode = mode;
    this.databaseUrl = databaseUrl;
    this.#product = product;
    this.#roots = roots;
  }

  static async start({ mode = 'embedded', settings, checkout, ...options }: StartOptions = {}): Promise<System> {
    const before = new Set(descendants());
    await using opened = new AsyncDisposableStack();
    const product = opened.use(
      await startProduct({
        ...(checkout === undefined ? {} : { command: commandOf(checkout, mode) }),
        ...options,
        mode,
        settings: {
          LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
          // One owner stands for everybody who watches.
          SOCKETS_PER_PERSON: process.env['SOCKETS_PER_PERSON'] ?? '20000',
          ...settings,
        },
      }),
    );
    const { url, environment, dataFolder } = product;
    if (mode === 'cluster') for (const slug of ['acme', 'globex']) await inviteOwner(url, slug, environment, checkout);
    const databaseUrl =
      mode === 'cluster' ? environment['DATABASE_URL']! : findRunningServer(join(dataFolder, 'postgres'))!;
    opened.move();
    return new System(
      mode,
      product,
      databaseUrl,
      descendants().filter((pid) => !before.has(pid)),
    );
  }

  /** Of the GraphQL endpoint. */
  get url(): string {
    return this.#product.url;
  }

  /** Of the endpoints of gateways beside that one. */
  get otherUrls(): readonly string[] {
    return this.#product.otherUrls;
  }

  /** From the start of the command to the line that says that it is ready. */
  get readySeconds(): number {
    return this.#product.readySeconds;
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** The processes that are this part of it, as `processes.ts` names them. */
  pidsOf(part: string): number[] {
    return pidsOf(part, this.#product.child.pid);
  }

  /** CPU time so far of all its processes. */
  sampleCpu(): CpuSample {
    return sampleCpu([...new Set(this.#roots.flatMap((pid) => [pid, ...descendants(pid)]))]);
  }

  /** SIGKILL to every process at once, PostgreSQL included. */
  async killAll(): Promise<void> {
    const exited = new Promise((resolve) => this.#product.child.once('exit', resolve));
    for (const pid of descendants(this.#product.child.pid)) killNow(pid);
    killNow(this.#product.child.pid!);
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#product[Symbol.asyncDispose]();
  }
}

/** The built product of another checkout. */
function commandOf(checkout: string, mode: Mode): readonly [string, ...string[]] {
  return mode === 'embedded'
    ? [process.execPath, '--enable-source-maps', resolve(checkout, 'embedded/dist/main.js')]
    : [process.execPath, resolve(checkout, 'scripts/cluster.mjs')];
}

/** Gives a cluster a workspace and the owner that embedded mode has by itself, as its operator would: with the commands of its own checkout. */
async function inviteOwner(url: string, slug: string, env: NodeJS.ProcessEnv, checkout = root): Promise<void> {
  const options = ['create-workspace', '--slug', slug, '--name', slug, '--owner-email', `owner@${slug}.example`];
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/admin.mjs', ...options], {
    cwd: checkout,
    env,
  });
  const token = /token=([\w.~-]+)/.exec(stdout)?.[1];
  const accepted = await fetch(new URL('/auth/accept', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: 'tributary-demo' }),
  });
  if (accepted.status !== 200) throw new Error(`The invitation was refused: ${await accepted.text()}; ${stdout}`);
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
