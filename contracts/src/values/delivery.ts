/** Values of the public graph's enums of webhooks and channels. */
export const webhookFormats = ['STANDARD', 'CLOUDEVENTS', 'ALERTMANAGER'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

export const webhookSignings = ['SYMMETRIC', 'ASYMMETRIC', 'BOTH'] as const;
export type WebhookSigning = (typeof webhookSignings)[number];

export const webhookOrderings = ['STREAM', 'ENTITY', 'NONE'] as const;
export type WebhookOrdering = (typeof webhookOrderings)[number];

export const deliveryStatuses = ['PENDING', 'ACTIVE', 'FAILING', 'PAUSED', 'DISABLED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const deadLetterStates = ['DEAD', 'SENT', 'DISCARDED'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

export const attemptOutcomes = ['DELIVERED', 'RETRY', 'DEAD_LETTER', 'REFUSED'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const channelKinds = ['EMAIL', 'SLACK', 'PAGERDUTY', 'WEBHOOK'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Why people are told of a group of alerts; MOVED: for the last time, since they are told elsewhere, or nowhere, from now on. */
export const notificationKinds = ['FIRED', 'UPDATED', 'REPEATED', 'ESCALATED', 'RESOLVED', 'MOVED'] as const;
export type NotificationKind = (typeof notificationKinds)[number];
