import { createPublicKey } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError, dumpTables } from '@tributary/data/backup';
import type { BackupManifest } from '@tributary/data/backup';
import { deliveryEncryptedColumns } from '@tributary/subgraph-delivery';
import { flowEncryptedColumns } from '@tributary/subgraph-flow';
import { auditVerifyingKeys } from './auditKeys.js';
import type { OperateConfig } from './config.js';
import type { OperatorDatabase } from './openForOperator.js';
import { copyUploads } from './uploadFiles.js';

/** Files of the data folder that hold secrets. */
export const secretFiles = ['secrets.json', 'encryption-keys'] as const;

/**
 * Writes a backup to `folder`, which is made or empty: rows of one moment, uploads that they speak of, and the manifest last. Keys are
 * left out unless `withKeys`. Throws a BackupError.
 */
export async function backup(
  operator: OperatorDatabase,
  config: OperateConfig,
  { folder, withKeys }: { folder: string; withKeys: boolean },
): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BackupError(`${folder} is not empty. Name another folder.`);
  if (withKeys && !operator.secrets)
    throw new BackupError(
      'The keys of a cluster are settings, and lie where those are kept: --with-keys is for embedded mode.',
    );
  const { uploads, ...facts } = await dumpTables(operator.adminUrl, folder, [
    ...flowEncryptedColumns,
    ...deliveryEncryptedColumns,
  ]);
  const uploadsFolder = operator.secrets ? join(config.dataDirectory, 'uploads') : config.UPLOADS_DIRECTORY;
  if (withKeys) {
    await mkdir(join(folder, 'keys'), { mode: 0o700 });
    for (const name of secretFiles) await copyFile(join(config.dataDirectory, name), join(folder, 'keys', name));
  }
  const manifest: BackupManifest = {
    format: 1,
    createdAt: new Date().toISOString(),
    ...facts,
    uploads: uploadsFolder ? await copyUploads(uploadsFolder, join(folder, 'uploads'), uploads) : [],
    auditPublicKeys: auditVerifyingKeys(operator, config)
      .map((key) =>
        createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'pem' }),
      )
      .join(''),
    withKeys,
  };
  const unfinished = join(folder, 'manifest.unfinished');
  await writeFile(unfinished, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, join(folder, 'manifest.json'));
  return manifest;
}
