import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findCatalogueFaults, migrate } from '@tributary/data';
import { readAuditVerifyingKeys, verifyAudit } from '@tributary/data/audit';
import { BackupError, backupManifest, checkTableFiles, isEmptyDatabase, loadTables } from '@tributary/data/backup';
import { parseKeys } from '@tributary/data/encryption';
import type { MigrateOptions } from '@tributary/data';
import type { AuditReport } from '@tributary/data/audit';
import type { BackupManifest } from '@tributary/data/backup';
import { installJobs, migrations, onCitus } from '@tributary/migrations';
import type { Logger } from '@tributary/observability';
import { encryptionKeysFile, openKeyring } from '@tributary/embedded/data-folder';
import { startPostgres } from '@tributary/embedded/data-folder';
import { keepEarlierAuditKeys, loadSecrets } from '@tributary/embedded/data-folder';
import { secretFiles } from './backup.js';
import type { OperateConfig } from './config.js';
import { restoreUploads } from './uploadFiles.js';

export interface RestoreOptions {
  readonly folder: string;
  /** File of encryption keys, for a backup without. */
  readonly keysFile: string | undefined;
  readonly logger: Logger;
}

export interface Restored {
  readonly manifest: BackupManifest;
  /** Migrations that ran on top of what was backed up. */
  readonly migrated: readonly string[];
  readonly audit: AuditReport;
}

/**
 * Puts a backup into an empty place: a data folder of embedded mode that does not exist, or a cluster's database without tables. Throws
 * a BackupError before anything is written when the place is not empty, a file differs from its checksum, a key is missing, or the
 * backup comes from a newer version.
 */
export async function restore(config: OperateConfig, options: RestoreOptions): Promise<Restored> {
  const manifest = await readManifest(options.folder);
  await checkTableFiles(manifest, options.folder);
  return config.DATABASE_ADMIN_URL
    ? restoreCluster(config.DATABASE_ADMIN_URL, manifest, config, options)
    : restoreEmbedded(manifest, config, options);
}

async function restoreEmbedded(
  manifest: BackupManifest,
  config: OperateConfig,
  options: RestoreOptions,
): Promise<Restored> {
  const { dataDirectory } = config;
  const there = await readdir(dataDirectory).catch(() => []);
  if (there.length > 0)
    throw new BackupError(`${dataDirectory} is not empty. Name a folder that does not exist with TRIBUTARY_DATA.`);
  const keysFile = manifest.withKeys ? join(options.folder, 'keys', 'encryption-keys') : options.keysFile;
  checkKeys(manifest, keysFile ? await readFile(keysFile, 'utf8') : undefined, '--keys file');
  try {
    return await fillDataFolder(manifest, dataDirectory, keysFile, options);
  } catch (error) {
    await rm(dataDirectory, { recursive: true, force: true });
    throw error;
  }
}

async function fillDataFolder(
  manifest: BackupManifest,
  dataDirectory: string,
  keysFile: string | undefined,
  options: RestoreOptions,
): Promise<Restored> {
  // Passable for PostgreSQL's user, like one that a start makes.
  await mkdir(dataDirectory, { recursive: true });
  if (manifest.withKeys)
    for (const name of secretFiles) await copyFile(join(options.folder, 'keys', name), join(dataDirectory, name));
  else if (keysFile) await copyFile(keysFile, encryptionKeysFile(dataDirectory));
  openKeyring(dataDirectory);
  const { passwords } = loadSecrets(dataDirectory);
  keepEarlierAuditKeys(dataDirectory, manifest.auditPublicKeys);
  const postgres = await startPostgres(dataDirectory, options.logger, () => undefined);
  try {
    const restored = await fill(postgres.url(), passwords, manifest, options.folder);
    await restoreUploads(manifest, join(options.folder, 'uploads'), join(dataDirectory, 'uploads'));
    return restored;
  } finally {
    await postgres.stop();
  }
}

async function restoreCluster(
  adminUrl: string,
  manifest: BackupManifest,
  config: OperateConfig,
  options: RestoreOptions,
): Promise<Restored> {
  const { DATABASE_MIGRATOR_PASSWORD: migrator, DATABASE_APP_PASSWORD: app, DATABASE_WORKER_PASSWORD: worker } = config;
  if (!migrator || !app || !worker)
    throw new BackupError(
      'Set DATABASE_MIGRATOR_PASSWORD, DATABASE_APP_PASSWORD and DATABASE_WORKER_PASSWORD: passwords that the roles get.',
    );
  if (!(await isEmptyDatabase(adminUrl))) throw new BackupError('The database is not empty. Restore into a new one.');
  checkKeys(manifest, config.ENCRYPTION_KEYS, 'ENCRYPTION_KEYS');
  if (manifest.uploads.length > 0 && !config.UPLOADS_DIRECTORY)
    throw new BackupError('The backup holds uploads. Set UPLOADS_DIRECTORY to the folder that they belong in.');
  const passwords = { migrator, app, worker };
  const restored = await fill(adminUrl, passwords, manifest, options.folder, {
    engine: config.DATABASE_ENGINE,
    shards: config.CITUS_SHARDS,
  });
  if (config.UPLOADS_DIRECTORY)
    await restoreUploads(manifest, join(options.folder, 'uploads'), config.UPLOADS_DIRECTORY);
  return restored;
}

/** Tables as they were, their rows, what is newer, and a look at the whole. */
async function fill(
  adminUrl: string,
  passwords: MigrateOptions['passwords'],
  manifest: BackupManifest,
  folder: string,
  citus: Pick<MigrateOptions, 'engine' | 'shards'> = {},
): Promise<Restored> {
  const known = new Map(migrations.map((migration) => [nameOf(migration), migration]));
  const unknown = manifest.migrations.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new BackupError(
      `The backup comes from a newer version of Tributary (${unknown.join(', ')}). Restore it with that one.`,
    );
  const then = manifest.migrations.map((name) => known.get(name)!);
  // On Citus the rows are spread once all are there.
  await migrate({ adminUrl, migrations: then, installJobs, passwords, ...citus, spread: false });
  await loadTables(adminUrl, manifest, folder);
  const migrated = await migrate({ adminUrl, migrations, installJobs, passwords, ...citus, onCitus });
  const [fault] = await findCatalogueFaults(adminUrl);
  if (fault) throw new BackupError(`After the restore ${fault.object} ${fault.fault}.`);
  const audit = await verifyAudit({ adminUrl, keys: readAuditVerifyingKeys(manifest.auditPublicKeys) });
  return { manifest, migrated, audit };
}

async function readManifest(folder: string): Promise<BackupManifest> {
  try {
    return backupManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  } catch (cause) {
    throw new BackupError(`There is no whole backup in ${folder}: manifest.json is missing or cannot be read.`, {
      cause,
    });
  }
}

function checkKeys(manifest: BackupManifest, keys: string | undefined, where: string): void {
  if (manifest.encryptionKeyIds.length === 0) return;
  const there = keys ? parseKeys(keys).byId : new Map<string, Buffer>();
  const missing = manifest.encryptionKeyIds.filter((id) => !there.has(id));
  if (missing.length > 0)
    throw new BackupError(
      `The backup is encrypted with keys that are not here: ${missing.join(', ')}. Hand them over with ${where}.`,
    );
}

function nameOf(migration: Function): string {
  return new (migration as new () => { name: string })().name;
}
