import { z } from 'zod';

/** What a backup's `manifest.json` says. It is written last: a folder without one is no backup. */
export const backupManifest = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  postgresVersion: z.string(),
  /** Names of the migrations that had run, oldest first. */
  migrations: z.array(z.string()),
  /** Version of the job queue's own tables. */
  jobQueue: z.number().int(),
  tables: z.array(
    z.object({
      /** With its schema. */
      name: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
      rows: z.number().int(),
      /** Of the compressed file. */
      sha256: z.string(),
      /** Of the rows, in the order of their key. */
      content: z.string(),
    }),
  ),
  uploads: z.array(z.object({ key: z.string(), bytes: z.number().int(), sha256: z.string() })),
  /** Ids of the keys that encrypted columns are sealed with: without them those values cannot be read. */
  encryptionKeyIds: z.array(z.string()),
  /** What audit checkpoints are checked with, in PEM. */
  auditPublicKeys: z.string(),
  /** Whether the folder holds the keys, too. */
  withKeys: z.boolean(),
});

export type BackupManifest = z.infer<typeof backupManifest>;
export type BackedUpTable = BackupManifest['tables'][number];

/** A backup that cannot be made or restored. Its message is for the operator, whole. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
