import { z } from 'zod';
import { Keyring, parseKeys } from '@tributary/data/encryption';
import { ConfigError, readConfig, setting } from '@tributary/kernel';
import { DiskUploadStore } from './storage/uploads/DiskUploadStore.js';
import { S3UploadStore } from './storage/uploads/S3UploadStore.js';
import type { UploadStore } from './storage/uploads/UploadStore.js';

const uploadSettings = z.object({
  UPLOADS_DIRECTORY: z.string().optional(),
  UPLOADS_SHARED: setting.flag(false),
  S3_BUCKET: z.string().optional(),
  S3_PREFIX: z.string().default('uploads/'),
  S3_REGION: z.string().default('us-east-1'),
  S3_ENDPOINT: setting.url().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: setting.flag(false),
});

const encryptionSettings = z.object({
  ENCRYPTION_KEYS: setting.parsed((text) => {
    parseKeys(text);
    return text;
  }, 'is missing: the keys of encrypted columns, id:key with a comma between and the current one first, each key from `openssl rand -hex 32`'),
});

/** The keys of encrypted columns. With ENCRYPTION_KEYS_FILE they may change while the process runs. */
export function openClusterKeyring(env: NodeJS.ProcessEnv = process.env): Keyring {
  return new Keyring(() => readConfig(encryptionSettings, env).ENCRYPTION_KEYS);
}

/**
 * Where uploads lie in cluster mode: a bucket, or a folder that the operator says is shared by every flow process. Throws a ConfigError
 * when neither is set, because an upload that one process takes in has to be read by another.
 */
export function openClusterUploads(env: NodeJS.ProcessEnv = process.env): UploadStore {
  const settings = readConfig(uploadSettings, env);
  if (settings.S3_BUCKET) {
    const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
    return new S3UploadStore({
      bucket: settings.S3_BUCKET,
      prefix: settings.S3_PREFIX,
      client: {
        region: settings.S3_REGION,
        forcePathStyle: settings.S3_FORCE_PATH_STYLE,
        ...(settings.S3_ENDPOINT ? { endpoint: settings.S3_ENDPOINT } : {}),
        ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
      },
    });
  }
  if (settings.UPLOADS_DIRECTORY && settings.UPLOADS_SHARED) return new DiskUploadStore(settings.UPLOADS_DIRECTORY);
  throw new ConfigError(
    'Tributary cannot start with these settings:\n  Uploads need a place that every flow process and worker reaches. Set S3_BUCKET, or set ' +
      'UPLOADS_DIRECTORY to a folder on a shared volume and confirm that with UPLOADS_SHARED=true.\nEvery setting is described in README.md.',
  );
}
