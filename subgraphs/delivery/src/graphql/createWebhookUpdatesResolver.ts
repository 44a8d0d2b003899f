import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { Allow, CursorScalar, toStreamConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import type { Database } from '@tributary/data';
import type { EventStreams, StreamEvent } from '@tributary/events';
import { pageOfWebhookEvents, watchWebhooks } from '../domain/watchWebhooks.js';
import type { Webhooks } from '../domain/Webhooks.js';
import { toWebhook, Webhook } from './Webhook.js';
import { toWebhookEvent, WebhookEvent, WebhookEventConnection } from './WebhookEvent.js';

interface UpdatesArguments {
  readonly webhookId?: readonly string[] | null;
  readonly after?: string | null;
}

const which = { nullable: true, description: 'Which webhooks. Null: all.' } as const;

/** A function, because type-graphql hands `subscribe` no instance: the class closes over what it needs. */
export function createWebhookUpdatesResolver(database: Database, streams: EventStreams, webhooks: Webhooks): object {
  @Resolver(() => WebhookEvent)
  class WebhookUpdatesResolver {
    @Subscription(() => WebhookEvent, {
      description:
        'What becomes of the workspace’s webhooks, each event once and in order. Without `after` first a stream.snapshot; with one that this stream does not hold first a stream.reset.',
      subscribe: ({ args, context }: { args: UpdatesArguments; context: GraphqlContext }) =>
        watchWebhooks(streams, context, args.webhookId ?? null, args.after ?? null),
    })
    @Allow('webhook.read')
    webhookUpdates(
      @Root() event: StreamEvent,
      @Arg('webhookId', () => [ID], which) _webhookId: string[] | null,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this position.' })
      _after: string | null,
    ): WebhookEvent {
      return toWebhookEvent(event);
    }

    @Query(() => WebhookEventConnection, {
      nullable: true,
      description:
        'What webhookUpdates streams, as a page, oldest first, for whoever looks now and then, and for webhooks that subscribe to webhookUpdates: cursors are good for all. An `after` behind which events are no longer kept gives one stream.reset first; without `after` it begins with the oldest event that is kept.',
    })
    @Allow('webhook.read')
    async webhookEvents(
      @Arg('webhookId', () => [ID], which) webhookId: string[] | null,
      @Arg('first', () => Int, { defaultValue: 50, description: 'Events at most, 1 to 100.' }) first: number,
      @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this position.' })
      after: string | null,
      @Ctx() context: GraphqlContext,
    ): Promise<ConnectionValue<WebhookEvent>> {
      const page = await pageOfWebhookEvents(database, context, webhookId ?? null, { first, after: after ?? null });
      return toStreamConnection(page, toWebhookEvent);
    }

    @FieldResolver(() => Webhook, {
      nullable: true,
      description:
        'The webhook, as of delivery, so it may be newer than the event. Null when it is gone, and on a stream.* event.',
    })
    async webhook(@Root() { webhookId }: WebhookEvent, @Ctx() context: GraphqlContext): Promise<Webhook | null> {
      const row = webhookId && (await webhooks.load(context, webhookId));
      return row ? toWebhook(row) : null;
    }
  }
  return new WebhookUpdatesResolver();
}
