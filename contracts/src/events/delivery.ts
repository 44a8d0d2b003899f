/** What is written to stream `deliveries`: what becomes of webhooks, and of channels. */
export const deliveryEventTypes = [
  'webhook.activated',
  'webhook.failing',
  'webhook.recovered',
  'webhook.lagging',
  'webhook.dead_letter',
  'webhook.paused',
  'webhook.resumed',
  'webhook.disabled',
  'webhook.deleted',
  'channel.disabled',
  'channel.restored',
  'channel.deleted',
] as const;
export type DeliveryEventType = (typeof deliveryEventTypes)[number];

/** The payload of an event on stream `deliveries`. It says of nobody where messages are sent. */
export type DeliveryEventPayload = {
  /** Bare uuid; null where it is about a channel. */
  readonly webhookId: string | null;
  /** Bare uuid; null where it is about a webhook. */
  readonly channelId: string | null;
  /** What people called it then. */
  readonly name: string;
  /** What clients get as `data`. */
  readonly data: Readonly<Record<string, unknown>>;
};
