import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { roleUrl } from '@tributary/data';
import { ConfigError } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { findRunningServer } from '@tributary/postgres';
import { openDatabase } from '@tributary/embedded/data-folder';
import { loadSecrets } from '@tributary/embedded/data-folder';
import type { EmbeddedSecrets } from '@tributary/embedded/data-folder';
import type { OperateConfig } from './config.js';

export interface OperatorDatabase extends AsyncDisposable {
  /** Sees the rows of all workspaces. */
  readonly adminUrl: string;
  /** What embedded mode made up for itself; null for a cluster, whose secrets are settings. */
  readonly secrets: EmbeddedSecrets | null;
}

/**
 * The database that a command is about: a cluster's by DATABASE_ADMIN_URL, else that of the data folder, whether Tributary runs on it
 * (then its server is used) or not (then one is started for as long as the command takes).
 */
export async function openForOperator(config: OperateConfig): Promise<OperatorDatabase> {
  if (config.DATABASE_ADMIN_URL)
    return { adminUrl: config.DATABASE_ADMIN_URL, secrets: null, [Symbol.asyncDispose]: () => Promise.resolve() };
  const { dataDirectory } = config;
  if (!existsSync(join(dataDirectory, 'secrets.json'))) {
    throw new ConfigError(
      `There is no Tributary in ${dataDirectory}. Name its data folder with TRIBUTARY_DATA, or a cluster's database with DATABASE_ADMIN_URL.`,
    );
  }
  const secrets = loadSecrets(dataDirectory);
  const running = findRunningServer(join(dataDirectory, 'postgres'));
  if (running) return { adminUrl: running, secrets, [Symbol.asyncDispose]: () => Promise.resolve() };
  const logger = createLogger({ name: 'operate', level: 'warn' });
  const started = await openDatabase(dataDirectory, secrets, logger, () => undefined);
  return { adminUrl: started.adminUrl, secrets, [Symbol.asyncDispose]: () => started.stop() };
}

/** The same database for role `worker`. Throws a ConfigError when a cluster's WORKER_DATABASE_URL is missing. */
export function workerUrlOf({ adminUrl, secrets }: OperatorDatabase, config: OperateConfig): string {
  if (secrets) return roleUrl(adminUrl, 'worker', secrets.passwords.worker);
  if (config.WORKER_DATABASE_URL) return config.WORKER_DATABASE_URL;
  throw new ConfigError('WORKER_DATABASE_URL is missing: the URL of PostgreSQL for role worker.');
}

/** The same database for role `app`. Throws a ConfigError when a cluster's DATABASE_URL is missing. */
export function appUrlOf({ adminUrl, secrets }: OperatorDatabase, config: OperateConfig): string {
  if (secrets) return roleUrl(adminUrl, 'app', secrets.passwords.app);
  if (config.DATABASE_URL) return config.DATABASE_URL;
  throw new ConfigError('DATABASE_URL is missing: the URL of PostgreSQL for role app.');
}
