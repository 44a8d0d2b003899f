import { EmbeddedPostgres } from '@tributary/postgres';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A throw-away PostgreSQL that all test databases of a run share. */
export interface TestCluster {
  /** Of the superuser, in database `postgres`. */
  readonly superuserUrl: string;
  /** To be called by each user of it once. */
  release(): Promise<void>;
}

/** Where jest's global setup (jest/globalSetup.mjs) hands out the address of the run's cluster. */
const addressOfRun = 'TRIBUTARY_TEST_CLUSTER';

/** The cluster of this jest run; outside jest (a benchmark, a chaos run) one of this process, for as long as it is used. */
export async function testCluster(): Promise<TestCluster> {
  const address = process.env[addressOfRun];
  if (!address) return clusterOfProcess();
  const response = await fetch(address, { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return { superuserUrl: text, release: () => Promise.resolve() };
}

/** A cluster for one user alone. */
export async function separateCluster(): Promise<TestCluster> {
  const cluster = await startTestCluster();
  return { superuserUrl: cluster.url(), release: () => cluster.destroy() };
}

let own: Promise<EmbeddedPostgres> | null = null;
let users = 0;

async function clusterOfProcess(): Promise<TestCluster> {
  users += 1;
  own ??= startTestCluster();
  const release = async () => {
    users -= 1;
    if (users > 0 || !own) return;
    const cluster = own;
    own = null;
    await (await cluster).destroy();
  };
  try {
    return { superuserUrl: (await own).url(), release };
  } catch (error) {
    users -= 1;
    own = null;
    throw error;
  }
}

const folderName = /^tributary-cluster-(\d+)-[0-9a-f]+$/;

/** Starts a cluster in the temporary folder that forgoes durability for speed. `destroy()` deletes it. */
export function startTestCluster(): Promise<EmbeddedPostgres> {
  deleteLeftovers();
  return EmbeddedPostgres.start({
    dataDirectory: path.join(tmpdir(), `tributary-cluster-${process.pid}-${randomBytes(4).toString('hex')}`),
    durable: false,
    maxConnections: 400,
    settings: { shared_buffers: '128MB', max_wal_size: '512MB', wal_level: 'minimal', max_wal_senders: '0' },
  });
}

/** Of runs that were killed: their servers end by themselves, their folders stay. */
function deleteLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(folderName.exec(name)?.[1]);
    if (pid && !processExists(pid)) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
