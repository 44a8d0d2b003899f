import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { roleUrl, type DatabaseEngine } from '@tributary/data';
import { startTestRedis } from '@tributary/kit';
import { Cluster, makeClusterSecrets, type ClusterSecrets } from '@tributary/kit/cluster';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ProductOptions {
  readonly engine: DatabaseEngine;
  /** As a superuser. */
  readonly databaseUrl: string;
  readonly passwords: { readonly migrator: string; readonly app: string; readonly worker: string };
  readonly pooledPort?: number | null;
}

/** Every part of the product as a process of its own, over a database that has its tables. */
export class Product implements AsyncDisposable {
  readonly cluster: Cluster;
  /** What processes said went wrong, with the statement's name where they know it: without what the proof did to them itself. */
  readonly complaints: string[] = [];
  readonly folder: string;
  readonly secrets: ClusterSecrets;
  readonly #options: ProductOptions;
  readonly #opened: AsyncDisposableStack;

  private constructor(
    options: ProductOptions,
    cluster: Cluster,
    folder: string,
    secrets: ClusterSecrets,
    opened: AsyncDisposableStack,
  ) {
    this.#options = options;
    this.cluster = cluster;
    this.folder = folder;
    this.secrets = secrets;
    this.#opened = opened;
  }

  static async start(options: ProductOptions): Promise<Product> {
    await using opened = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), 'tributary-product-'));
    opened.defer(() => rmSync(folder, { recursive: true, force: true }));
    const redis = opened.use(await startTestRedis());
    const secrets = makeClusterSecrets();
    const { engine, databaseUrl, passwords, pooledPort = null } = options;
    const cluster = opened.use(
      await Cluster.of({
        ...{ tree: root, databaseUrl, passwords, pooledPort, redisUrl: redis.url, secrets, folder },
        settings: () => ({ LOG_LEVEL: 'warn', DATABASE_ENGINE: engine, WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8' }),
        onLine: (name, line) => product.#hear(name, line),
        onCrash: (name, how) => product.complaints.push(`${name} ended by itself with ${how}`),
      }),
    );
    const product: Product = new Product(options, cluster, folder, secrets, opened.move());
    await cluster.start();
    return product;
  }

  get origin(): string {
    return this.cluster.originOf('gateway');
  }

  /** Resolves when the gateway says that it is ready. */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await fetch(`${this.origin}/health/ready`).catch(() => null))?.ok) {
      if (Date.now() > deadline) throw new Error(`The gateway was not ready: ${this.complaints.slice(-5).join('\n')}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** Runs one of the operator's commands on the database and answers what it said. Throws with that when it fails. */
  async operate(
    file: string,
    args: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { stdout } = await this.#run(file, args, settings).catch((error: unknown) => {
      throw new Error(`${file}: ${saidOf(error)}`);
    });
    return stdout;
  }

  /** Sends one of the operator's commands Ctrl-C this long after its first words, and answers its last ones. Throws when it did all the same. */
  async interrupt(file: string, args: readonly string[], afterMs: number): Promise<string> {
    const run = this.#run(file, args, {});
    run.child.stdout!.once('data', () => setTimeout(() => run.child.kill('SIGINT'), afterMs));
    const said = await run.then(() => null, saidOf);
    if (said === null) throw new Error(`${file} came to its end before Ctrl-C.`);
    return said;
  }

  #run(file: string, args: readonly string[], settings: Readonly<Record<string, string>>) {
    const { databaseUrl, passwords, engine } = this.#options;
    const env = {
      PATH: process.env['PATH'],
      DATABASE_ADMIN_URL: databaseUrl,
      DATABASE_URL: roleUrl(databaseUrl, 'app', passwords.app),
      WORKER_DATABASE_URL: roleUrl(databaseUrl, 'worker', passwords.worker),
      DATABASE_MIGRATOR_PASSWORD: passwords.migrator,
      DATABASE_APP_PASSWORD: passwords.app,
      DATABASE_WORKER_PASSWORD: passwords.worker,
      DATABASE_ENGINE: engine,
      ENCRYPTION_KEYS: this.secrets.encryptionKeys,
      AUDIT_SIGNING_KEY: this.secrets.auditSigningKey,
      UPLOADS_DIRECTORY: join(this.folder, 'uploads'),
      PUBLIC_URL: this.origin,
      ...settings,
    };
    return promisify(execFile)(process.execPath, [join(root, 'operate/dist', file), ...args], { cwd: root, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }

  #hear(name: string, line: string): void {
    try {
      const { err, msg, statement: named } = JSON.parse(line) as Logged;
      const statement = named ? `${named}: ` : '';
      this.complaints.push(`${name}: ${statement}${err?.message ?? msg}${err?.code ? ` (${err.code})` : ''}`);
    } catch {
      this.complaints.push(`${name}: ${line}`);
    }
  }
}

function saidOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return stderr || stdout || String(error);
}

interface Logged {
  readonly msg: string;
  readonly statement?: string;
  readonly err?: { readonly message: string; readonly code?: string };
}
