import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { Database, migrate, roleUrl } from '@tributary/data';
import { eventually, newDataFolder, startTcpProxy, startTestDatabase, startTestRedis } from '@tributary/kit';
import { postJson } from '@tributary/kit/client';
import { Cluster, makeClusterSecrets } from '@tributary/kit/cluster';
import { installJobs, migrations } from '@tributary/migrations';
import { createLogger } from '@tributary/observability';
import { createWorkspaceWithOwner, workspaceSubgraph } from '@tributary/subgraph-workspace';

export interface DeployOptions {
  /** Names of the processes of the gateway. */
  readonly gateways: readonly string[];
  readonly processesOfSubgraph: number;
  /** What runs instead of the gateway's own file, in a process of it. */
  readonly gatewayEntry?: (name: string) => string | undefined;
  readonly gatewaySettings?: (name: string) => Readonly<Record<string, string>>;
  readonly subgraphSettings?: Readonly<Record<string, string>>;
  /** Starts what stands beside it and a gateway needs, once the processes run and before they are waited for. */
  readonly beside?: (cluster: Cluster) => Promise<AsyncDisposable>;
}

/** A cluster whose processes are replaced while it is used. */
export class DeployCluster implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly crashes: string[] = [];
  readonly #opened: AsyncDisposableStack;

  private constructor(cluster: Cluster, opened: AsyncDisposableStack, crashes: string[]) {
    this.cluster = cluster;
    this.#opened = opened;
    this.crashes = crashes;
  }

  static async start(options: DeployOptions): Promise<DeployCluster> {
    await using opened = new AsyncDisposableStack();
    const folder = newDataFolder('deploys');
    opened.defer(() => rmSync(folder, { recursive: true, force: true }));
    const database = opened.use(await startTestDatabase({ empty: true }));
    const redis = opened.use(await startTestRedis());
    const makePassword = () => randomBytes(24).toString('hex');
    const passwords = { migrator: makePassword(), app: makePassword(), worker: makePassword() };
    await migrate({ adminUrl: database.superuserUrl, migrations, installJobs, passwords });
    const crashes: string[] = [];
    const cluster = opened.use(
      await Cluster.of({
        tree: fileURLToPath(new URL('../..', import.meta.url)),
        databaseUrl: database.superuserUrl,
        passwords,
        redisUrl: redis.url,
        secrets: makeClusterSecrets(),
        folder,
        processes: {
          gateway: options.gateways,
          ...Object.fromEntries(subgraphNames.map((name) => [name, processesOf(name, options.processesOfSubgraph)])),
        },
        settings: (part, name) => ({
          LOG_LEVEL: 'warn',
          ...(part === 'gateway'
            ? {
                SOCKETS_PER_PERSON: '20000',
                REQUESTS_PER_MINUTE: '0',
                COST_PER_MINUTE: '0',
                ...options.gatewaySettings?.(name),
              }
            : options.subgraphSettings),
        }),
        entry: (part, name) => (part === 'gateway' ? options.gatewayEntry?.(name) : undefined),
        between: async (_name, to, ports) =>
          // What a Service is on Kubernetes.
          to === 'postgres' || to === 'redis' ? ports[0]! : opened.use(await proxyTo(ports)).port,
        onLine: (name, line) => appendFileSync(join(folder, `${name}.log`), `${line}\n`),
        onCrash: (name, how) => crashes.push(`${name} ended by itself with ${how}`),
      }),
    );
    await cluster.start();
    if (options.beside) opened.use(await options.beside(cluster));
    for (const name of options.gateways)
      await eventually(() => expectReady(cluster.originOf(name)), { timeoutMs: 60_000 });
    await makeWorkspace(roleUrl(database.superuserUrl, 'app', passwords.app), cluster.originOf(options.gateways[0]!));
    return new DeployCluster(cluster, opened.move(), crashes);
  }

  /** Stops a process as an orchestrator does, starts it again, and resolves when it is ready. Answers whether it ended in order, and how soon. */
  async replace(name: string): Promise<{ readonly inOrder: boolean; readonly stopSeconds: number }> {
    const server = this.cluster.processes.get(name)!;
    const started = performance.now();
    const inOrder = await server.stop(20_000);
    const stopSeconds = (performance.now() - started) / 1_000;
    await server.startAgain();
    await eventually(() => expectReady(this.cluster.originOf(name)), { timeoutMs: 60_000 });
    return { inOrder, stopSeconds };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

function processesOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

async function proxyTo(ports: readonly number[]): Promise<AsyncDisposable & { readonly port: number }> {
  const proxy = await startTcpProxy(ports);
  return { port: proxy.port, [Symbol.asyncDispose]: () => proxy.close() };
}

async function makeWorkspace(databaseUrl: string, origin: string): Promise<void> {
  const entities = workspaceSubgraph({ accessTokens: null }).tables;
  const logger = createLogger({ name: 'deploys', level: 'silent' });
  await using database = await Database.open({ url: databaseUrl, entities, logger, poolSize: 1 });
  const { invitationToken } = await createWorkspaceWithOwner(database, {
    slug: 'acme',
    name: 'acme',
    ownerEmail: 'owner@acme.example',
  });
  const accepted = await postJson(`${origin}/auth/accept`, { token: invitationToken, password: 'tributary-demo' });
  if (accepted.status !== 200) throw new Error(`The invitation was refused: ${accepted.text}`);
}

async function expectReady(origin: string): Promise<void> {
  const { status } = await fetch(`${origin}/health/ready`);
  if (status !== 200) throw new Error(`${origin} answers ${status}.`);
}
