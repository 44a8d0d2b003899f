import { registerEnumType } from 'type-graphql';
import {
  attemptOutcomes,
  channelKinds,
  deadLetterStates,
  deliveryStatuses,
  enumOf,
  webhookFormats,
  webhookOrderings,
  webhookSignings,
} from '@tributary/contracts/values';

export const WebhookFormat = enumOf(webhookFormats);
export type WebhookFormat = (typeof webhookFormats)[number];
registerEnumType(WebhookFormat, {
  name: 'WebhookFormat',
  description: 'The form of what a webhook is sent.',
  valuesConfig: {
    STANDARD: { description: 'Standard Webhooks: type, timestamp and data.' },
    CLOUDEVENTS: { description: 'CloudEvents 1.0 in JSON, structured mode.' },
    ALERTMANAGER: {
      description:
        'What Prometheus Alertmanager sends, version 4: for alertUpdates, whose document asks for the alert’s fields.',
    },
  },
});

export const WebhookSigning = enumOf(webhookSignings);
export type WebhookSigning = (typeof webhookSignings)[number];
registerEnumType(WebhookSigning, {
  name: 'WebhookSigning',
  description: 'How messages are signed.',
  valuesConfig: {
    SYMMETRIC: { description: 'HMAC-SHA256 with a shared secret: v1.' },
    ASYMMETRIC: { description: 'Ed25519, checked with a public key: v1a.' },
    BOTH: { description: 'Both ways.' },
  },
});

export const WebhookOrdering = enumOf(webhookOrderings);
export type WebhookOrdering = (typeof webhookOrderings)[number];
registerEnumType(WebhookOrdering, {
  name: 'WebhookOrdering',
  description: 'Which messages wait for which.',
  valuesConfig: {
    STREAM: { description: 'Each for the one before it.' },
    ENTITY: { description: 'Those about one flow or alert for each other; up to 16 others beside them.' },
    NONE: { description: 'None for another; up to 16 side by side.' },
  },
});

export const DeliveryStatus = enumOf(deliveryStatuses);
export type DeliveryStatus = (typeof deliveryStatuses)[number];
registerEnumType(DeliveryStatus, {
  name: 'DeliveryStatus',
  description: 'Whether events are sent.',
  valuesConfig: {
    PENDING: { description: 'Not before its receiver has answered a test.' },
    ACTIVE: { description: 'They are.' },
    FAILING: { description: 'Its receiver is in trouble: it is tried again, and nothing is skipped.' },
    PAUSED: { description: 'Not until somebody resumes it.' },
    DISABLED: { description: 'Its receiver was given up: not until somebody resumes it.' },
  },
});

export const DeadLetterState = enumOf(deadLetterStates);
export type DeadLetterState = (typeof deadLetterStates)[number];
registerEnumType(DeadLetterState, {
  name: 'DeadLetterState',
  description: 'What became of an event that could not be delivered.',
  valuesConfig: {
    DEAD: { description: 'It waits to be replayed or discarded.' },
    SENT: { description: 'A replay delivered it.' },
    DISCARDED: { description: 'It was given up.' },
  },
});

export const AttemptOutcome = enumOf(attemptOutcomes);
export type AttemptOutcome = (typeof attemptOutcomes)[number];
registerEnumType(AttemptOutcome, {
  name: 'AttemptOutcome',
  description: 'What came of a request.',
  valuesConfig: {
    DELIVERED: { description: 'Answered with 2xx.' },
    RETRY: { description: 'It is tried again.' },
    DEAD_LETTER: { description: 'Its event could not be delivered, and the next one is sent.' },
    REFUSED: { description: 'The receiver is gone, may not be reached, or did not take the test.' },
  },
});

export const ChannelKind = enumOf(channelKinds);
export type ChannelKind = (typeof channelKinds)[number];
registerEnumType(ChannelKind, {
  name: 'ChannelKind',
  description: 'What people are told by.',
  valuesConfig: {
    EMAIL: { description: 'Mail, by the installation’s server.' },
    SLACK: { description: 'Slack: an incoming webhook, or a bot.' },
    PAGERDUTY: { description: 'PagerDuty: one incident for each group of alerts.' },
    WEBHOOK: { description: 'Any receiver of HTTP, in the form of Standard Webhooks or of Alertmanager.' },
  },
});
