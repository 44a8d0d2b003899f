import { Field, Float, ObjectType } from 'type-graphql';
import type { StreamEvent } from '@tributary/events';
import { connectionType, CursorScalar, DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { readDeliveryEvent } from '../domain/watchWebhooks.js';

@ObjectType({ description: 'Something that became of a webhook, or word about the stream itself.' })
export class WebhookEvent {
  @Field(() => Float, {
    description: '1, 2, 3 … within the workspace. Numbers between belong to other webhooks, and to channels.',
  })
  sequence!: number;

  @Field(() => CursorScalar, { description: 'Hand it back as `after` to go on behind this event.' })
  cursor!: string;

  @Field(() => CursorScalar, {
    nullable: true,
    description:
      'The position that this event follows on this subscription, or that this page does. Null on the first stream.* event, and on the first of a page without `after`.',
  })
  previousCursor!: string | null;

  @Field(() => String, {
    description:
      'webhook.activated, webhook.failing, webhook.recovered, webhook.lagging (what it is sent is more than 15 minutes old), webhook.dead_letter, webhook.paused, webhook.resumed, webhook.disabled, webhook.deleted; stream.snapshot, stream.reset and stream.bookmark are about the stream. Of a webhook that is sent these events itself, failing, recovered, lagging and dead_letter are not told. Others may be added.',
  })
  type!: string;

  @Field(() => JsonObjectScalar, {
    description:
      'What stood when it happened: failingSince and oldestPendingAt as times, reason, sequence, type and attempts of an event that could not be delivered.',
  })
  data!: Record<string, unknown>;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  occurredAt!: Date;

  /** Bare uuid; null on a `stream.*` event. */
  webhookId!: string | null;
}

@ObjectType('WebhookEventConnection', {
  description:
    'A page of the stream of webhooks’ events, oldest first. Its endCursor is the position read up to, also when the filter let nothing through.',
})
export class WebhookEventConnection extends connectionType(() => WebhookEvent, 'WebhookEvent') {}

export function toWebhookEvent(event: StreamEvent): WebhookEvent {
  const { sequence, cursor, previousCursor, type, payload, occurredAt } = event;
  const told = readDeliveryEvent(event);
  const [webhookId, data] = [told?.webhookId ?? null, told?.data ?? payload];
  return Object.assign(new WebhookEvent(), { sequence, cursor, previousCursor, type, data, occurredAt, webhookId });
}
