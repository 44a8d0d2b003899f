import type { CommandClient } from '@tributary/commands';
import { previewDeliveryCommand } from '@tributary/contracts/commands';
import type { DeliveredEvent } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { placeAtEnd, placeInFrontOf } from '@tributary/events';
import { pageSizeFor } from './delivery/pageSizeFor.js';
import { renderBody } from './delivery/renderBody.js';
import { algorithmsOf } from './delivery/signature.js';
import { userAgent } from './outgoing/Outgoing.js';
import type { CheckedWebhook, NewWebhook, Webhooks } from './Webhooks.js';

/** A request as it would have been. */
export interface PreviewedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of its last event. */
  readonly sequence: number;
}

export interface WebhookPreview {
  readonly requests: readonly PreviewedRequest[];
  /** Of one event. */
  readonly cost: number;
  readonly stream: string;
}

const most = 20;
const noWebhook = '00000000-0000-0000-0000-000000000000';
/** How far back is looked where a filter lets little through, in pages. */
const reaches = [1, 5, 20];

/**
 * The requests that the last events of a stream would have made, had there been this webhook. Sends and keeps nothing. Throws as `create`
 * of `Webhooks`, and INSUFFICIENT_PERMISSIONS for events that the caller may not see.
 */
export async function previewWebhook(
  database: Database,
  commands: CommandClient,
  webhooks: Webhooks,
  context: RequestContext,
  given: NewWebhook,
  last: number,
): Promise<WebhookPreview> {
  if (last < 1 || last > most)
    throw new CodedError('INVALID_INPUT', `\`last\` must be 1 to ${most}.`, { field: 'last' });
  const checked = await webhooks.check(context, given);
  const { stream, costPerEvent } = checked.document;
  const events = await lastEvents(database, commands, context, given, checked, last);
  const webhook = {
    ...{ id: noWebhook, workspaceId: context.principal.workspaceId, name: checked.name, log: checked.log, stream },
    ...{ format: given.format, maxBatch: checked.limits.maxBatch },
  };
  const signature = algorithmsOf(given.signing).map((each) => (each === 'ED25519' ? 'v1a,…' : 'v1,…'));
  const requests: PreviewedRequest[] = [];
  let previousSequence: number | null = null;
  for (let from = 0; from < events.length; from += webhook.maxBatch) {
    const batch = events.slice(from, from + webhook.maxBatch);
    const rendered = renderBody(webhook, batch, { attempt: 1, replayId: null, previousSequence });
    const headers = {
      ...checked.headers,
      'content-type': rendered.contentType,
      'user-agent': userAgent,
      'webhook-id': rendered.id,
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': signature.join(' '),
    };
    const { sequence } = batch.at(-1)!;
    // Where messages do not wait for each other, none says what it follows.
    if (given.ordering === 'STREAM') previousSequence = sequence;
    requests.push({ headers, body: rendered.body, sequence });
  }
  return { requests, cost: costPerEvent, stream };
}

async function lastEvents(
  database: Database,
  commands: CommandClient,
  context: RequestContext,
  given: NewWebhook,
  { log, document }: CheckedWebhook,
  last: number,
): Promise<readonly DeliveredEvent[]> {
  const scope = scopeOf(context);
  const first = pageSizeFor(document.costPerEvent);
  const asked = {
    document: given.document ?? null,
    documentId: given.documentId ?? null,
    variables: { ...given.variables },
    first,
  };
  const end = await placeAtEnd(database, scope, log);
  let found: readonly DeliveredEvent[] = [];
  for (const reach of reaches) {
    const start = await placeInFrontOf(database, scope, log, end.sequence - reach * first + 1);
    const page = await commands.call(previewDeliveryCommand, { ...asked, after: start.cursor }, context);
    // There are so many that a page does not reach the last ones, which the one before did.
    if (page.hasNextPage && found.length > 0) break;
    found = page.events;
    if (found.length >= last || start.sequence === 0) break;
  }
  return found.slice(-last);
}
