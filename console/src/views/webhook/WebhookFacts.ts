import type { WebhookQuery } from '../../graph/generated/types';

export type WebhookFacts = NonNullable<WebhookQuery['webhook']>;

/** What is asked again when something was done to a webhook. */
export const refreshes = ['Webhook', 'Webhooks', 'WebhookAttempts', 'WebhookDeadLetters'] as const;
