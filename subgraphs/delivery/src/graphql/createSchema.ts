import { ApiKeyReference, SystemActor, UserReference } from '@tributary/server';
import type { GraphqlParts, Reference, SubgraphGraph } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { EventStreams } from '@tributary/events';
import type { Channels } from '../domain/channels/Channels.js';
import type { NotificationsSent } from '../domain/channels/NotificationsSent.js';
import type { Replays } from '../domain/Replays.js';
import type { WebhookFacts } from '../domain/WebhookFacts.js';
import type { Webhooks } from '../domain/Webhooks.js';
import { Alert, AlertNotificationsResolver } from './AlertNotificationsResolver.js';
import { ChannelResolver } from './ChannelResolver.js';
import { NotificationChannel, toChannel } from './NotificationChannel.js';
import { NotificationResolver } from './NotificationResolver.js';
import { createWebhookUpdatesResolver } from './createWebhookUpdatesResolver.js';
import { PreviewWebhookResolver } from './PreviewWebhookResolver.js';
import { toWebhook, Webhook } from './Webhook.js';
import { WebhookMutations } from './WebhookMutations.js';
import { WebhookResolver } from './WebhookResolver.js';

export interface DeliveryServices {
  readonly database: Database;
  readonly streams: EventStreams;
  readonly commands: CommandClient;
  readonly webhooks: Webhooks;
  readonly facts: WebhookFacts;
  readonly replays: Replays;
  readonly channels: Channels;
  readonly sent: NotificationsSent;
}

/** The delivery part of the graph. */
function parts(services: DeliveryServices): GraphqlParts {
  const { database, streams, commands, webhooks, facts, replays, channels, sent } = services;
  return {
    resolvers: [
      new WebhookResolver(webhooks, facts),
      new WebhookMutations(database, webhooks, replays),
      new PreviewWebhookResolver(database, commands, webhooks),
      createWebhookUpdatesResolver(database, streams, webhooks),
      new ChannelResolver(database, channels),
      new NotificationResolver(channels),
      new AlertNotificationsResolver(sent),
    ],
    types: [Webhook, NotificationChannel, Alert, UserReference, ApiKeyReference, SystemActor],
  };
}

const references: Readonly<Record<string, Reference<DeliveryServices>>> = {
  Webhook: {
    action: 'webhook.read',
    load: async ({ webhooks }, context, id) => {
      const row = await webhooks.find(context, id);
      return row && toWebhook(row);
    },
  },
  NotificationChannel: {
    action: 'channel.read',
    load: async ({ channels }, context, id) => {
      const row = await channels.find(context, id);
      return row && toChannel(row);
    },
  },
  Alert: { joins: Alert },
};

export const deliveryGraph: SubgraphGraph<DeliveryServices> = { parts, references };
