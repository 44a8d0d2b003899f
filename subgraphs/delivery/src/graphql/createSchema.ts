import { ApiKeyReference, SystemActor, UserReference } from '@tributary/server';
import type { GraphqlParts, Reference } from '@tributary/server';
import type { Database } from '@tributary/data';
import type { Replays } from '../domain/Replays.js';
import type { WebhookFacts } from '../domain/WebhookFacts.js';
import type { Webhooks } from '../domain/Webhooks.js';
import { toWebhook, Webhook } from './Webhook.js';
import { WebhookMutations } from './WebhookMutations.js';
import { WebhookResolver } from './WebhookResolver.js';

export interface DeliveryServices {
  readonly database: Database;
  readonly webhooks: Webhooks;
  readonly facts: WebhookFacts;
  readonly replays: Replays;
}

/** The delivery part of the graph. */
export function deliveryGraphql({ database, webhooks, facts, replays }: DeliveryServices): GraphqlParts {
  return {
    resolvers: [new WebhookResolver(webhooks, facts), new WebhookMutations(database, webhooks, replays)],
    types: [Webhook, UserReference, ApiKeyReference, SystemActor],
  };
}

export const deliveryReferences: Readonly<Record<string, Reference<DeliveryServices>>> = {
  Webhook: {
    action: 'webhook.read',
    load: async ({ webhooks }, context, id) => {
      const row = await webhooks.find(context, id);
      return row && toWebhook(row);
    },
  },
};
