import { ConfigError } from '@tributary/kernel';
import { withClient } from './withClient.js';

/**
 * What stands between a process and PostgreSQL: nothing, or a pooler that takes each transaction to any of its connections. `tracked`: it
 * knows which connection has which named statement (PgBouncer from 1.21, with max_prepared_statements), so that statements are parsed once.
 */
export const poolers = ['none', 'transaction', 'tracked'] as const;
export type Pooler = (typeof poolers)[number];

const patienceMs = 3_000;

/**
 * Throws a ConfigError when what DATABASE_POOLER says is not what stands there, and says what to set. A database that is away is no
 * reason: it comes back.
 */
export async function refuseWrongPooler(url: string, pooler: Pooler): Promise<void> {
  if (pooler === 'transaction') return;
  if (pooler === 'none') {
    if (await isPooled(url))
      throw new ConfigError(
        'DATABASE_URL leads to a pooler of connections. Set DATABASE_POOLER=transaction, or let the URL lead to PostgreSQL itself.',
      );
    return;
  }
  const names = await reached(url, async (client) => {
    await client.query({ name: 'tributary_probe', text: 'select 1' });
    return client.query<{ name: string }>('select name from pg_prepared_statements');
  });
  // A pooler that tracks names gives statements names of its own.
  if (names?.rows.some(({ name }) => name === 'tributary_probe'))
    throw new ConfigError(
      'DATABASE_POOLER=tracked needs a pooler that tracks named statements: PgBouncer 1.21 or later with max_prepared_statements above 0. Set DATABASE_POOLER=transaction for others.',
    );
}

/** Throws a ConfigError when the URL of this setting leads to a pooler: what holds locks or listens needs a connection of its own. */
export async function refusePooler(url: string, setting: string): Promise<void> {
  if (await isPooled(url))
    throw new ConfigError(
      `${setting} leads to a pooler of connections, and what is done over it holds locks and listens. Let it lead to PostgreSQL itself.`,
    );
}

/** Whether what a connection is told at its start does not reach PostgreSQL: poolers refuse it or keep it to themselves. */
async function isPooled(url: string): Promise<boolean> {
  try {
    const told = await reached(
      url,
      (client) => client.query<{ told: string | null }>(`select current_setting('tributary.direct', true) as told`),
      { options: '-c tributary.direct=yes' },
    );
    return told !== null && told.rows[0]?.told !== 'yes';
  } catch (error) {
    if (/unsupported startup parameter/.test((error as Error).message)) return true;
    throw error;
  }
}

/** Null when the database is not reached, or lets nobody in: whoever needs it says so. */
async function reached<T>(
  url: string,
  work: Parameters<typeof withClient<T>>[1],
  options: Parameters<typeof withClient<T>>[2] = {},
): Promise<T | null> {
  try {
    return await withClient(url, work, { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs, ...options });
  } catch (error) {
    if (/unsupported startup parameter/.test((error as Error).message)) throw error;
    return null;
  }
}
