import type { DatabaseEngine } from '@tributary/data';
import { eventually } from '@tributary/kit';
import { Cluster, type ClusterOptions } from '@tributary/kit/cluster';
import type { ClusterPartName } from '../../../parts.ts';

export interface NetClusterOptions extends Pick<
  ClusterOptions,
  'tree' | 'databaseUrl' | 'passwords' | 'redisUrl' | 'secrets' | 'folder'
> {
  /** Default postgresql. */
  readonly engine?: DatabaseEngine;
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

const workers = ['worker', 'reactions'];

/** A cluster, with its addresses and its logs in hand. */
export class NetCluster implements AsyncDisposable {
  /** The tree whose files run. */
  readonly tree: string;
  readonly #cluster: Cluster;

  private constructor(tree: string, cluster: Cluster) {
    this.tree = tree;
    this.#cluster = cluster;
  }

  static async start(options: NetClusterOptions): Promise<NetCluster> {
    const cluster = await NetCluster.notStarted(options);
    try {
      await cluster.#cluster.start([...cluster.#cluster.processes.keys()].filter((name) => !workers.includes(name)));
      await eventually(() => cluster.#expectReady(), { timeoutMs: 60_000, intervalMs: 50 });
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** For what looks at the database or at the packages of a tree, and asks no process. */
  static async notStarted({
    storedOperations,
    onLog,
    engine = 'postgresql',
    ...options
  }: NetClusterOptions): Promise<NetCluster> {
    const stored: Record<string, string> = storedOperations ? { STORED_OPERATIONS: storedOperations } : {};
    const ofTheGateway = { ...roomForTheNet, ...stored };
    const cluster = await Cluster.of({
      ...options,
      processes: { worker: workers },
      settings: (part, name) => ({
        LOG_LEVEL: 'debug',
        DATABASE_ENGINE: engine,
        // The receivers of the net's webhooks are on this machine.
        WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8',
        ...(part === 'gateway' ? ofTheGateway : { DATABASE_POOL_SIZE: '6' }),
        ...(name === 'workspace' ? stored : {}),
        ...(name === 'reactions' ? { WORKER_RUNS: 'reactions' } : {}),
      }),
      onLine: onLog,
      onCrash: (name, how) => onLog(name, `ENDED BY ITSELF with ${how}`),
    });
    return new NetCluster(options.tree, cluster);
  }

  /** Of the gateway, without a path. */
  get origin(): string {
    return this.originOf('gateway');
  }

  /** Of any part, without a path. */
  originOf(part: ClusterPartName): string {
    return this.#cluster.originOf(part);
  }

  /** The worker is there while flows are made, and gone while answers are compared. */
  async startWorker(): Promise<void> {
    await this.#cluster.start(['worker']);
  }

  /** Raises alerts, and runs no phase: what attackers have started stays where it is. */
  async startReactions(): Promise<void> {
    await this.#cluster.start(['reactions']);
  }

  async stopReactions(): Promise<void> {
    await this.#cluster.processes.get('reactions')?.kill();
  }

  async stopWorker(): Promise<void> {
    await this.#cluster.processes.get('worker')?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
  }

  async #expectReady(): Promise<void> {
    const answer = (await (await fetch(`${this.origin}/health/ready`)).json()) as { status: string };
    if (answer.status !== 'ready') throw new Error(`The gateway is not ready: ${JSON.stringify(answer)}`);
  }
}
