import pg from 'pg';
import type { Logger } from '@tributary/observability';

const int8 = 20;
const numeric = 1700;
const date = 1082;

type TypeParser = (value: string) => unknown;

/** int8 and numeric as numbers (ours stay under 2^53), dates as text; everything else as pg reads it. */
const typeParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): TypeParser => {
    if (format !== 'binary') {
      if (oid === int8 || oid === numeric) return Number;
      if (oid === date) return String;
    }
    return pg.types.getTypeParser(oid, format) as TypeParser;
  },
};

/** PostgreSQL ends a statement in time by itself; who has not answered this long after has gone, and the connection is destroyed. */
const silenceMs = 2_000;

export interface ConnectionPoolOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
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
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + silenceMs,
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
