import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BackupError } from '@tributary/data/backup';
import type { BackupManifest } from '@tributary/data/backup';

/**
 * Copies the uploads of these keys. One that is gone by now was deleted after use, and is left out: its flow had ended before the
 * sweeper took it.
 */
export async function copyUploads(
  from: string,
  to: string,
  keys: readonly string[],
): Promise<BackupManifest['uploads']> {
  const copied: BackupManifest['uploads'] = [];
  for (const key of keys) {
    const one = await copyFile(join(from, key), join(to, key));
    if (one) copied.push({ key, ...one });
  }
  return copied;
}

/** Copies the uploads of a backup back. Throws a BackupError when one is not what the manifest says. */
export async function restoreUploads(manifest: BackupManifest, from: string, to: string): Promise<void> {
  for (const { key, sha256 } of manifest.uploads) {
    const one = await copyFile(join(from, key), join(to, key));
    if (one?.sha256 !== sha256) throw new BackupError(`Upload ${key} is not what was backed up.`);
  }
}

/** Null when there is no such file. */
async function copyFile(from: string, to: string): Promise<{ bytes: number; sha256: string } | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new PassThrough();
  counting.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await pipeline(createReadStream(from), counting, createWriteStream(to, { mode: 0o600 }));
  } catch (error) {
    await rm(to, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}
