import type { WorkspaceTransaction } from '@tributary/data';
import { noteCaughtUp, noteFailing, noteLagging, noteRecovered } from '../../storage/webhookStatements.js';
import type { WebhookRow } from '../model.js';
import { tellOfWebhook } from '../tellOfWebhook.js';
import { givenUpAfterMs } from './backoff.js';
import { disable } from './statusChanges.js';

/** An event that waits for longer than this is worth a word. */
const laggingAfterMs = 15 * 60_000;

/** Its receiver does not answer; after too long it is given up. */
export async function noteTrouble(transaction: WorkspaceTransaction, webhook: WebhookRow, now: number): Promise<void> {
  const failing = await transaction.queryOne(noteFailing(webhook.id, new Date(now)));
  if (!failing) return;
  if (failing.isNews) tellOfWebhook(transaction, 'webhook.failing', webhook, { failingSince: failing.since });
  if (now - failing.since.getTime() >= givenUpAfterMs) await disable(transaction, webhook, 'FAILING_TOO_LONG');
}

/** Its receiver answers. */
export async function noteAnswer(transaction: WorkspaceTransaction, webhook: WebhookRow): Promise<void> {
  if (await transaction.queryOne(noteRecovered(webhook.id))) tellOfWebhook(transaction, 'webhook.recovered', webhook);
}

/** How old what is sent just now was: once it is too old that is told, and once more when it was made up for in between. */
export async function noteAge(
  transaction: WorkspaceTransaction,
  webhook: WebhookRow,
  { sequence, occurredAt }: { readonly sequence: number; readonly occurredAt: string },
  now: number,
): Promise<void> {
  const isLate = now - Date.parse(occurredAt) > laggingAfterMs;
  if (isLate === (webhook.laggingSince !== null)) return;
  if (!isLate) await transaction.query(noteCaughtUp(webhook.id));
  else if (await transaction.queryOne(noteLagging(webhook.id, new Date(now))))
    tellOfWebhook(transaction, 'webhook.lagging', webhook, { sequence, oldestPendingAt: occurredAt });
}
