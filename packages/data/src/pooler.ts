import { ConfigError } from '@tributary/kernel';
import type pg from 'pg';
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
  if (await isPooled(url)) throw leadsToPooler(setting);
}

/** As `withClient`, over a connection that must be one to PostgreSQL itself. Throws a ConfigError when the URL of this setting leads to a pooler. */
export async function withDirectClient<T>(
  url: string,
  setting: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  try {
    return await withClient(
      url,
      async (client) => {
        if (!(await wasTold(client))) throw leadsToPooler(setting);
        return work(client);
      },
      telling,
    );
  } catch (error) {
    throw isRefusedParameter(error) ? leadsToPooler(setting) : error;
  }
}

/** Told to PostgreSQL at the start of a connection: poolers refuse it or keep it to themselves. */
const telling = { options: '-c tributary.direct=yes' };

async function wasTold(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ told: string | null }>(
    `select current_setting('tributary.direct', true) as told`,
  );
  return rows[0]?.told === 'yes';
}

async function isPooled(url: string): Promise<boolean> {
  try {
    return (await reached(url, wasTold, telling)) === false;
  } catch (error) {
    if (isRefusedParameter(error)) return true;
    throw error;
  }
}

/** Null when the database is not reached, or lets nobody in: whoever needs it says so. */
async function reached<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  options: pg.ClientConfig = {},
): Promise<T | null> {
  try {
    return await withClient(url, work, { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs, ...options });
  } catch (error) {
    if (isRefusedParameter(error)) throw error;
    return null;
  }
}

function isRefusedParameter(error: unknown): boolean {
  return error instanceof Error && error.message.includes('unsupported startup parameter');
}

function leadsToPooler(setting: string): ConfigError {
  return new ConfigError(
    `${setting} leads to a pooler of connections, and what is done over it holds locks and listens. Let it lead to PostgreSQL itself.`,
  );
}
