import pg from 'pg';
import type { Logger } from '@tributary/observability';
import { typeParsers } from './typeParsers.js';

/** PostgreSQL ends a statement in time by itself; who has not answered this long after has gone, and the connection is destroyed. */
export const silenceMs = 2_000;

export interface ConnectionPoolOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Null: a pooler stands in between, which refuses it at the start of a connection. Each transaction sets it then. */
  readonly statementTimeoutMs: number | null;
  readonly applicationName: string;
  readonly logger: Logger;
}

/**
 * pg's pool with pipelining. Only this package holds clients: nobody else can send a statement that is not bound to a
 * workspace, or keep a client after its release.
 */
export function createConnectionPool(options: ConnectionPoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    ...(options.statementTimeoutMs === null ? {} : { statement_timeout: options.statementTimeoutMs }),
    application_name: options.applicationName,
    keepAlive: true,
    pipeline: true,
    types: typeParsers,
  });
  pool.on('error', (error) => {
    if (!pool.ending) options.logger.warn({ err: error }, 'an idle database connection broke');
  });
  // A client that breaks while it is in use says so by its queries too, and the pool listens to idle ones only: without a listener of
  // its own the second word would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}
