// One tenant-bound read beside a bare one, of the checkout that the first argument names: a process of its own, so that the CPU time of
// Node can be told apart. Measures a round for each message, which names the callers, and answers CPU milliseconds a read.
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { cpuMilliseconds } from '@tributary/kit/measure';

const reads = 2_000;
const checkout = resolve(process.argv[2]!);
const built = (path: string): Promise<any> => import(pathToFileURL(join(checkout, path, 'dist/index.js')).href);
const { Database, sql, unfilteredSql } = await built('packages/data');
const { createLogger } = await built('packages/observability');
// Where an older checkout has it.
const { startTestDatabase } = await built('kit').catch(() => built('packages/testing'));

const cluster = await startTestDatabase();
const workspaceId = '0190a000-0000-7000-8000-000000000001';
const admin = new pg.Client({ connectionString: cluster.superuserUrl });
await admin.connect();
await admin.query(`insert into workspace (workspace_id, slug, name) values ($1, 'probe', 'Probe')`, [workspaceId]);

const text = 'select workspace_id, slug, name, status, created_at from workspace where workspace_id = $1';
const poolSize = 10;
const database = await Database.open({
  url: cluster.appUrl,
  entities: [],
  logger: createLogger({ name: 'probe', level: 'warn' }),
  poolSize,
});
// A checkout from before the handle bound the workspace is given it as a value.
const statement = sql('probe.read', text, unfilteredSql ? [] : [workspaceId]);
// As superuser, past row-level security: no more than a driver and its pool.
const pool = new pg.Pool({ connectionString: cluster.superuserUrl, max: poolSize });

const bound = () => database.read({ workspaceId }, statement);
const bare = () => pool.query({ name: 'probe_bare', text, values: [workspaceId] });

process.on('message', ({ callers }: { callers: number }) => {
  void (async () => {
    process.send!({ bound: await costOf(bound, callers), bare: await costOf(bare, callers) });
  })();
});
process.on('disconnect', () => {
  void (async () => {
    await Promise.all([database.close(), pool.end(), admin.end()]);
    await cluster[Symbol.asyncDispose]();
    process.exit(0);
  })();
});
process.send!({ ready: true });

/** CPU milliseconds of this process and of PostgreSQL's for one read. */
async function costOf(read: () => Promise<unknown>, callers: number): Promise<number> {
  for (let warm = 0; warm < 100; warm += 1) await read();
  const backends = await backendPids();
  const before = cpuMilliseconds(backends);
  const own = process.cpuUsage();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let read_ = 0; read_ < reads / callers; read_ += 1) await read();
    }),
  );
  const { user, system } = process.cpuUsage(own);
  return ((user + system) / 1_000 + cpuMilliseconds(backends) - before) / reads;
}

async function backendPids(): Promise<number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  return rows.map(({ pid }) => pid);
}
