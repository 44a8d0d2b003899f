import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import { Database, migrate, roleUrl } from '@tributary/data';
import { installJobs, migrations } from '@tributary/migrations';
import { createLogger } from '@tributary/observability';
import { createWorkspaceWithOwner, workspaceSubgraph } from '@tributary/subgraph-workspace';
import {
  eventually,
  freePort,
  newDataFolder,
  ServerProcess,
  startCommitCutter,
  startTcpProxy,
  startTestRedis,
  type CommitCutter,
  type TcpProxy,
  type TestRedis,
} from '@tributary/kit';
import { makeClusterSecrets, partNamed, partSettings } from '@tributary/kit/cluster';
import type { ClusterPartName } from '../../../parts.ts';
import { PostgresServer } from './PostgresServer.ts';

/** `control`: flow streams are the usual backlog, then pub/sub. */
export type Build = 'product' | 'control';

export interface Workspace {
  readonly slug: string;
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** Every process of it, and a proxy between any two that talk. No worker runs phases: runners from outside make the flows here. */
const gateways = ['gateway-1', 'gateway-2'];
const subgraphs = Object.fromEntries(
  subgraphNames.map((name) => [name, name === 'flow' ? ['flow-1', 'flow-2'] : [name]]),
) as unknown as Readonly<Record<SubgraphName, readonly [string, ...string[]]>>;
const workers = ['worker-1', 'worker-2'];

const root = fileURLToPath(new URL('../../..', import.meta.url));
const password = 'a-password-of-chaos';

/** Cluster mode in processes on this machine, where everything can be killed, stopped, cut and stalled. */
export class Cluster implements AsyncDisposable {
  readonly processes = new Map<string, ServerProcess>();
  /** By name: who connects, then to what, such as `flow-1→postgres`. */
  readonly hops = new Map<string, TcpProxy>();
  /** Between PostgreSQL and each process that writes events. */
  readonly commitCutters = new Map<string, CommitCutter>();
  /** Processes that ended without being killed: faults of the product. */
  readonly crashes: string[] = [];
  readonly workspaces: Workspace[] = [];
  readonly #folder: string;
  readonly postgres: PostgresServer;
  readonly redis: TestRedis;

  private constructor(folder: string, postgres: PostgresServer, redis: TestRedis) {
    this.#folder = folder;
    this.postgres = postgres;
    this.redis = redis;
  }

  static async start(options: { readonly build: Build; readonly workspaces: readonly string[] }): Promise<Cluster> {
    const folder = newDataFolder('chaos');
    mkdirSync(join(folder, 'uploads'));
    const [postgres, redis] = await Promise.all([PostgresServer.start(join(folder, 'postgres')), startTestRedis()]);
    const cluster = new Cluster(folder, postgres, redis);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void cluster[Symbol.asyncDispose]().finally(() => process.exit(1)));
    try {
      await cluster.#open(options.build, options.workspaces);
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
    await Promise.all([...this.processes.values()].map((each) => each.kill()));
    await Promise.all([...this.hops.values(), ...this.commitCutters.values()].map((hop) => hop.close()));
    await this.redis[Symbol.asyncDispose]();
    await this.postgres.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #open(build: Build, slugs: readonly string[]): Promise<void> {
    const makePassword = () => randomBytes(24).toString('base64url');
    const passwords = { migrator: makePassword(), app: makePassword(), worker: makePassword() };
    await migrate({ adminUrl: this.postgres.url, migrations, installJobs, passwords });
    await this.#startProcesses(build, passwords);
    await using database = await Database.open({
      url: roleUrl(this.postgres.url, 'app', passwords.app),
      entities: workspaceSubgraph({ accessTokens: null }).tables,
      logger: createLogger({ name: 'chaos', level: 'silent' }),
      poolSize: 1,
    });
    for (const slug of slugs) await this.#createWorkspace(database, slug);
  }

  async #startProcesses(build: Build, passwords: Readonly<Record<'app' | 'worker', string>>): Promise<void> {
    const secrets = makeClusterSecrets();
    const ports = new Map<string, number>();
    for (const name of [...gateways, ...Object.values(subgraphs).flat(), ...workers]) ports.set(name, await freePort());
    const direct = (subgraph: SubgraphName) => ports.get(subgraphs[subgraph][0])!;
    const settingsOf = (part: ClusterPartName, portOf: (subgraph: SubgraphName) => number) => ({
      LOG_LEVEL: 'warn',
      ...partSettings(part, secrets, (name) => `http://127.0.0.1:${portOf(name)}`),
    });
    /** Where a process that writes reaches PostgreSQL and Redis. */
    const stores = async (name: string) => {
      const cutter = await startCommitCutter(this.postgres.port);
      this.commitCutters.set(name, cutter);
      const database = await this.#hop(`${name}→postgres`, cutter.port);
      const redis = await this.#hop(`${name}→redis`, this.redis.port);
      const urlOf = (role: 'app' | 'worker') => {
        const url = new URL(roleUrl(this.postgres.url, role, passwords[role]));
        url.port = String(database.port);
        return url.href;
      };
      return {
        DATABASE_URL: urlOf('app'),
        WORKER_DATABASE_URL: urlOf('worker'),
        REDIS_URL: `redis://127.0.0.1:${redis.port}`,
        UPLOADS_DIRECTORY: join(this.#folder, 'uploads'),
        UPLOADS_SHARED: 'true',
      };
    };
    for (const name of workers) {
      const settings = { ...settingsOf('worker', direct), ...(await stores(name)), WORKER_RUNS: 'reactions' };
      this.#add(name, ports, 'worker/dist/main.js', settings);
    }
    for (const subgraph of subgraphNames) {
      for (const name of subgraphs[subgraph]) {
        const isControl = build === 'control' && subgraph === 'flow';
        this.#add(name, ports, isControl ? 'prove/chaos/control/flowMain.ts' : partNamed(subgraph).entry, {
          ...settingsOf(subgraph, direct),
          ...(await stores(name)),
        });
      }
    }
    for (const name of gateways) {
      const seen = new Map<SubgraphName, TcpProxy>();
      for (const subgraph of subgraphNames) {
        const replicas = subgraphs[subgraph].map((replica) => ports.get(replica)!);
        seen.set(subgraph, await this.#hop(`${name}→${subgraph}`, replicas));
      }
      const settings = settingsOf('gateway', (subgraph) => seen.get(subgraph)!.port);
      this.#add(name, ports, partNamed('gateway').entry, settings);
      await this.#hop(`client→${name}`, ports.get(name)!);
    }
    await this.#hop(
      'client→gateways',
      gateways.map((name) => ports.get(name)!),
    );
    await Promise.all([...this.processes.values()].map((each) => each.start()));
    await Promise.all(this.origins.map((origin) => eventually(() => expectReady(origin), { timeoutMs: 30_000 })));
  }

  async #hop(name: string, target: number | number[]): Promise<TcpProxy> {
    const hop = await startTcpProxy(target);
    this.hops.set(name, hop);
    return hop;
  }

  #add(name: string, ports: Map<string, number>, file: string, settings: Record<string, string>): void {
    const server = new ServerProcess({
      name,
      tree: root,
      file,
      port: ports.get(name)!,
      settings,
      onLine: (line) => appendFileSync(join(this.#folder, `${name}.log`), `${line}\n`),
      onCrash: (how) => {
        this.crashes.push(`${name} ended by itself with ${how}`);
        void server.startAgain();
      },
    });
    this.processes.set(name, server);
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
