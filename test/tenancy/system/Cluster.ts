import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { subgraphNames, type SubgraphName } from '@tributary/commands';
import { publicKeyPemOf } from '@tributary/auth';
import { roleUrl } from '@tributary/data';
import type { ClusterSecrets } from './secrets.ts';

export interface ClusterOptions {
  /** The root of the tree whose built files run: the project itself, or a copy with a guard taken away. */
  readonly tree: string;
  /** As a superuser; the processes get the roles' own URLs. */
  readonly databaseUrl: string;
  readonly passwords: { readonly app: string; readonly worker: string };
  readonly redisUrl: string;
  readonly secrets: ClusterSecrets;
  /** For uploads. */
  readonly folder: string;
  /** A manifest of stored operations. */
  readonly storedOperations?: string;
  /** Sees every line that any process writes. */
  readonly onLog: (part: string, line: string) => void;
}

/** The net asks for more at once, and more often, than any client may: limits have tests of their own. */
const roomForTheNet = {
  MAX_ALIASES: '1000',
  MAX_TOKENS: '10000',
  MAX_FIELDS: '10000',
  MAX_REPEATED_FIELDS: '1000',
  MAX_COST: '10000000',
  REQUESTS_PER_MINUTE: '0',
  COST_PER_MINUTE: '0',
  WORKSPACE_REQUESTS_PER_MINUTE: '0',
  WORKSPACE_COST_PER_MINUTE: '0',
  SOCKET_OPERATIONS: '10000',
  SOCKET_BURST: '100000',
  SOCKET_REFILL_PER_SECOND: '100000',
  // Keys attack by text, too.
  API_KEYS_STORED_ONLY: 'false',
};

const readyPatienceMs = 60_000;

/** Every part of a cluster as a process of its own, with its addresses and its logs in hand. */
export class Cluster implements AsyncDisposable {
  readonly #options: ClusterOptions;
  readonly #children = new Map<string, ChildProcess>();
  readonly #ports: Record<string, number>;
  readonly #lastWords = new Map<string, string[]>();
  #ending = false;

  private constructor(options: ClusterOptions, ports: Record<string, number>) {
    this.#options = options;
    this.#ports = ports;
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.notStarted(options);
    try {
      cluster.#startParts();
      await Promise.all([...subgraphNames, 'gateway'].map((name) => cluster.#ready(name)));
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** For what looks at the database or at the packages of a tree, and asks no process. */
  static async notStarted(options: ClusterOptions): Promise<Cluster> {
    const ports: Record<string, number> = { gateway: await quietPort() };
    for (const name of subgraphNames) ports[name] = await quietPort();
    mkdirSync(join(options.folder, 'uploads'), { recursive: true });
    return new Cluster(options, ports);
  }

  /** The tree whose files run. */
  get tree(): string {
    return this.#options.tree;
  }

  /** Of the gateway, without a path. */
  get origin(): string {
    return `http://127.0.0.1:${this.#ports['gateway']}`;
  }

  /** Of a subgraph, without a path. */
  originOf(subgraph: SubgraphName): string {
    return `http://127.0.0.1:${this.#ports[subgraph]}`;
  }

  /** The flow worker is there while flows are made, and gone while answers are compared. */
  startWorker(): void {
    const { databaseUrl, passwords, secrets } = this.#options;
    this.#start('worker', 'subgraphs/flow/dist/worker/main.js', {
      PORT: '0',
      WORKER_DATABASE_URL: roleUrl(databaseUrl, 'worker', passwords.worker),
      AUDIT_SIGNING_KEY: secrets.auditSigningKey,
      ENCRYPTION_KEYS: secrets.encryptionKeys,
    });
  }

  async stopPart(name: string): Promise<void> {
    const child = this.#children.get(name);
    if (!child) return;
    this.#children.delete(name);
    await ended(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#children.values()].map(ended));
  }

  #startParts(): void {
    const { secrets, storedOperations } = this.#options;
    for (const name of subgraphNames) {
      const own: Record<string, string> =
        name === 'workspace'
          ? { JWT_PRIVATE_KEY: secrets.signingKey }
          : name === 'flow'
            ? { ENCRYPTION_KEYS: secrets.encryptionKeys }
            : {};
      this.#start(name, `subgraphs/${name}/dist/main.js`, { ...own, PORT: String(this.#ports[name]) });
    }
    this.#start('gateway', 'gateway/dist/main.js', {
      PORT: String(this.#ports['gateway']),
      DATABASE_URL: '',
      JWT_PUBLIC_KEY: publicKeyPemOf(secrets.signingKey),
      SECURE_COOKIES: 'false',
      ...roomForTheNet,
      ...(storedOperations ? { STORED_OPERATIONS: storedOperations } : {}),
    });
  }

  #start(name: string, file: string, settings: Record<string, string>): void {
    const { tree, databaseUrl, passwords, redisUrl, secrets, folder, onLog } = this.#options;
    const child = spawn(process.execPath, ['--enable-source-maps', join(tree, file)], {
      cwd: tree,
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        LOG_LEVEL: 'debug',
        DATABASE_URL: roleUrl(databaseUrl, 'app', passwords.app),
        DATABASE_POOL_SIZE: '6',
        REDIS_URL: redisUrl,
        GATEWAY_SECRET: secrets.gatewaySecret,
        JWT_ISSUER: secrets.issuer,
        JWT_AUDIENCE: secrets.audience,
        UPLOADS_DIRECTORY: join(folder, 'uploads'),
        UPLOADS_SHARED: 'true',
        ...Object.fromEntries(
          subgraphNames.map((subgraph) => [`SUBGRAPH_${subgraph.toUpperCase()}_URL`, this.originOf(subgraph)]),
        ),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.set(name, child);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lastWords.set(name, [...(this.#lastWords.get(name) ?? []).slice(-9), line]);
        onLog(name, line);
      });
    }
    child.once('exit', (code, signal) => {
      if (!this.#ending && this.#children.get(name) === child) onLog(name, `ENDED BY ITSELF with ${signal ?? code}`);
    });
  }

  async #ready(name: string): Promise<void> {
    const deadline = Date.now() + readyPatienceMs;
    for (;;) {
      const child = this.#children.get(name);
      if (!child || child.exitCode !== null)
        throw new Error(`${name} ended before it was ready:\n${this.#lastWords.get(name)?.join('\n')}`);
      const answer = await fetch(`http://127.0.0.1:${this.#ports[name]}/health/ready`).catch(() => null);
      if (answer?.ok && ((await answer.json()) as { status: string }).status === 'ready') return;
      if (Date.now() > deadline) throw new Error(`${name} was not ready within ${readyPatienceMs / 1000} s.`);
      await delay(50);
    }
  }
}

/** There is nothing to save: what the processes did is in the database. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** A free port below those that the system gives to outgoing connections, of which the net makes thousands while processes start. */
async function quietPort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
