import type { WebhookSigning } from '@tributary/contracts/values';
import type { WorkspaceTransaction } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { webhookSecret } from '../storage/encryptedColumns.js';
import { insertSecret, secretsOf } from '../storage/secretStatements.js';
import { algorithmsOf, newKey } from './delivery/signature.js';

/** Makes the keys that a webhook of this signing lacks. Answers the one that its receiver must be told; null: none was made. */
export async function addKeys(
  transaction: WorkspaceTransaction,
  webhookId: string,
  signing: WebhookSigning,
): Promise<string | null> {
  const known = await transaction.query(secretsOf([webhookId]));
  let shown: string | null = null;
  for (const algorithm of algorithmsOf(signing)) {
    if (known.some((secret) => secret.algorithm === algorithm && secret.validUntil === null)) continue;
    const [id, key] = [newUuid(), newKey(algorithm)];
    const sealed = transaction.cipher.seal(webhookSecret, [webhookId, id], key);
    await transaction.query(insertSecret(webhookId, id, algorithm, sealed));
    if (algorithm === 'HMAC-SHA256') shown = key;
  }
  return shown;
}
