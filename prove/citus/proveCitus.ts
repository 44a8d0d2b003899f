// `npm run prove:citus`: the product over Citus, beside plain PostgreSQL and PgBouncer. With `--start` over a cluster of its own (Citus beside
// this machine's PostgreSQL, see docs/operating.md), with `--url postgres://superuser@coordinator/empty_database` over a real one, where no
// worker is taken away. `--only citus` leaves out what it is compared with.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, roleUrl } from '@tributary/data';
import { startPgBouncer, startTestDatabase } from '@tributary/kit';
import { printTable } from '@tributary/kit/measure';
import { installJobs, migrations, onCitus } from '@tributary/migrations';
import { CitusCluster } from './CitusCluster.ts';
import { costOf, costOfPage, type Cost } from './cost.ts';
import { foreignRows } from './foreignRows.ts';
import { grown } from './grown.ts';
import { outage } from './outage.ts';
import { makeWorkspace, ownerOf, type Slug } from './people.ts';
import { Product, type ProductOptions } from './Product.ts';
import { refusedStatements } from './refusedStatements.ts';
import { leftovers, placeOf, withAdmin } from './shards.ts';
import { whileShardsMove } from './whileShardsMove.ts';
import { faultsOf, smoke, type SmokeStep } from '../smoke/smoke.ts';
import { openDoors } from './strangers.ts';

const { values: flags } = parseArgs({
  options: { url: { type: 'string' }, start: { type: 'boolean', default: false }, only: { type: 'string' } },
});
if (!flags.url === !flags.start) {
  console.error(
    'Name the coordinator of a Citus cluster with --url postgres://…, or let one be started here with --start.',
  );
  process.exit(2);
}
const passwords = { migrator: 'migrator-of-a-proof', app: 'app-of-a-proof', worker: 'worker-of-a-proof' };
const faults: string[] = [];
const smokes = new Map<string, SmokeStep[]>();
const costs = new Map<string, Cost>();
const pages = new Map<string, number>();

