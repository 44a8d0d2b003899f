import { uuidOf } from '@tributary/contracts/ids';
import type { DeliveryEventPayload } from '@tributary/contracts/events';
import { deliveryEventPayload } from '@tributary/contracts/payloads';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { readStreamPage } from '@tributary/events';
import type { EventStreams, LoggedEvent, StreamEvent, StreamPage } from '@tributary/events';

/**
 * What becomes of a workspace's webhooks, or of some of them, each event once and in order. Throws INVALID_INPUT for a malformed cursor or
 * id.
 */
export function watchWebhooks(
  streams: EventStreams,
  context: RequestContext,
  webhookIds: readonly string[] | null,
  after: string | null,
): AsyncIterableIterator<StreamEvent> {
  return streams.subscribe(scopeOf(context), 'deliveries', { after, accepts: acceptedBy(webhookIds) });
}

/** A page of what `watchWebhooks` shows. */
export function pageOfWebhookEvents(
  database: Database,
  context: RequestContext,
  webhookIds: readonly string[] | null,
  request: { readonly first: number; readonly after: string | null },
): Promise<StreamPage> {
  return readStreamPage(database, scopeOf(context), 'deliveries', { ...request, accepts: acceptedBy(webhookIds) });
}

/** Null for word about the stream itself, and for what cannot be read. */
export function readDeliveryEvent({
  type,
  payload,
}: Pick<StreamEvent, 'type' | 'payload'>): DeliveryEventPayload | null {
  if (type.startsWith('stream.')) return null;
  const parsed = deliveryEventPayload.safeParse(payload);
  return parsed.success ? parsed.data : null;
}

function acceptedBy(ids: readonly string[] | null): (event: LoggedEvent) => boolean {
  const wanted = ids && new Set(ids.map((id) => uuidOf('hook', id)));
  return (event) => {
    const webhookId = readDeliveryEvent(event)?.webhookId ?? null;
    return webhookId !== null && (wanted === null || wanted.has(webhookId));
  };
}
