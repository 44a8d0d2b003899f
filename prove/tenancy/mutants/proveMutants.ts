import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Random } from '@tributary/kit';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { castEverything, type Part } from '../net/castEverything.ts';
import { Caught } from '../net/Judge.ts';
import type { RedisWatch } from '../net/RedisWatch.ts';
import { castNet, Logs, type OpenWorld } from '../openWorld.ts';
import { NetCluster } from '../system/NetCluster.ts';
import { mutants, type Mutant } from './mutants.ts';
import { TreeCopy } from './TreeCopy.ts';

/** Parts of the net that speak SQL, or load packages, themselves. */
const withoutProcesses: ReadonlySet<Part> = new Set(['locks', 'handles']);

/** Takes guards away one by one, each from a cluster of its own on a copy of the database. Answers whether the net saw each. */
export async function proveMutants(
  world: OpenWorld,
  redis: RedisWatch,
  options: { readonly seed: string; readonly count: number; readonly only: readonly string[] },
): Promise<boolean> {
  const chosen = new Random(`${options.seed} mutants`)
    .shuffled(mutants.filter(({ name }) => options.only.some((part) => name.includes(part))))
    .slice(0, options.count);
  using tree = TreeCopy.of(world.root);
  const rows: TableRow[] = [];
  for (const mutant of chosen) {
    const started = performance.now();
    // One that cannot run is as bad as one that survives, and no reason to skip the others.
    const seen = await attackMutant(world, redis, tree, mutant, options.seed).catch((error: unknown) => {
      console.log(`${mutant.name} could not run: ${String(error).slice(0, 600)}`);
      return null;
    });
    console.log(`Without ${mutant.guard}: ${seen ?? 'SURVIVED'}`);
    rows.push({
      mutant: mutant.name,
      'taken away': mutant.guard,
      'seen by': seen ?? 'SURVIVED',
      seconds: ((performance.now() - started) / 1000).toFixed(1),
    });
  }
  printTable(rows);
  const caught = rows.filter((row) => row['seen by'] !== 'SURVIVED').length;
  console.log(`Mutants caught: ${caught} of ${rows.length} (${mutants.length} known).`);
  return caught === rows.length;
}

async function attackMutant(
  world: OpenWorld,
  redis: RedisWatch,
  tree: TreeCopy,
  mutant: Mutant,
  seed: string,
): Promise<string | null> {
  const { cursors } = world.worlds.b;
  const handedOut = [...cursors];
  const database = await copyDatabase(world);
  const admin = new pg.Client({ connectionString: database.url });
  const logs = new Logs();
  await admin.connect();
  try {
    for (const statement of mutant.sql ?? []) await admin.query(statement);
    tree.change(mutant.edits ?? []);
    const asksProcesses = mutant.parts.some((part) => !withoutProcesses.has(part));
    await using cluster = await NetCluster[asksProcesses ? 'start' : 'notStarted']({
      tree: mutant.edits ? tree.folder : world.root,
      databaseUrl: database.url,
      passwords: world.database.passwords,
      redisUrl: world.redis.url,
      secrets: world.secrets,
      folder: world.folder,
      storedOperations: world.storedOperations,
      onLog: logs.hear,
    });
    if (mutant.ownCursors) cursors.clear();
    const net = await castNet(world, { cluster, databaseUrl: database.url, admin }, { seed, stopAt: mutant.by });
    try {
      await castEverything(net, { logs, redis }, { order: mutant.parts, most: 0 });
      return null;
    } catch (error) {
      if (error instanceof Caught) return `${error.finding.oracle}: ${error.finding.where}`.slice(0, 90);
      throw error;
    }
  } finally {
    cursors.clear();
    for (const [name, cursor] of handedOut) cursors.set(name, cursor);
    tree.restore();
    for (const statement of mutant.undo ?? []) await admin.query(statement);
    await admin.end();
    await database.drop();
  }
}

async function copyDatabase(world: OpenWorld): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `mutant_${randomBytes(6).toString('hex')}`;
  const onServer = async (statement: string): Promise<void> => {
    const url = new URL(world.database.superuserUrl);
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await onServer(`create database ${name} template ${world.snapshot}`);
  const url = new URL(world.database.superuserUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
}
