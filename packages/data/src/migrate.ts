import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { QueryRunner, ReplicationMode } from 'typeorm';
import type { DatabaseEngine } from './bindWorkspace.js';
import { distributeFunctions, distributeTables } from './citus/distributeTables.js';
import { createsTable } from './citus/createsTable.js';
import { openCitus, refuseDistributed } from './citus/openCitus.js';
import { prepareNodes } from './citus/prepareNodes.js';
import { tolerateMissingNodes } from './citus/tolerateMissingNodes.js';
import { forcePolicies } from './citus/forcePolicies.js';
import { migrationLock } from './migrationLock.js';
import { withDirectClient } from './pooler.js';
import { withClient } from './withClient.js';

export interface MigrateOptions {
  /** Logs in as a role that may create roles and owns the database (the superuser of embedded mode, an admin in a cluster). */
  readonly adminUrl: string;
  /** TypeORM migration classes, in any order: their names carry it. */
  readonly migrations: readonly Function[];
  /** Passwords that the login roles get. They are set at every run, so a new one takes effect. */
  readonly passwords: { readonly migrator: string; readonly app: string; readonly worker: string };
  /** Runs before the migrations with a URL of role `worker`: installs the job queue's own tables in schema `jobs`. */
  readonly installJobs?: (workerUrl: string) => Promise<void>;
  /** Runs all migrations (default), or takes the last one back. */
  readonly direction?: 'up' | 'down';
  /** Default postgresql. On citus the URL is the coordinator's, and tables are spread over its workers. */
  readonly engine?: DatabaseEngine;
  /** What Citus wants written otherwise once all tables are spread; sent at every migration. */
  readonly onCitus?: readonly string[];
  /** Shards of each table on Citus, when they are made. Default 32. */
  readonly shards?: number;
  /** False on citus leaves tables on the coordinator for now: a restore fills them before they are spread. Default true. */
  readonly spread?: boolean;
  /** Told what takes long, before it begins. */
  readonly say?: (text: string) => void;
}

/**
 * Brings a database to the newest version: roles, schemas, then every migration that its version table (`migration.history`) does not
 * name. Safe to run at every start and from several processes at once: they take turns. Answers the names of what ran.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  return withDirectClient(options.adminUrl, 'DATABASE_ADMIN_URL', async (admin) => {
    const isCitus = options.engine === 'citus';
    await admin.query('select pg_advisory_lock($1)', [migrationLock]);
    await (isCitus ? openCitus(admin) : refuseDistributed(admin));
    await createRoles(admin, options.passwords);
    if (isCitus) await prepareNodes(admin);
    await createSchemas(admin);
    await options.installJobs?.(roleUrl(options.adminUrl, 'worker', options.passwords.worker));
    const ran = await runMigrations(options);
    if (isCitus && (options.spread ?? true)) {
      await forcePolicies(admin);
      await distributeTables(admin, { shards: options.shards ?? 32, say: options.say ?? (() => undefined) });
      await distributeFunctions(admin);
      for (const text of options.onCitus ?? []) await admin.query(text);
      await tolerateMissingNodes(admin);
    }
    return ran;
  });
}

/**
 * Has PostgreSQL look at its tables anew. A server that crashed has forgotten how much changed since its last look, so plans could stay
 * those of small tables for long.
 */
export async function refreshStatistics(adminUrl: string): Promise<void> {
  return withClient(adminUrl, async (admin) => {
    await admin.query('analyze');
  });
}

/** The URL of the same database for another role. */
export function roleUrl(adminUrl: string, role: 'migrator' | 'app' | 'worker', password: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  return url.href;
}

const roleDefinitions = {
  owner: 'nologin',
  resolver: 'nologin',
  migrator: 'login',
  app: 'login',
  worker: 'login',
} as const;

async function createRoles(admin: pg.Client, passwords: MigrateOptions['passwords']): Promise<void> {
  for (const [role, login] of Object.entries(roleDefinitions)) {
    const known = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
    if (known.rowCount === 0)
      await admin.query(`create role ${role} ${login} nosuperuser nobypassrls nocreatedb nocreaterole`);
    if (role in passwords) {
      const password = admin.escapeLiteral(passwords[role as keyof typeof passwords]);
      await admin.query(`alter role ${role} ${login} password ${password}`);
    }
  }
  // Reads go out as one implicit transaction, which cannot say its isolation; poolers in between refuse startup parameters.
  await admin.query(`alter role app set default_transaction_isolation = 'repeatable read'`);
  // Pages that are asked for are in memory: by PostgreSQL's default, which is a disk's, small tables would be read whole, row after row.
  await admin.query('alter role app set random_page_cost = 1.1');
  // Statements take milliseconds; compiling one takes hundreds.
  await admin.query('alter role app set jit = off');
  // TypeORM logs in as migrator and works as owner; functions are handed over to resolver and worker.
  await admin.query('grant owner, resolver, worker to migrator');
  await admin.query('grant resolver, worker to owner');
  await admin.query(`do $$ begin execute format('grant owner, worker to %I', current_user); end $$`);
}

async function createSchemas(admin: pg.Client): Promise<void> {
  await admin.query(
    `do $$ begin execute format('grant connect, create on database %I to owner, worker', current_database()); end $$`,
  );
  await admin.query(
    `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
  );
  await admin.query('revoke create on schema public from public');
  await admin.query('grant usage, create on schema public to owner');
  await admin.query('grant usage on schema public to app, worker, resolver');
  await admin.query('create schema if not exists migration authorization owner');
  await admin.query('create schema if not exists lookup authorization owner');
  await admin.query('grant usage on schema lookup to app, worker');
  await admin.query('grant usage, create on schema lookup to resolver');
  await admin.query('create schema if not exists jobs authorization worker');
}

async function runMigrations(options: MigrateOptions): Promise<string[]> {
  const Source = options.engine === 'citus' ? CitusDataSource : DataSource;
  const dataSource = new Source({
    type: 'postgres',
    url: roleUrl(options.adminUrl, 'migrator', options.passwords.migrator),
    schema: 'migration',
    migrationsTableName: 'history',
    migrations: [...options.migrations],
    migrationsTransactionMode: 'each',
    poolSize: 1,
    extra: { options: '-c role=owner -c search_path=public' },
  });
  await dataSource.initialize();
  try {
    if (options.direction === 'down') {
      await dataSource.undoLastMigration({ transaction: 'each' });
      return [];
    }
    const ran = await dataSource.runMigrations({ transaction: 'each' });
    return ran.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

/** Makes tables out of Citus' sight, on the coordinator alone. */
class CitusDataSource extends DataSource {
  override createQueryRunner(mode?: ReplicationMode): QueryRunner {
    const runner = super.createQueryRunner(mode);
    const send = runner.query.bind(runner) as (text: string, ...rest: unknown[]) => Promise<unknown>;
    const query = async (text: string, ...rest: unknown[]): Promise<unknown> => {
      if (!createsTable(text)) return send(text, ...rest);
      await send('set citus.enable_ddl_propagation = off');
      const result = await send(text, ...rest);
      await send('set citus.enable_ddl_propagation = on');
      return result;
    };
    return Object.assign(runner, { query });
  }
}
