/** Values of the public graph's enums of webhooks. */
export const webhookFormats = ['STANDARD', 'CLOUDEVENTS'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

export const webhookSignings = ['SYMMETRIC', 'ASYMMETRIC', 'BOTH'] as const;
export type WebhookSigning = (typeof webhookSignings)[number];

export const deliveryStatuses = ['PENDING', 'ACTIVE', 'FAILING', 'PAUSED', 'DISABLED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const deadLetterStates = ['DEAD', 'SENT', 'DISCARDED'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

export const attemptOutcomes = ['DELIVERED', 'RETRY', 'DEAD_LETTER', 'REFUSED'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];
