import { z } from 'zod';
import { ConfigError, readConfig, setting } from '@tributary/kernel';
import { DiskUploadStore } from './storage/uploads/DiskUploadStore.js';
import { S3UploadStore } from './storage/uploads/S3UploadStore.js';
import type { UploadStore } from './storage/uploads/UploadStore.js';

const ofTheSdk = { otherwise: 'found by the AWS SDK', secret: true };

/** Where uploads are. */
export const uploadSettings = z.object({
  UPLOADS_DIRECTORY: z.string().optional().describe('folder on a volume that every flow process and worker shares'),
  UPLOADS_SHARED: setting.flag(false).describe('confirms that it is shared'),
  S3_BUCKET: z.string().optional().describe('instead of the folder'),
  S3_PREFIX: z.string().default('uploads/').describe('in front of every key'),
  S3_REGION: z.string().default('us-east-1').describe('of the bucket'),
  S3_ENDPOINT: setting
    .url()
    .optional()
    .meta({ description: 'of another server that speaks S3', otherwise: 'Amazon’s' }),
  S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .meta({ description: 'of whoever may read and write there', ...ofTheSdk }),
  S3_SECRET_ACCESS_KEY: z
    .string()
    .optional()
    .meta({ description: 'the key’s other half', ...ofTheSdk }),
  S3_FORCE_PATH_STYLE: setting.flag(false).describe('for servers without a host for each bucket'),
});

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
      'UPLOADS_DIRECTORY to a folder on a shared volume and confirm that with UPLOADS_SHARED=true.\nEvery setting is described in docs/reference/settings.md.',
  );
}
