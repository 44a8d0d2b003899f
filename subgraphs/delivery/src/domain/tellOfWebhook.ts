import type { DeliveryEventPayload, DeliveryEventType } from '@tributary/contracts/events';
import type { WorkspaceTransaction } from '@tributary/data';
import { appendEvents } from '@tributary/events';
import type { WebhookRow } from './model.js';

type ToldOfWebhook = Extract<DeliveryEventType, `webhook.${string}`>;

/** What each event makes more of, for a webhook that is sent these events itself. */
const echoed: ReadonlySet<ToldOfWebhook> = new Set([
  'webhook.failing',
  'webhook.recovered',
  'webhook.lagging',
  'webhook.dead_letter',
]);

/** Tells whoever watches webhooks, in the transaction that makes it so. */
export function tellOfWebhook(
  transaction: WorkspaceTransaction,
  type: ToldOfWebhook,
  { id, name, log }: Pick<WebhookRow, 'id' | 'name' | 'log'>,
  data: Readonly<Record<string, unknown>> = {},
): void {
  // What goes wrong while it is told that something goes wrong would be told without end.
  if (log === 'deliveries' && echoed.has(type)) return;
  const payload: DeliveryEventPayload = { webhookId: id, channelId: null, name, data };
  appendEvents(transaction, 'deliveries', [{ type, payload }]);
}
