import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { sqlState } from '../databaseError.js';

const lockNotAvailable = '55P03';
const tries = 30;

/**
 * Does `work` while the policies of tables do not hold for their owner. Citus moves rows as owner: PostgreSQL would refuse to replicate into
 * a table whose policies are forced, and would look for the rows of a foreign key through them. They hold for `app`, `worker` and
 * `resolver` all the while; as owner nobody comes in but the cluster's own nodes. Were this process killed, the next migration forces them.
 */
export async function withoutForcedPolicies<T>(admin: pg.Client, work: () => Promise<T>): Promise<T> {
  try {
    await alterTables(admin, 'no force');
    return await work();
  } finally {
    await forcePolicies(admin);
  }
}

/** Makes policies hold for the owner of tables, too, wherever they do not. */
export async function forcePolicies(admin: pg.Client): Promise<void> {
  await alterTables(admin, 'force');
}

async function alterTables(admin: pg.Client, how: 'force' | 'no force'): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
     and relrowsecurity and relforcerowsecurity = $1 order by 1`,
    [how === 'no force'],
  );
  // One by one, and never waiting for long: everybody who wants the table would wait behind this.
  await admin.query(`set lock_timeout = '1s'`);
  try {
    for (const { name } of rows) await patiently(admin, `alter table public.${name} ${how} row level security`);
  } finally {
    await admin.query('reset lock_timeout');
  }
}

async function patiently(admin: pg.Client, text: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await admin.query(text);
      return;
    } catch (error) {
      if (sqlState(error) !== lockNotAvailable || tried === tries) throw error;
      await delay(200);
    }
  }
}
