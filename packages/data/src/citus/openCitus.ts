import type pg from 'pg';
import { CitusError } from './CitusError.js';

/**
 * Makes sure that this is the coordinator of a Citus cluster that can take tables: the extension is there, the coordinator knows its own
 * address, and a worker holds shards. Throws a CitusError that says what to do.
 */
export async function openCitus(admin: pg.Client): Promise<void> {
  const preloaded = await admin.query<{ at: string }>(`show shared_preload_libraries`);
  if (!/\bcitus\b/.test(preloadedOf(preloaded.rows)))
    throw new CitusError(
      `This PostgreSQL does not load Citus. Set shared_preload_libraries = 'citus' on every node and start them anew.`,
    );
  await admin.query('create extension if not exists citus');
  const { rows } = await admin.query<{ groupid: number; shouldhaveshards: boolean }>(
    `select groupid, shouldhaveshards from pg_dist_node where isactive and noderole = 'primary'`,
  );
  if (!rows.some(({ groupid }) => groupid === 0))
    throw new CitusError(
      `The coordinator does not know by what address workers reach it. On it: select citus_set_coordinator_host('coordinator.example', 5432)`,
    );
  if (!rows.some(({ shouldhaveshards }) => shouldhaveshards))
    throw new CitusError(
      `No node holds shards yet. On each worker: create extension citus; then on the coordinator: select citus_add_node('worker-1.example', 5432)`,
    );
}

/** Throws a CitusError when tables are spread over several nodes already: what runs here would look at the coordinator's empty shells. */
export async function refuseDistributed(admin: pg.Client): Promise<void> {
  if (await isDistributed(admin))
    throw new CitusError(
      'The tables of this database are spread over the nodes of a Citus cluster. Bring it to the newest version with: npm run migrate -- --engine citus',
    );
}

/** Throws a CitusError when no tables are spread over nodes. */
export async function refuseOrdinary(admin: pg.Client): Promise<void> {
  if (!(await isDistributed(admin)))
    throw new CitusError(
      'The tables of this database lie on one PostgreSQL, or it is not the coordinator. DATABASE_ADMIN_URL names the coordinator; npm run migrate -- --engine citus spreads tables.',
    );
}

async function isDistributed(admin: pg.Client): Promise<boolean> {
  const known = await admin.query(`select from pg_class where oid = to_regclass('pg_catalog.pg_dist_partition')`);
  if (known.rowCount === 0) return false;
  const spread = await admin.query(
    `select from pg_dist_partition d join pg_class c on c.oid = d.logicalrelid
     where c.relnamespace = 'public'::regnamespace limit 1`,
  );
  return spread.rowCount !== 0;
}

function preloadedOf(rows: readonly object[]): string {
  return String(Object.values(rows[0] ?? {})[0] ?? '');
}
