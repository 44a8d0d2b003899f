import { CodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { Database, MutationInput } from '@tributary/data';
import { attemptOfTest } from '../storage/attemptStatements.js';
import { putPosition, testId } from '../storage/positionStatements.js';
import type { WebhookAttempt, WebhookRow } from './model.js';
import { recordChange } from './recordChange.js';
import { waitForTest } from './waitForTest.js';
import { notFound, testOf } from './Webhooks.js';
import type { Webhooks } from './Webhooks.js';

/**
 * Has a test sent, which the part that dials out does, and waits a little for what came of it. Throws RESOURCE_NOT_FOUND, and
 * SERVICE_UNAVAILABLE when the receiver has not answered by then: what comes of it stands among the attempts.
 */
export async function testWebhook(
  database: Database,
  webhooks: Webhooks,
  context: RequestContext,
  id: string,
  input: MutationInput,
): Promise<{ readonly webhook: WebhookRow; readonly attempt: WebhookAttempt }> {
  const { webhookId, before } = await webhooks.change(
    context,
    'testWebhook',
    id,
    input,
    async (transaction, webhook) => {
      await transaction.query(putPosition(testOf(webhook)));
      recordChange(transaction, context, 'webhook.test', webhook, null, null);
      // What is newer than this came of the test, in a replay of the mutation, too.
      return { webhookId: webhook.id, before: newUuid() };
    },
  );
  const attempt = await waitForTest(database, context, attemptOfTest(webhookId, testId, before));
  if (attempt) {
    const webhook = await webhooks.find({ ...context, operation: {} }, id);
    if (!webhook) throw notFound();
    return { webhook, attempt };
  }
  throw new CodedError(
    'SERVICE_UNAVAILABLE',
    'The receiver has not answered yet. What came of the test stands among the webhook’s attempts.',
  );
}
