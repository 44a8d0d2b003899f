import { CodedError } from '@tributary/contracts/errors';
import type { WebhookSigning } from '@tributary/contracts/values';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { MutationInput, WorkspaceTransaction } from '@tributary/data';
import { webhookSecret } from '../storage/encryptedColumns.js';
import { setActive } from '../storage/positionStatements.js';
import {
  countOverlapping,
  deleteEndedSecrets,
  endSecrets,
  insertSecret,
  secretsOf,
} from '../storage/secretStatements.js';
import { algorithmsOf, newKey } from './delivery/signature.js';
import { recordChange } from './recordChange.js';
import type { Webhooks, WebhookWithSecret } from './Webhooks.js';

const mostHours = 168;

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

/**
 * Another secret: both are good for the hours that are given, 0 ends the old one now. Throws INVALID_INPUT, RESOURCE_NOT_FOUND, and
 * RESOURCE_CONFLICT (ROTATION_OPEN) while two are good already.
 */
export function rollSecret(
  webhooks: Webhooks,
  context: RequestContext,
  { id, overlapHours }: { readonly id: string; readonly overlapHours: number },
  input: MutationInput,
): Promise<WebhookWithSecret> {
  if (overlapHours < 0 || overlapHours > mostHours)
    throw new CodedError('INVALID_INPUT', '`overlapHours` must be 0 to 168.', { field: 'overlapHours' });
  return webhooks.change<WebhookWithSecret>(
    context,
    'rollWebhookSecret',
    id,
    input,
    async (transaction, webhook) => {
      await transaction.query(deleteEndedSecrets(webhook.id));
      if (((await transaction.queryOne(countOverlapping(webhook.id))) ?? 0) > 0 && overlapHours > 0)
        throw new CodedError(
          'RESOURCE_CONFLICT',
          'Two secrets are good already. Wait for the end of the older one, or roll with 0 hours.',
          {
            reason: 'ROTATION_OPEN',
          },
        );
      await transaction.query(endSecrets(webhook.id, new Date(Date.now() + overlapHours * 3_600_000)));
      const secret = await addKeys(transaction, webhook.id, webhook.signing);
      // Whoever is sending just now begins anew, with the secrets that are good from here on.
      await transaction.query(setActive(webhook.id, webhook.status === 'ACTIVE' || webhook.status === 'FAILING'));
      recordChange(transaction, context, 'webhook.rollSecret', webhook, null, { overlapHours });
      return { webhook, secret };
    },
    (result) => ({ ...result, secret: null }),
  );
}
