import { z } from 'zod';
import type { Actor, Principal } from '../principal.js';
import { webhookMeasures } from '../values/alert.js';
import { defineCommand } from './Command.js';
import type { WindowFigure } from './metrics.js';

/** The part of the product that hands events to receivers outside: only it may ask for what a webhook is sent. */
export const deliveryPart = 'delivery';

/** What a subscription document turned out to be, when it is registered. */
export interface DeliverableDocument {
  /** As it was sent, or as it is stored. */
  readonly document: string;
  /** The field of Subscription. */
  readonly stream: string;
  /** What that field is given, `after` left out. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Of one event, in the unit of operations' costs. */
  readonly costPerEvent: number;
}

const documentToDeliver = {
  document: z.string().max(100_000).nullable(),
  documentId: z.string().max(200).nullable(),
  variables: z.record(z.string(), z.unknown()),
};

/**
 * Reads a document that somebody wants to register, on behalf of the caller. Throws INVALID_INPUT (reason NOT_A_STREAM), OPERATION_NOT_STORED,
 * OPERATION_TOO_COMPLEX, and what is wrong with the document.
 */
export const deliverableCommand = defineCommand<DeliverableDocument>()({
  subgraph: 'gateway',
  name: 'deliverable',
  action: 'webhook.write',
  input: z.object(documentToDeliver),
});

export interface DeliveredEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly type: string;
  /** RFC 3339. */
  readonly occurredAt: string;
  /** What a subscriber gets as `data`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** As in GraphQL, where a part of it failed. */
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
}

export type DeliveryPage =
  | {
      readonly kind: 'page';
      readonly events: readonly DeliveredEvent[];
      readonly endCursor: string;
      readonly hasNextPage: boolean;
    }
  /** Whoever the webhook belongs to may receive nothing any more. */
  | { readonly kind: 'ownerGone' };

/**
 * The next events of a webhook, with the rights that its owner has now. Throws RESOURCE_NOT_FOUND for a webhook that the workspace does
 * not have, and what the page was refused with.
 */
export const deliverCommand = defineCommand<DeliveryPage>()({
  subgraph: 'gateway',
  name: 'deliver',
  action: 'webhook.deliver',
  input: z.object({
    webhookId: z.uuid(),
    after: z.string().max(200),
    first: z.number().int().min(1).max(100),
  }),
});

/**
 * Events of a document that is not registered, on behalf of the caller, in the shape that its webhook would be sent. Throws what `deliverable`
 * throws, and INSUFFICIENT_PERMISSIONS for events that the caller may not see.
 */
export const previewDeliveryCommand = defineCommand<Extract<DeliveryPage, { readonly kind: 'page' }>>()({
  subgraph: 'gateway',
  name: 'previewDelivery',
  action: 'webhook.write',
  input: z.object({
    ...documentToDeliver,
    after: z.string().max(200),
    first: z.number().int().min(1).max(100),
  }),
});

export interface WebhookToDeliver {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly owner: Exclude<Actor, { readonly kind: 'system' }>;
}

/** What the gateway must know of a webhook. Null when the workspace has none of this id. */
export const webhookToDeliverCommand = defineCommand<WebhookToDeliver | null>()({
  subgraph: 'delivery',
  name: 'webhookToDeliver',
  action: 'webhook.deliver',
  input: z.object({ webhookId: z.uuid() }),
});

/**
 * One measure of webhooks at moments that are a step apart, for alert rules: of the one that is worst off, or of each that has one, by public
 * id. What is known of webhooks now is what is answered: of one that has recovered nobody sees that it had failed, and it is behind by what it
 * has not taken now. Throws INVALID_INPUT for more than 100,000 figures.
 */
export const webhookFiguresCommand = defineCommand<WindowFigure[]>()({
  subgraph: 'delivery',
  name: 'webhookFigures',
  action: 'webhook.read',
  input: z.object({
    measure: z.enum(webhookMeasures),
    groupBy: z.literal('WEBHOOK').nullable(),
    firstEnd: z.coerce.date(),
    count: z.number().int().min(1).max(10_000),
    stepMs: z.number().int().min(1_000),
  }),
});

/** Addresses of the people who look after a workspace, for mail that the product itself sends; none while it is suspended. */
export const adminAddressesCommand = defineCommand<readonly string[]>()({
  subgraph: 'workspace',
  name: 'adminAddresses',
  action: 'identity.resolve',
  input: z.object({}),
});

/** What a person or key of the workspace may do now. Null when it is none of its any more, or the workspace is suspended. */
export const presentPrincipalCommand = defineCommand<Principal | null>()({
  subgraph: 'workspace',
  name: 'presentPrincipal',
  action: 'identity.resolve',
  input: z.object({ kind: z.enum(['user', 'apiKey']), id: z.uuid() }),
});
