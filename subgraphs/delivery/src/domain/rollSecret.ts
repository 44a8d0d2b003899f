import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import type { MutationInput } from '@tributary/data';
import { setActive } from '../storage/positionStatements.js';
import { countOverlapping, deleteEndedSecrets, endSecrets } from '../storage/secretStatements.js';
import { addKeys } from './addKeys.js';
import { recordChange } from './recordChange.js';
import type { Webhooks, WebhookWithSecret } from './Webhooks.js';

const mostHours = 168;

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
