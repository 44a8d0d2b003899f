import { Database } from '@tributary/data';
import { Keyring } from '@tributary/data/encryption';
import { ConfigError } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { openKeyring } from '@tributary/embedded/data-folder';
import type { OperateConfig } from './config.js';
import { appUrlOf } from './openForOperator.js';
import type { OperatorDatabase } from './openForOperator.js';

export interface Tenants extends AsyncDisposable {
  /** As role `app`: one workspace at a time. */
  readonly database: Database;
  readonly keyring: Keyring;
}

/** The same database as the API sees it, with the keys of its encrypted columns. */
export async function openTenants(operator: OperatorDatabase, config: OperateConfig): Promise<Tenants> {
  const keyring = operator.secrets ? openKeyring(config.dataDirectory) : clusterKeyring(config);
  const database = await Database.open({
    url: appUrlOf(operator, config),
    entities: [],
    logger: createLogger({ name: 'operate', level: 'warn' }),
    poolSize: 2,
    statementTimeoutMs: 30_000,
    applicationName: 'tributary-operate',
    engine: config.DATABASE_ENGINE,
    pooler: config.DATABASE_POOLER,
    keyring,
  });
  return { database, keyring, [Symbol.asyncDispose]: () => database.close() };
}

function clusterKeyring({ ENCRYPTION_KEYS }: OperateConfig): Keyring {
  if (!ENCRYPTION_KEYS)
    throw new ConfigError('ENCRYPTION_KEYS is missing: the keys of encrypted columns, the current one first.');
  try {
    return new Keyring(() => ENCRYPTION_KEYS);
  } catch (cause) {
    throw new ConfigError(`ENCRYPTION_KEYS ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}
