import type { DeliveryEventPayload, DeliveryEventType } from '@tributary/contracts/events';
import type { WorkspaceTransaction } from '@tributary/data';
import { appendEvents } from '@tributary/events';
import type { ChannelRow } from '../model.js';

type ToldOfChannel = Extract<DeliveryEventType, `channel.${string}`>;

/** Says in stream `deliveries` what became of a channel, in the transaction that makes it so. */
export function tellOfChannel(
  transaction: WorkspaceTransaction,
  type: ToldOfChannel,
  { id, name }: Pick<ChannelRow, 'id' | 'name'>,
  data: Readonly<Record<string, unknown>> = {},
): void {
  const payload: DeliveryEventPayload = { webhookId: null, channelId: id, name, data };
  appendEvents(transaction, 'deliveries', [{ type, payload }]);
}
