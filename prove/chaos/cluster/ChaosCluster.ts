import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Database, migrate, roleUrl } from '@tributary/data';
import { installJobs, migrations } from '@tributary/migrations';
import { createLogger } from '@tributary/observability';
import { createWorkspaceWithOwner, workspaceSubgraph } from '@tributary/subgraph-workspace';
import {
  eventually,
  newDataFolder,
  startCommitCutter,
  startPgBouncer,
  startTcpProxy,
  startTestRedis,
  type CommitCutter,
  type TcpProxy,
  type ServerProcess,
  type TestRedis,
} from '@tributary/kit';
import { Cluster, makeClusterSecrets } from '@tributary/kit/cluster';
import { PostgresServer } from './PostgresServer.ts';

/**
 * `control`: flow streams are the usual backlog, then pub/sub. `forgetful`: the activity goes on at the present, whatever cursor one comes
 * back with. `hasty`: a webhook’s position moves before its request.
 */
export type Build = 'product' | 'control' | 'forgetful' | 'hasty';

const controlOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  control: { flow: 'prove/chaos/control/flowMain.ts' },
  forgetful: { metrics: 'prove/chaos/control/metricsMain.ts' },
  hasty: { worker: 'prove/chaos/control/hastyWorkerMain.ts' },
};

export interface Workspace {
  readonly slug: string;
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** Every process of it, and a proxy between any two that talk. No worker runs phases: runners from outside make the flows here. */
const gateways = ['gateway-1', 'gateway-2'];
const processes = { gateway: gateways, flow: ['flow-1', 'flow-2'], worker: ['worker-1', 'worker-2'] };

const root = fileURLToPath(new URL('../../..', import.meta.url));
const password = 'a-password-of-chaos';

/** Cluster mode in processes on this machine, where everything can be killed, stopped, cut and stalled. */
export class ChaosCluster implements AsyncDisposable {
  readonly processes = new Map<string, ServerProcess>();
  /** By name: who connects, then to what, such as `flow-1→postgres`. */
  readonly hops = new Map<string, TcpProxy>();
  /** Between PostgreSQL and each process that writes events. */
  readonly commitCutters = new Map<string, CommitCutter>();
  /** Processes that ended without being killed: faults of the product. */
  readonly crashes: string[] = [];
  readonly workspaces: Workspace[] = [];
  readonly #folder: string;
  readonly #opened = new AsyncDisposableStack();
  readonly postgres: PostgresServer;
  readonly redis: TestRedis;

  private constructor(folder: string, postgres: PostgresServer, redis: TestRedis) {
    this.#folder = folder;
    this.postgres = postgres;
    this.redis = redis;
  }

