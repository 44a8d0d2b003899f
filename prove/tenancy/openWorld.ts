import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import pg from 'pg';
import type { DatabaseEngine } from '@tributary/data';
import {
  newDataFolder,
  Random,
  startTestDatabase,
  startTestRedis,
  type TestDatabase,
  type TestRedis,
} from '@tributary/kit';
import { makeClusterSecrets, type ClusterSecrets } from '@tributary/kit/cluster';
import { declaredActions } from './net/authority.ts';
import { Coverage } from './net/Coverage.ts';
import { Judge, type Oracle } from './net/Judge.ts';
import type { Net } from './net/Net.ts';
import { readRightfully } from './net/readRightfully.ts';
import { everythingOf, makeTemplates } from './net/templates.ts';
import { NetCluster } from './system/NetCluster.ts';
import { startCitus } from './startCitus.ts';
import { Canaries, letters } from './world/canaries.ts';
import { fillWorkspace } from './world/fillWorkspace.ts';
import { freeze } from './world/freeze.ts';
import { gatherPeople } from './world/people.ts';
import { fillNotifications } from './world/fillNotifications.ts';
import { plantCanaries } from './world/plantCanaries.ts';
import { readWorld, type World } from './world/World.ts';

/** Three filled workspaces in a database of their own, with what is needed to start clusters on it or on copies of it. */
export interface OpenWorld extends AsyncDisposable {
  readonly root: string;
  readonly engine: DatabaseEngine;
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly secrets: ClusterSecrets;
  readonly canaries: Canaries;
  readonly worlds: Net['worlds'];
  readonly folder: string;
  readonly storedOperations: string;
  readonly schema: Net['schema'];
  readonly templates: Net['templates'];
  readonly actionOf: Net['actionOf'];
  readonly everything: readonly string[];
  readonly planted: number;
  /** A database that stands as it was before the first attack: a template. Citus has none. */
  readonly snapshot: string | null;
}

/** What the processes have said until somebody judges it. */
export class Logs {
  readonly lines: { part: string; line: string }[] = [];

  readonly hear = (part: string, line: string): void => {
    this.lines.push({ part, line });
  };

  /** Takes what was said since the last time. */
  take(): { part: string; line: string }[] {
    return this.lines.splice(0);
  }
}

export const root = join(import.meta.dirname, '..', '..');

/** Starts a cluster, fills the workspaces through its API, plants the canaries, and leaves everything as it then stands. */
export async function openWorld(
  seed: string,
  logs: Logs,
  engine: DatabaseEngine = 'postgresql',
): Promise<OpenWorld & { readonly cluster: NetCluster }> {
  const folder = newDataFolder('tenancy');
  const schema = buildSchema(readFileSync(join(root, 'schema', 'api.graphql'), 'utf8'));
  const templates = makeTemplates(schema);
  const storedOperations = join(folder, 'operations.json');
  writeFileSync(
    storedOperations,
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: templates.map(({ target, document }) => ({ id: target, body: document })),
    }),
  );
  const [database, redis] = await Promise.all([
    engine === 'citus' ? startCitus() : startTestDatabase(),
    startTestRedis(),
  ]);
  const secrets = makeClusterSecrets();
  const close = async (): Promise<void> => {
    await redis[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  let cluster: NetCluster | null = null;
  try {
    const { superuserUrl: databaseUrl, passwords } = database;
    const shared = { databaseUrl, passwords, redisUrl: redis.url, secrets, folder, storedOperations };
    cluster = await NetCluster.start({ ...shared, tree: root, engine, onLog: logs.hear });
    await cluster.startWorker();
    const canaries = new Canaries(seed);
    const { origin } = cluster;
    const everybody = [];
    for (const letter of letters)
      everybody.push(await gatherPeople(origin, letter, { databaseUrl, engine, passwords, secrets, canaries }));
    const filled = await Promise.all(everybody.map((people) => fillWorkspace(origin, people, canaries)));
    await cluster.stopWorker();
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    const worlds: World[] = [];
    let planted: number;
    try {
      await freeze(admin);
      for (const { workspaceId } of everybody) await fillNotifications(admin, workspaceId);
      planted = await plantCanaries(admin, canaries, everybody);
      for (const [index, people] of everybody.entries()) worlds.push(await readWorld(admin, people, filled[index]!));
    } finally {
      await admin.end();
    }
    const snapshot = engine === 'citus' ? null : await snapshotOf(database);
    return {
      root,
      snapshot,
      engine,
      database,
      redis,
      secrets,
      canaries,
      worlds: { a: worlds[0]!, b: worlds[1]!, c: worlds[2]! },
      folder,
      storedOperations,
      schema,
      templates,
      actionOf: await declaredActions(),
      everything: everythingOf(schema),
      planted,
      cluster,
      async [Symbol.asyncDispose]() {
        await cluster?.[Symbol.asyncDispose]();
        await close();
      },
    };
  } catch (error) {
    await cluster?.[Symbol.asyncDispose]();
    await close();
    throw error;
  }
}

/** Copies a database. Nobody may be connected meanwhile: the product comes back by itself. */
async function snapshotOf({ name, superuserUrl }: TestDatabase): Promise<string> {
  const url = new URL(superuserUrl);
  url.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  try {
    await admin.query(`alter database ${name} with allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    for (;;) {
      const { rowCount } = await admin.query('select from pg_stat_activity where datname = $1', [name]);
      if (rowCount === 0) break;
    }
    await admin.query(`create database ${name}_before template ${name}`);
    await admin.query(`alter database ${name} with allow_connections true`);
    return `${name}_before`;
  } finally {
    await admin.end();
  }
}

/** A net over a running cluster. */
export async function castNet(
  world: OpenWorld,
  target: { readonly cluster: NetCluster; readonly databaseUrl: string; readonly admin: pg.Client },
  options: { readonly seed: string; readonly stopAt: readonly Oracle[] },
): Promise<Net> {
  const net: Net = {
    ...target,
    engine: world.engine,
    passwords: world.database.passwords,
    secrets: world.secrets,
    root: world.root,
    worlds: world.worlds,
    schema: world.schema,
    templates: world.templates,
    actionOf: world.actionOf,
    judge: new Judge(world.worlds, world.canaries, options),
    coverage: new Coverage(world.everything),
    random: new Random(options.seed),
    counts: { probes: 0, requests: 0 },
  };
  for (const each of Object.values(net.worlds)) if (each.cursors.size === 0) await readRightfully(net, each);
  return net;
}
