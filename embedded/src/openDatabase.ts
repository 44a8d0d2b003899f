import { join } from 'node:path';
import { migrate, refreshStatistics, roleUrl } from '@tributary/data';
import { installJobs, migrations } from '@tributary/migrations';
import type { Logger } from '@tributary/observability';
import { EmbeddedPostgres } from '@tributary/postgres';
import type { EmbeddedSecrets } from './secrets.js';

export interface OpenedDatabase {
  /** For the superuser. */
  readonly adminUrl: string;
  /** For role `app`. */
  readonly appUrl: string;
  /** For role `worker`, which owns the job queue. */
  readonly workerUrl: string;
  stop(): Promise<void>;
}

/** A laptop's share: little at rest, enough for a million assets. */
const settings = {
  shared_buffers: '96MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '10min',
  wal_compression: 'on',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  // An import makes a small table large within seconds, and until it is analysed plans may read it whole.
  autovacuum_naptime: '15s',
};

/** Starts PostgreSQL in the data folder as it is. */
export function startPostgres(
  dataDirectory: string,
  logger: Logger,
  onLost: (error: Error) => void,
): Promise<EmbeddedPostgres> {
  return EmbeddedPostgres.start({
    dataDirectory: join(dataDirectory, 'postgres'),
    maxConnections: 60,
    settings,
    log: (message) => logger.info(message),
    onUnexpectedExit: onLost,
  });
}

/** Starts PostgreSQL in the data folder, initialising it the first time, and brings it to the newest version. */
export async function openDatabase(
  dataDirectory: string,
  secrets: EmbeddedSecrets,
  logger: Logger,
  onLost: (error: Error) => void,
): Promise<OpenedDatabase> {
  const postgres = await startPostgres(dataDirectory, logger, onLost);
  try {
    const adminUrl = postgres.url();
    const ran = await migrate({ adminUrl, migrations, installJobs, passwords: secrets.passwords });
    if (ran.length > 0) logger.info({ migrations: ran }, 'the database was brought to the newest version');
    // Beside the start, not before it: what was lost in a crash costs speed only.
    const refreshed = refreshStatistics(adminUrl).catch((err: unknown) =>
      logger.warn({ err }, 'statistics were not refreshed'),
    );
    return {
      adminUrl,
      appUrl: roleUrl(adminUrl, 'app', secrets.passwords.app),
      workerUrl: roleUrl(adminUrl, 'worker', secrets.passwords.worker),
      stop: () => refreshed.then(() => postgres.stop()),
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
