import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { webhookSecret } from './encryptedColumns.js';

export const algorithms = ['HMAC-SHA256', 'ED25519'] as const;
export type Algorithm = (typeof algorithms)[number];

export interface StoredSecret {
  readonly webhookId: string;
  readonly id: string;
  readonly algorithm: Algorithm;
  /** `whsec_…`, or an Ed25519 key as PKCS #8 in PEM. */
  readonly secret: string;
  readonly createdAt: Date;
  readonly validUntil: Date | null;
}

/** Those of these webhooks that are good now, newest first. */
export function secretsOf(webhookIds: readonly string[]): Statement<StoredSecret> {
  return sql(
    'delivery.secretsOf',
    `select webhook_id, id, algorithm, secret, created_at, valid_until from webhook_secret
     where workspace_id = $1 and webhook_id = any($2::uuid[]) and (valid_until is null or valid_until > now()) order by id desc`,
    [webhookIds],
    (row, cipher) => ({
      webhookId: row['webhook_id'] as string,
      id: row['id'] as string,
      algorithm: row['algorithm'] as Algorithm,
      secret: cipher.open(webhookSecret, [row['webhook_id'] as string, row['id'] as string], row['secret'] as string),
      createdAt: row['created_at'] as Date,
      validUntil: row['valid_until'] as Date | null,
    }),
  );
}

/** `sealed`: the secret, sealed for this row. */
export function insertSecret(webhookId: string, id: string, algorithm: Algorithm, sealed: string): Statement {
  return sql(
    'delivery.insertSecret',
    'insert into webhook_secret (workspace_id, webhook_id, id, algorithm, secret) values ($1, $2, $3, $4, $5)',
    [webhookId, id, algorithm, sealed],
  );
}

/** Ends those that have no end yet, or a later one. */
export function endSecrets(webhookId: string, until: Date): Statement {
  return sql(
    'delivery.endSecrets',
    'update webhook_secret set valid_until = $3 where workspace_id = $1 and webhook_id = $2 and (valid_until is null or valid_until > $3) returning id',
    [webhookId, until],
  );
}

/** Those that were rolled away and are still good. */
export function countOverlapping(webhookId: string): Statement<number> {
  return sql(
    'delivery.countOverlapping',
    'select count(*) as count from webhook_secret where workspace_id = $1 and webhook_id = $2 and valid_until > now()',
    [webhookId],
    (row) => Number(row['count']),
  );
}

/** Those whose time is over. */
export function deleteEndedSecrets(webhookId: string): Statement {
  return sql(
    'delivery.deleteEndedSecrets',
    'delete from webhook_secret where workspace_id = $1 and webhook_id = $2 and valid_until <= now()',
    [webhookId],
  );
}