  static async start(options: {
    readonly build: Build;
    readonly workspaces: readonly string[];
    /** PgBouncer stands in front of PostgreSQL, one transaction at a time. */
    readonly pooled?: boolean;
  }): Promise<ChaosCluster> {
    const folder = newDataFolder('chaos');
    const [postgres, redis] = await Promise.all([PostgresServer.start(join(folder, 'postgres')), startTestRedis()]);
    const cluster = new ChaosCluster(folder, postgres, redis);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void cluster[Symbol.asyncDispose]().finally(() => process.exit(1)));
    try {
      await cluster.#open(options.build, options.workspaces, options.pooled ?? false);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What the processes print. */
  get logs(): string {
    return this.#folder;
  }

  /** Where clients reach the gateways: each of them, and both behind a load balancer. */
  get origins(): string[] {
    const each = gateways.map((name) => `http://127.0.0.1:${this.hops.get(`client→${name}`)!.port}`);
    return [...each, this.balancedOrigin];
  }

  get balancedOrigin(): string {
    return `http://127.0.0.1:${this.hops.get('client→gateways')!.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
    await Promise.all([...this.hops.values(), ...this.commitCutters.values()].map((hop) => hop.close()));
    await this.redis[Symbol.asyncDispose]();
    await this.postgres.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #open(build: Build, slugs: readonly string[], pooled: boolean): Promise<void> {
    const makePassword = () => randomBytes(24).toString('base64url');
    const passwords = { migrator: makePassword(), app: makePassword(), worker: makePassword() };
    await migrate({ adminUrl: this.postgres.url, migrations, installJobs, passwords });
    const pooler = pooled
      ? this.#opened.use(await startPgBouncer({ databaseUrl: this.postgres.url, passwords, connections: 10 }))
      : null;
    await this.#startProcesses(build, passwords, pooler && Number(new URL(pooler.through(this.postgres.url)).port));
    await using database = await Database.open({
      url: roleUrl(this.postgres.url, 'app', passwords.app),
      entities: workspaceSubgraph({ accessTokens: null }).tables,
      logger: createLogger({ name: 'chaos', level: 'silent' }),
      poolSize: 1,
    });
    for (const slug of slugs) await this.#createWorkspace(database, slug);
  }

  async #startProcesses(
    build: Build,
    passwords: { readonly app: string; readonly worker: string },
    pooledPort: number | null,
  ): Promise<void> {
    const cluster = this.#opened.use(
      await Cluster.of({
        tree: root,
        databaseUrl: this.postgres.url,
        pooledPort,
        passwords,
        redisUrl: this.redis.url,
        secrets: makeClusterSecrets(),
        folder: this.#folder,
        processes,
        settings: (part) => ({
          LOG_LEVEL: 'warn',
          // Receivers of webhooks are on this machine.
          WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8',
          ...(part === 'worker' ? { WORKER_RUNS: 'reactions,delivery' } : {}),
        }),
        entry: (part) => (build === 'product' ? undefined : controlOf[build]?.[part]),
        between: (name, to, ports) => this.#between(name, to, ports),
        onLine: (name, line) => appendFileSync(join(this.#folder, `${name}.log`), `${line}\n`),
        onCrash: (name, how) => {
          this.crashes.push(`${name} ended by itself with ${how}`);
          void this.processes.get(name)!.startAgain();
        },
      }),
    );
    for (const [name, server] of cluster.processes) this.processes.set(name, server);
    const ports = gateways.map((name) => cluster.portOf(name));
    for (const [index, name] of gateways.entries()) await this.#hop(`client→${name}`, ports[index]!);
    await this.#hop('client→gateways', ports);
    await cluster.start();
    await Promise.all(this.origins.map((origin) => eventually(() => expectReady(origin), { timeoutMs: 30_000 })));
  }

  /** Subgraphs and workers ask each other directly: what is between them and a gateway can be cut, and what is below them. */
  async #between(name: string, to: string, ports: readonly number[]): Promise<number | null> {
    const isGateway = gateways.includes(name);
    // Each gateway counts budgets for itself: a Redis that is away is the subgraphs' trouble here.
    if (isGateway && to === 'redis') return null;
    if (!isGateway && to !== 'postgres' && to !== 'redis') return ports[0]!;
    if (to !== 'postgres') return (await this.#hop(`${name}→${to}`, [...ports])).port;
    const cutter = await startCommitCutter(ports[0]!);
    this.commitCutters.set(name, cutter);
    return (await this.#hop(`${name}→postgres`, cutter.port)).port;
  }

  async #hop(name: string, target: number | number[]): Promise<TcpProxy> {
    const hop = await startTcpProxy(target);
    this.hops.set(name, hop);
    return hop;
  }

  async #createWorkspace(database: Database, slug: string): Promise<void> {
    const email = `owner@${slug}.example`;
    const { workspaceId, invitationToken } = await createWorkspaceWithOwner(database, {
      slug,
      name: slug,
      ownerEmail: email,
    });
    const accepted = await fetch(`${this.origins[0]}/auth/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: invitationToken, password }),
    });
    if (accepted.status !== 200) throw new Error(`The invitation was refused: ${await accepted.text()}`);
    this.workspaces.push({ slug, id: workspaceId, email, password });
  }
}

async function expectReady(origin: string): Promise<void> {
  const { status } = await fetch(`${origin}/health/ready`);
  if (status !== 200) throw new Error(`${origin} answers ${status}.`);
}
