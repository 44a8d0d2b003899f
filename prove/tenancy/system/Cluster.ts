import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { roleUrl } from '@tributary/data';
import { eventually, ServerProcess } from '@tributary/kit';
import { partNamed, partSettings, type ClusterSecrets } from '@tributary/kit/cluster';
import type { ClusterPartName } from '../../../parts.ts';

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

const parts: readonly ClusterPartName[] = [...subgraphNames, 'gateway', 'worker'];

/** Every part of a cluster as a process of its own, with its addresses and its logs in hand. */
export class Cluster implements AsyncDisposable {
  readonly #options: ClusterOptions;
  readonly #ports: ReadonlyMap<ClusterPartName, number>;
  readonly #processes = new Map<ClusterPartName, ServerProcess>();

  private constructor(options: ClusterOptions, ports: ReadonlyMap<ClusterPartName, number>) {
    this.#options = options;
    this.#ports = ports;
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.notStarted(options);
    try {
      await Promise.all([...subgraphNames, 'gateway' as const].map((part) => cluster.#start(part)));
      await eventually(() => cluster.#expectReady(), { timeoutMs: 60_000, intervalMs: 50 });
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** For what looks at the database or at the packages of a tree, and asks no process. */
  static async notStarted(options: ClusterOptions): Promise<Cluster> {
    const ports = new Map<ClusterPartName, number>();
    for (const part of parts) ports.set(part, await quietPort());
    mkdirSync(join(options.folder, 'uploads'), { recursive: true });
    return new Cluster(options, ports);
  }

  /** The tree whose files run. */
  get tree(): string {
    return this.#options.tree;
  }

  /** Of the gateway, without a path. */
  get origin(): string {
    return this.originOf('gateway');
  }

  /** Of any part, without a path. */
  originOf(part: ClusterPartName): string {
    return `http://127.0.0.1:${this.#ports.get(part)}`;
  }

  /** The flow worker is there while flows are made, and gone while answers are compared. */
  async startWorker(): Promise<void> {
    await this.#start('worker');
  }

  async stopWorker(): Promise<void> {
    await this.#processes.get('worker')?.kill();
  }

  /** There is nothing to save: what the processes did is in the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#processes.values()].map((each) => each.kill()));
  }

  async #start(part: ClusterPartName): Promise<void> {
    const { tree, onLog } = this.#options;
    const server = new ServerProcess({
      name: part,
      tree,
      file: partNamed(part).entry,
      port: this.#ports.get(part)!,
      settings: this.#settingsOf(part),
      onLine: (line) => onLog(part, line),
      onCrash: (how) => onLog(part, `ENDED BY ITSELF with ${how}`),
    });
    this.#processes.set(part, server);
    await server.start();
  }

  #settingsOf(part: ClusterPartName): Record<string, string> {
    const { databaseUrl, passwords, redisUrl, secrets, folder, storedOperations } = this.#options;
    const settings = {
      LOG_LEVEL: 'debug',
      REDIS_URL: redisUrl,
      ...partSettings(part, secrets, (subgraph) => this.originOf(subgraph)),
    };
    if (part === 'gateway')
      return { ...settings, ...roomForTheNet, ...(storedOperations ? { STORED_OPERATIONS: storedOperations } : {}) };
    return {
      ...settings,
      DATABASE_URL: roleUrl(databaseUrl, 'app', passwords.app),
      DATABASE_POOL_SIZE: '6',
      UPLOADS_DIRECTORY: join(folder, 'uploads'),
      UPLOADS_SHARED: 'true',
      ...(part === 'worker' ? { WORKER_DATABASE_URL: roleUrl(databaseUrl, 'worker', passwords.worker) } : {}),
    };
  }

  async #expectReady(): Promise<void> {
    const answer = (await (await fetch(`${this.origin}/health/ready`)).json()) as { status: string };
    if (answer.status !== 'ready') throw new Error(`The gateway is not ready: ${JSON.stringify(answer)}`);
  }
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
