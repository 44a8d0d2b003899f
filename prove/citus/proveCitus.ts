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
import { costOf, type Cost } from './cost.ts';
import { foreignRows } from './foreignRows.ts';
import { outage } from './outage.ts';
import { makeWorkspace, ownerOf } from './people.ts';
import { Product, type ProductOptions } from './Product.ts';
import { refusedStatements } from './refusedStatements.ts';
import { moveShard, placeOf, withAdmin } from './shards.ts';
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
await migrate({
  ...{ adminUrl: databaseUrl, migrations, installJobs, passwords, engine: 'citus', onCitus, shards: 8 },
  say: (text) => console.log(text),
});
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
  await movement(product);
  await tenants();
  if (cluster) await withoutWorker(product, cluster);
}
costs.set('citus', await costOf('citus', urls));
tell();

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
  costs.set('plain', await costOf('postgresql', { app: database.appUrl, admin: database.superuserUrl }));
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
}

/** The two workspaces lie on two workers behind this. */
async function movement(product: Product): Promise<void> {
  const [acme, globex] = [await placeOf(databaseUrl, 'acme'), await placeOf(databaseUrl, 'globex')];
  const { rows: nodes } = await withAdmin(databaseUrl, (admin) =>
    admin.query<{ host: string; port: number }>(
      `select nodename as host, nodeport as port from pg_dist_node where isactive and shouldhaveshards order by 1, 2`,
    ),
  );
  const isSame = acme.host === globex.host && acme.port === globex.port;
  const target = nodes.find(({ host, port }) =>
    isSame ? !(host === acme.host && port === acme.port) : host === globex.host && port === globex.port,
  )!;
  const from = isSame ? globex : acme;
  if (acme.shard === globex.shard) return void faults.push('both workspaces are in one shard; run it again');
  await attempt('moving a shard', async () => {
    const owner = ownerOf(product, isSame ? 'globex' : 'acme');
    await owner.authorization();
    const move = await moveShard(databaseUrl, from, target, owner);
    if (!isSame) await moveShard(databaseUrl, { ...from, ...target }, from, owner);
    owner.close();
    for (const refused of move.refused) faults.push(`while a shard moved: ${refused}`);
    console.log(
      `A shard moved in ${move.seconds.toFixed(1)} s, while its workspace wrote ${move.writes} times, at most ${Math.round(move.longestMs)} ms each.`,
    );
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
    [...costs].map(([database, { readMs, writeMs }]) => ({
      database,
      'one read (ms)': readMs,
      'one event (ms)': writeMs,
    })),
  );
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'All of it holds.' : `${faults.length} faults.`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
