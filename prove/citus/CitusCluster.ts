import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CitusNode } from './CitusNode.ts';
import { withAdmin } from './shards.ts';

/** Roles of the product that the coordinator is, on a worker, when it acts for them. */
const roles = 'owner,resolver,app,worker,migrator';

/** The cluster's nodes: on this machine they all are 127.0.0.1. */
const nodesAddress = '127.0.0.1/32';

/** People and the product come to the coordinator by password; owner and resolver from nodes alone: it is one, and writes its own copies so. */
const coordinatorAdmits = [
  `host all owner,resolver ${nodesAddress} trust`,
  'host all owner,resolver all reject',
  `host all all ${nodesAddress} scram-sha-256`,
  `host replication postgres ${nodesAddress} scram-sha-256`,
];
/** To a worker only nodes come; roles without a password are trusted from their addresses alone. */
const workerAdmits = [
  `host all ${roles} ${nodesAddress} trust`,
  `host all postgres ${nodesAddress} scram-sha-256`,
  `host replication postgres ${nodesAddress} scram-sha-256`,
];

/** A coordinator and two workers on this machine, made for one proof, with an empty database. Needs Citus beside Debian's PostgreSQL. */
export class CitusCluster implements AsyncDisposable {
  readonly coordinator: CitusNode;
  readonly workers: CitusNode[];
  readonly #folder: string;
  readonly #create: (name: string, admits: readonly string[]) => Promise<CitusNode>;

  private constructor(
    coordinator: CitusNode,
    workers: CitusNode[],
    folder: string,
    create: (name: string, admits: readonly string[]) => Promise<CitusNode>,
  ) {
    this.coordinator = coordinator;
    this.workers = workers;
    this.#folder = folder;
    this.#create = create;
  }

  static async start(database: string): Promise<CitusCluster> {
    const programs = findPrograms();
    const folder = mkdtempSync(join(tmpdir(), 'tributary-citus-'));
    chmodSync(folder, 0o711);
    const password = randomBytes(16).toString('hex');
    const create = (name: string, admits: readonly string[]) =>
      CitusNode.create({ programs, folder: join(folder, name), password, admits });
    const coordinator = await create('coordinator', coordinatorAdmits);
    const workers = [await create('worker-1', workerAdmits), await create('worker-2', workerAdmits)];
    const cluster = new CitusCluster(coordinator, workers, folder, create);
    await cluster.addDatabase(database);
    return cluster;
  }

  /** An empty database on every node. Answers its URL at the coordinator. */
  async addDatabase(name: string): Promise<string> {
    for (const node of [this.coordinator, ...this.workers])
      await query(node.url('postgres'), `create database ${name}`);
    return this.joinDatabase(name);
  }

  /** Makes a database that is on every node one of Citus', as an operator does. Answers its URL at the coordinator. */
  async joinDatabase(name: string): Promise<string> {
    const url = this.coordinator.url(name);
    for (const node of [this.coordinator, ...this.workers])
      await query(node.url(name), 'create extension if not exists citus');
    await query(url, `select citus_set_coordinator_host('127.0.0.1', ${this.coordinator.port})`);
    for (const { port } of this.workers) await query(url, `select citus_add_node('127.0.0.1', ${port})`);
    return url;
  }

  /** One worker more, for this database. */
  async addWorker(database: string): Promise<CitusNode> {
    const worker = await this.#create(`worker-${this.workers.length + 1}`, workerAdmits);
    this.workers.push(worker);
    await query(worker.url('postgres'), `create database ${database}`);
    await query(worker.url(database), 'create extension citus');
    await query(this.coordinator.url(database), `select citus_add_node('127.0.0.1', ${worker.port})`);
    return worker;
  }

  async dropDatabase(name: string): Promise<void> {
    for (const node of [this.coordinator, ...this.workers])
      await query(node.url('postgres'), `drop database ${name} with (force)`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.coordinator, ...this.workers].map((node) => node.kill()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Where PostgreSQL's programs are: those that `pg_config` tells of, or Debian's. Throws when Citus is not beside them. */
function findPrograms(): string {
  const places = [process.env['PG_CONFIG'] ?? 'pg_config', '/usr/lib/postgresql/15/bin/pg_config'];
  for (const pgConfig of places) {
    try {
      const ask = (what: string) => execFileSync(pgConfig, [what], { encoding: 'utf8', stdio: 'pipe' }).trim();
      const programs = ask('--bindir');
      if (existsSync(join(ask('--pkglibdir'), 'citus.so')) && existsSync(join(programs, 'initdb'))) return programs;
    } catch {
      // Not here.
    }
  }
  throw new Error(
    'Citus is not installed beside a PostgreSQL here (PG_CONFIG names its pg_config). Build it as docs/operating.md says, or name a cluster with --url.',
  );
}

async function query(url: string, text: string): Promise<void> {
  await withAdmin(url, (admin) => admin.query(text));
}
