import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import { roleUrl } from '@tributary/data';
import { clusterParts, settingsFor, type ClusterPartName } from '../../../parts.ts';
import { ServerProcess } from '../product/ServerProcess.js';
import type { ClusterSecrets } from './ClusterSecrets.js';
import { partNamed, partSettings } from './partSettings.js';
import { quietPort } from './quietPort.js';

export interface ClusterOptions {
  /** The root of the tree whose built files run: the project itself, or a copy with a guard taken away. */
  readonly tree: string;
  /** As a superuser; the processes get the roles' own URLs. */
  readonly databaseUrl: string;
  readonly passwords: { readonly app: string; readonly worker: string };
  /** Of a pooler in front of it, through which the subgraphs and workers go where they may. */
  readonly pooledPort?: number | null;
  readonly redisUrl: string;
  readonly secrets: ClusterSecrets;
  /** For uploads. */
  readonly folder: string;
  /** The processes of a part that has several, or none; by default there is one, named like its part. */
  readonly processes?: Partial<Readonly<Record<ClusterPartName, readonly string[]>>>;
  /** What a process of a part is told beside its secrets and where the others are. */
  readonly settings?: (part: ClusterPartName, name: string) => Readonly<Record<string, string>>;
  /** What runs instead of a part's own file, in a process of it. */
  readonly entry?: (part: ClusterPartName, name: string) => string | undefined;
  /**
   * Puts something between a process and what it talks to, which listens at these ports. Answers the port that the process is told, or
   * null: it is told of none. By default the first.
   */
  readonly between?: (
    name: string,
    to: 'postgres' | 'redis' | SubgraphName,
    ports: readonly number[],
  ) => Promise<number | null>;
  /** Sees every line that any process writes. */
  readonly onLine: (name: string, line: string) => void;
  /** Told when a process that nobody killed has ended. */
  readonly onCrash: (name: string, how: string) => void;
}

/** Every part of a cluster as processes of its own on this machine, each always on the same port. None runs until it is started. */
export class Cluster implements AsyncDisposable {
  readonly processes = new Map<string, ServerProcess>();
  readonly #options: ClusterOptions;
  readonly #ports = new Map<string, number>();

  private constructor(options: ClusterOptions) {
    this.#options = options;
  }

  static async of(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    mkdirSync(join(options.folder, 'uploads'), { recursive: true });
    for (const name of clusterParts.flatMap((part) => cluster.namesOf(part.name)))
      cluster.#ports.set(name, await quietPort());
    for (const { name: part } of clusterParts)
      for (const name of cluster.namesOf(part)) await cluster.#prepare(part, name);
    return cluster;
  }

  /** The processes of a part. */
  namesOf(part: ClusterPartName): readonly string[] {
    return this.#options.processes?.[part] ?? [part];
  }

  portOf(name: string): number {
    return this.#ports.get(name)!;
  }

  /** Of a process, without a path. */
  originOf(name: string): string {
    return `http://127.0.0.1:${this.portOf(name)}`;
  }

  /** Resolves when they take connections. */
  async start(names: Iterable<string> = this.processes.keys()): Promise<void> {
    await Promise.all([...names].map((name) => this.processes.get(name)!.start()));
  }

  /** There is nothing to save: what the processes did is in the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.processes.values()].map((each) => each.kill()));
  }

  async #prepare(part: ClusterPartName, name: string): Promise<void> {
    const { tree, onLine, onCrash, entry } = this.#options;
    const server = new ServerProcess({
      name,
      tree,
      file: entry?.(part, name) ?? partNamed(part).entry,
      port: this.portOf(name),
      settings: await this.#settingsOf(part, name),
      onLine: (line) => onLine(name, line),
      onCrash: (how) => onCrash(name, how),
    });
    this.processes.set(name, server);
  }

  async #settingsOf(part: ClusterPartName, name: string): Promise<Record<string, string>> {
    const { databaseUrl, pooledPort = null, passwords, redisUrl, secrets, folder, settings } = this.#options;
    const seen = new Map<SubgraphName, number | null>();
    for (const subgraph of subgraphNames)
      seen.set(
        subgraph,
        await this.#reach(
          name,
          subgraph,
          this.namesOf(subgraph).map((each) => this.portOf(each)),
        ),
      );
    const database =
      part === 'gateway' ? null : await this.#reach(name, 'postgres', [pooledPort ?? portIn(databaseUrl)]);
    const redis = await this.#reach(name, 'redis', [portIn(redisUrl)]);
    const told = settingsFor(partNamed(part), {
      ...(database === null
        ? {}
        : {
            DATABASE_URL: withPort(roleUrl(databaseUrl, 'app', passwords.app), database),
            // What holds locks and listens goes past a pooler.
            WORKER_DATABASE_URL: withPort(
              roleUrl(databaseUrl, 'worker', passwords.worker),
              pooledPort === null ? database : portIn(databaseUrl),
            ),
            DATABASE_POOLER: pooledPort === null ? 'none' : 'transaction',
          }),
      ...(redis === null ? {} : { REDIS_URL: withPort(redisUrl, redis) }),
      UPLOADS_DIRECTORY: join(folder, 'uploads'),
      UPLOADS_SHARED: 'true',
    });
    const gateway = this.portOf(this.namesOf('gateway')[0]!);
    const origins = (each: SubgraphName | 'gateway') =>
      `http://127.0.0.1:${each === 'gateway' ? gateway : seen.get(each)}`;
    return { ...partSettings(part, secrets, origins), ...told, ...settings?.(part, name) };
  }

  #reach(name: string, to: 'postgres' | 'redis' | SubgraphName, ports: readonly number[]): Promise<number | null> {
    return this.#options.between?.(name, to, ports) ?? Promise.resolve(ports[0]!);
  }
}

const portIn = (url: string): number => Number(new URL(url).port);

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
