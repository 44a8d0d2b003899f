import { migrate, roleUrl } from '@tributary/data';
import { installJobs, migrations } from '@tributary/migrations';
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { separateCluster, testCluster } from './testCluster.js';

export interface TestDatabaseOptions {
  /**
   * True gives a database without roles and tables, for what migrates it itself. It is on a cluster of its own (about a
   * second): roles and their passwords belong to a cluster, and whoever migrates sets them. Default false.
   */
  readonly empty?: boolean;
}

/** A database of its own on the run's PostgreSQL, with all roles and tables; dropped when disposed of. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  /** Bypasses row-level security: for looking at what a test has done, and for planting what the product cannot. */
  readonly superuserUrl: string;
  readonly migratorUrl: string;
  /** What the product itself uses. */
  readonly appUrl: string;
  readonly workerUrl: string;
  /** The passwords in those URLs. */
  readonly passwords: Passwords;
}

export interface Passwords {
  readonly migrator: string;
  readonly app: string;
  readonly worker: string;
}

const templateName = 'tributary_template';
/** Any number that nothing else in the cluster locks by. */
const templateLock = 7_203_002;

/**
 * Makes a database for one test file: `await using database = await startTestDatabase()`. The first call of a run
 * migrates a template (about a second); the others copy it (about 0.1 s).
 */
export async function startTestDatabase({ empty = false }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const cluster = empty ? await separateCluster() : await testCluster();
  const { superuserUrl } = cluster;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const passwords = passwordsFor(superuserUrl);
  try {
    await withClient(superuserUrl, async (admin) => {
      if (empty) {
        await admin.query(`create database ${name}`);
        return;
      }
      await ensureTemplate(admin, superuserUrl, passwords);
      await admin.query(`create database ${name} template ${templateName}`);
      await copyDatabaseGrants(admin, name);
    });
  } catch (error) {
    await cluster.release();
    throw error;
  }
  const adminUrl = withDatabase(superuserUrl, name);
  return {
    name,
    superuserUrl: adminUrl,
    migratorUrl: roleUrl(adminUrl, 'migrator', passwords.migrator),
    appUrl: roleUrl(adminUrl, 'app', passwords.app),
    workerUrl: roleUrl(adminUrl, 'worker', passwords.worker),
    passwords,
    async [Symbol.asyncDispose]() {
      try {
        await withClient(superuserUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
      } finally {
        await cluster.release();
      }
    },
  };
}

/** Roles belong to the cluster, so every worker of a run must come to the same passwords. */
function passwordsFor(superuserUrl: string): Passwords {
  const { password } = new URL(superuserUrl);
  const derive = (role: string) => createHash('sha256').update(`${role}:${password}`).digest('hex').slice(0, 32);
  return { migrator: derive('migrator'), app: derive('app'), worker: derive('worker') };
}

/** Workers of a run take turns; a template that was left half done is made again. */
async function ensureTemplate(admin: pg.Client, superuserUrl: string, passwords: Passwords): Promise<void> {
  const isReady = async () => {
    const found = await admin.query('select 1 from pg_database where datname = $1 and datistemplate', [templateName]);
    return found.rowCount === 1;
  };
  if (await isReady()) return;
  await admin.query('select pg_advisory_lock($1)', [templateLock]);
  try {
    if (await isReady()) return;
    await admin.query(`drop database if exists ${templateName} with (force)`);
    await admin.query(`create database ${templateName}`);
    await migrate({ adminUrl: withDatabase(superuserUrl, templateName), migrations, installJobs, passwords });
    // Nobody may be connected to a database that is being copied.
    await admin.query(`alter database ${templateName} with is_template true allow_connections false`);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [templateLock]);
  }
}

/** CREATE DATABASE copies everything from its template but the rights on the database itself. */
async function copyDatabaseGrants(admin: pg.Client, name: string): Promise<void> {
  const { rows } = await admin.query<{ grants: string | null }>(
    `select string_agg(format('grant %s on database %I to %s', privilege_type, $2::text, grantee_name), '; ') as grants
     from (select privilege_type, case when grantee = 0 then 'public' else grantee::regrole::text end as grantee_name
           from pg_database, aclexplode(datacl) where datname = $1) as granted`,
    [templateName, name],
  );
  const grants = rows[0]?.grants;
  if (grants) await admin.query(`revoke all on database ${name} from public; ${grants}`);
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