await using opened = new AsyncDisposableStack();
if (flags.only !== 'citus') await beside();
const cluster = flags.start ? opened.use(await CitusCluster.start('tributary')) : null;
const databaseUrl = flags.url ?? cluster!.coordinator.url('tributary');
const urls = {
  admin: databaseUrl,
  app: roleUrl(databaseUrl, 'app', passwords.app),
  worker: roleUrl(databaseUrl, 'worker', passwords.worker),
};
const begun = performance.now();
await toCitus();
console.log(`Migrated to Citus in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
const statements = await refusedStatements(urls);
for (const { statement, message } of statements.refused) faults.push(`refused: ${statement}: ${message}`);
console.log(`${statements.sent} statements, look-ups and acts of upkeep sent, ${statements.refused.length} refused.`);
{
  await using product = await Product.start({ engine: 'citus', databaseUrl, passwords });
  await product.untilReady();
  await runSmoke('citus', product);
  await makeWorkspace(product, 'globex');
  await operators(product);
  const known = product.complaints.length;
  await movement(product);
  for (const complaint of product.complaints.slice(known)) faults.push(`while shards moved: ${complaint}`);
  await attempt('audit:verify behind all moves', async () => void (await product.operate('auditVerifyMain.js', [])));
  await tenants();
  if (cluster) await withoutWorker(product, cluster);
}
costs.set('citus', { ...(await costOf('citus', urls)), pageMs: pages.get('citus')! });
tell();

/** As an operator does it at the first time, and behind each worker that is added. */
async function toCitus(): Promise<void> {
  await migrate({
    ...{ adminUrl: databaseUrl, migrations, installJobs, passwords, engine: 'citus', onCitus, shards: 8 },
    say: (text) => console.log(text),
  });
}

/** The same steps where the product runs today. */
async function beside(): Promise<void> {
  await using database = await startTestDatabase();
  const options: ProductOptions = {
    ...{ engine: 'postgresql', databaseUrl: database.superuserUrl, passwords: database.passwords },
  };
  {
    await using product = await Product.start(options);
    await product.untilReady();
    await runSmoke('plain', product);
  }
  const cost = await costOf('postgresql', { app: database.appUrl, admin: database.superuserUrl });
  costs.set('plain', { ...cost, pageMs: pages.get('plain')! });
  await using other = await startTestDatabase();
  const { app, worker } = other.passwords;
  await using pooler = await startPgBouncer({
    ...{ databaseUrl: other.superuserUrl, passwords: { app, worker }, connections: 10 },
  });
  const pooledPort = Number(new URL(pooler.through(other.appUrl)).port);
  await using product = await Product.start({ ...options, databaseUrl: other.superuserUrl, pooledPort });
  await product.untilReady();
  await runSmoke('pooled', product);
}

async function runSmoke(name: string, product: Product): Promise<void> {
  const steps = await smoke({
    origin: product.origin,
    admin: (args) => product.operate('adminMain.js', args),
    sendsHere: true,
  });
  smokes.set(name, steps);
  for (const fault of faultsOf(steps)) faults.push(`${name}: ${fault}`);
  for (const complaint of product.complaints) faults.push(`${name}: ${complaint}`);
  const owner = ownerOf(product, 'acme');
  pages.set(name, await costOfPage(owner));
  owner.close();
  console.log(`${name}: ${steps.filter(({ fault }) => fault === null).length} of ${steps.length} steps.`);
}

/** What operators do with stored data. */
async function operators(product: Product): Promise<void> {
  await attempt('audit:verify', async () => {
    const said = await product.operate('auditVerifyMain.js', []);
    console.log(`audit:verify: ${said.trim().split('\n').at(-1)}`);
  });
  const folder = join(product.folder, 'backup');
  await attempt('backup', async () =>
    console.log(`backup: ${(await product.operate('backupMain.js', ['--to', folder])).trim().split('\n')[0]}`),
  );
  if (!cluster) return;
  await attempt('restore', async () => {
    const restored = await cluster.addDatabase('restored');
    const uploads = join(product.folder, 'restored-uploads');
    const said = await product.operate('restoreMain.js', ['--from', folder], {
      DATABASE_ADMIN_URL: restored,
      CITUS_SHARDS: '4',
      UPLOADS_DIRECTORY: uploads,
    });
    const rows = await Promise.all(
      [databaseUrl, restored].map((url) =>
        withAdmin(url, (admin) => admin.query('select count(*)::int as n from audit_entry')),
      ),
    );
    if (rows[0]!.rows[0].n !== rows[1]!.rows[0].n || rows[0]!.rows[0].n === 0)
      faults.push('restore: the audit trails differ');
    console.log(`restore into Citus: ${said.trim().split('\n').at(-1)}`);
    // The roles belong to the server, and restore gave them the passwords that they had.
    await cluster.dropDatabase('restored');
  });
  await attempt('a filled database that is spread', async () => {
    const uploads = join(product.folder, 'grown-uploads');
    const went = await grown(cluster, passwords, (adminUrl) =>
      product.operate('restoreMain.js', ['--from', folder], {
        ...{ DATABASE_ADMIN_URL: adminUrl, UPLOADS_DIRECTORY: uploads, DATABASE_ENGINE: 'postgresql' },
      }),
    );
    for (const fault of went.faults) faults.push(`a filled database that is spread: ${fault}`);
    console.log(`A database with ${went.rows} rows was spread in ${went.seconds.toFixed(1)} s. It said: ${went.said}`);
  });
}

/** What operators do with shards, while people go on; the two workspaces lie on two workers behind this. */
async function movement(product: Product): Promise<void> {
  const shards = (...args: string[]) => product.operate('shardsMain.js', args);
  const act = async (what: string, slug: Slug, ...args: string[]): Promise<void> =>
    attempt(what, async () => {
      const went = await whileShardsMove(product, databaseUrl, slug, () => shards(...args));
      for (const fault of went.faults) faults.push(`${what}: ${fault}`);
      console.log(
        `${what}: ${went.seconds.toFixed(1)} s, while its workspace wrote ${went.writes} times, at most ${Math.round(went.longestMs)} ms each, and was watched.`,
      );
    });
  if (cluster) {
    const worker = await cluster.addWorker('tributary');
    await toCitus();
    const to = `127.0.0.1:${worker.port}`;
    await act('a shard of its own, on a new worker', 'globex', 'isolate', '--workspace', 'globex', '--to', to);
    await act('rebalanced', 'acme', 'rebalance');
  }
  await apart(product, act);
  console.log((await shards('list')).trim());
}

/** Moves globex to where acme is not. */
async function apart(
  product: Product,
  act: (what: string, slug: Slug, ...args: string[]) => Promise<void>,
): Promise<void> {
  const [acme, globex] = [await placeOf(databaseUrl, 'acme'), await placeOf(databaseUrl, 'globex')];
  const { rows: nodes } = await withAdmin(databaseUrl, (admin) =>
    admin.query<{ host: string; port: number }>(
      `select nodename as host, nodeport as port from pg_dist_node where isactive and shouldhaveshards order by 1, 2`,
    ),
  );
  const isThere = (node: { host: string; port: number }, place: typeof acme) =>
    node.host === place.host && node.port === place.port;
  const target =
    nodes.find((node) => !isThere(node, acme) && !isThere(node, globex)) ?? nodes.find((node) => !isThere(node, acme))!;
  if (isThere(target, globex)) return;
  const to = `${target.host}:${target.port}`;
  for (const afterMs of [0, 6_000]) await interrupted(product, to, afterMs);
  await act('moved', 'globex', 'move', '--workspace', 'globex', '--to', to);
}

/** A move of globex that an operator ends by Ctrl-C: all is as before, while people go on. */
async function interrupted(product: Product, to: string, afterMs: number): Promise<void> {
  const what = `a move ended by Ctrl-C after ${afterMs / 1000} s`;
  await attempt(what, async () => {
    const before = await placeOf(databaseUrl, 'globex');
    let said = '';
    const went = await whileShardsMove(product, databaseUrl, 'globex', async () => {
      said = await product.interrupt('shardsMain.js', ['move', '--workspace', 'globex', '--to', to], afterMs);
    });
    for (const fault of [...went.faults, ...(await leftovers(databaseUrl))]) faults.push(`${what}: ${fault}`);
    const now = await placeOf(databaseUrl, 'globex');
    if (JSON.stringify(now) !== JSON.stringify(before)) faults.push(`${what}: its rows lie on ${now.host}:${now.port}`);
    if (/\n\s+at /.test(said)) faults.push(`${what}: it ended with ${said}`);
    console.log(`${what}: it said ${said.trim().split('\n').at(-1)}`);
  });
}

async function tenants(): Promise<void> {
  const { tables, rows, seen } = await foreignRows(urls);
  faults.push(...seen);
  console.log(`${tables} tables with ${rows} rows asked without a filter: ${seen.length} rows of others seen.`);
  const nodes = cluster
    ? [cluster.coordinator, ...cluster.workers].map((node) => node.url('tributary'))
    : [databaseUrl];
  const { tried, open } = await openDoors(nodes);
  faults.push(...open);
  console.log(`owner and resolver tried to come in from elsewhere ${tried} times: ${open.length} times they did.`);
}

async function withoutWorker(product: Product, nodes: CitusCluster): Promise<void> {
  const { port } = await placeOf(databaseUrl, 'globex');
  const known = product.complaints.length;
  const went = await outage(
    product,
    nodes.workers.find((worker) => worker.port === port)!,
    'globex',
    'acme',
  );
  faults.push(...went.faults);
  const restless = product.complaints.slice(known).filter((each) => !/08006|reached|connection|away/i.test(each));
  for (const complaint of restless) faults.push(`while a worker was away: ${complaint}`);
  console.log(
    `A worker away: degraded after ${Math.round(went.degradedAfterMs)} ms, others sign in in ${Math.round(went.signInMs)} ms, all back ${Math.round(went.backAfterMs)} ms after it was.`,
  );
}

async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => faults.push(`${name}: ${String((error as Error).message ?? error)}`));
}

function tell(): void {
  const columns = [...smokes.keys()];
  printTable(
    [...smokes.values()][0]!.map(({ name }, index) => {
      const times = columns.map((each) => {
        const { fault, ms } = smokes.get(each)![index]!;
        return [`${each} (ms)`, fault === null ? Math.round(ms) : 'FAILED'] as const;
      });
      return { step: name, ...Object.fromEntries(times) };
    }),
  );
  printTable(
    [...costs].map(([database, { readMs, writeMs, pageMs }]) => ({
      database,
      'one read (ms)': readMs,
      'one event (ms)': writeMs,
      'one page (ms)': pageMs,
    })),
  );
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'All of it holds.' : `${faults.length} faults.`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
