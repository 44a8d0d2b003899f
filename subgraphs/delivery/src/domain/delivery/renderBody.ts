import type { DeliveredEvent } from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import type { WebhookFormat } from '@tributary/contracts/values';
import type { WebhookRow } from '../model.js';
import { alertmanagerBody } from './alertmanagerBody.js';
import { eventIdOf } from './eventId.js';

/** What a message says of its webhook, and is formed by. */
export type RenderedWebhook = Pick<
  WebhookRow,
  'id' | 'workspaceId' | 'name' | 'log' | 'stream' | 'format' | 'maxBatch'
>;

export interface Rendered {
  /** Of the last event. */
  readonly id: string;
  readonly body: string;
  readonly contentType: string;
}

export interface RenderedAs {
  readonly attempt: number;
  /** Null: live. */
  readonly replayId: string | null;
  /** The last one that was sent before; null: none. */
  readonly previousSequence: number | null;
}

/** Over this, an event is told of without its data: it is fetched by its cursor. */
const mostBytes = 256 * 1024;

/** The body of a request for one event or, with `batch`, for several. Nothing of it is stored: each attempt renders it anew. */
export function renderBody(webhook: RenderedWebhook, events: readonly DeliveredEvent[], as: RenderedAs): Rendered {
  let previous = as.previousSequence;
  const rendered = events.map((event) => {
    const message = messageOf(webhook, event, { ...as, previousSequence: previous });
    previous = event.sequence;
    return message;
  });
  const cloud = webhook.format === 'CLOUDEVENTS';
  const batch = webhook.maxBatch > 1;
  const wrapped = batch ? (cloud ? rendered : { events: rendered }) : rendered[0];
  const contentType = cloud ? `application/cloudevents${batch ? '-batch' : ''}+json` : 'application/json';
  return {
    id: eventIdOf(webhook.id, webhook.log, events.at(-1)!.sequence),
    body: JSON.stringify(wrapped),
    contentType,
  };
}

type Form = (webhook: RenderedWebhook, event: DeliveredEvent, as: RenderedAs) => Readonly<Record<string, unknown>>;

const forms: Readonly<Record<WebhookFormat, Form>> = {
  STANDARD: standardOf,
  CLOUDEVENTS: cloudEventOf,
  ALERTMANAGER: alertmanagerOf,
};

/** As far as the document asks for what Alertmanager says of an alert. */
function alertmanagerOf(webhook: RenderedWebhook, event: DeliveredEvent): Readonly<Record<string, unknown>> {
  const [update] = Object.values(event.data) as { readonly alert?: Readonly<Record<string, unknown>> | null }[];
  const alert = update?.alert ?? {};
  const text = (name: string) => (typeof alert[name] === 'string' ? alert[name] : null);
  const fingerprint = text('fingerprint') ?? text('id') ?? eventIdOf(webhook.id, webhook.log, event.sequence);
  const labels = alert['labels'] as Readonly<Record<string, unknown>> | undefined;
  return alertmanagerBody({
    receiver: webhook.name,
    groupKey: fingerprint,
    groupLabels: {},
    truncatedAlerts: 0,
    alerts: [
      {
        fingerprint,
        title: text('title') ?? event.type,
        description: text('description'),
        severity: text('severity') ?? 'WARNING',
        status: event.type === 'alert.resolved' ? 'RESOLVED' : (text('status') ?? 'FIRING'),
        labels: labels ?? null,
        firedAt: text('firstSeenAt') ?? event.occurredAt,
        resolvedAt: text('resolvedAt') ?? (event.type === 'alert.resolved' ? event.occurredAt : null),
        runbookUrl: text('runbookUrl'),
      },
    ],
  });
}

function messageOf(webhook: RenderedWebhook, event: DeliveredEvent, as: RenderedAs): Readonly<Record<string, unknown>> {
  const whole = forms[webhook.format](webhook, event, as);
  if (Buffer.byteLength(JSON.stringify(whole)) <= mostBytes) return whole;
  const { errors: _errors, ...rest } = whole as Record<string, unknown>;
  return { ...rest, data: null, truncated: true };
}

function standardOf(
  webhook: RenderedWebhook,
  event: DeliveredEvent,
  as: RenderedAs,
): Readonly<Record<string, unknown>> {
  return {
    type: event.type,
    timestamp: event.occurredAt,
    data: event.data,
    ...(event.errors ? { errors: event.errors } : {}),
    ...placeOf(webhook, event, as),
  };
}

function cloudEventOf(
  webhook: RenderedWebhook,
  event: DeliveredEvent,
  as: RenderedAs,
): Readonly<Record<string, unknown>> {
  const { sequence, ...place } = placeOf(webhook, event, as);
  return {
    specversion: '1.0',
    id: eventIdOf(webhook.id, webhook.log, event.sequence),
    type: event.type,
    source: `/workspaces/${place.workspaceId}/streams/${webhook.stream}`,
    time: event.occurredAt,
    datacontenttype: 'application/json',
    // Extensions have names of small letters and digits.
    sequence: String(sequence),
    cursor: place.cursor,
    webhookid: place.webhookId,
    attempt: place.attempt,
    ...(place.previousSequence === null ? {} : { previoussequence: String(place.previousSequence) }),
    ...(place.replayId === null ? {} : { replayid: place.replayId }),
    data: event.errors ? { ...event.data, errors: event.errors } : event.data,
  };
}

function placeOf(webhook: RenderedWebhook, event: DeliveredEvent, as: RenderedAs) {
  return {
    sequence: event.sequence,
    previousSequence: as.previousSequence,
    cursor: event.cursor,
    stream: webhook.stream,
    workspaceId: encodeId('ws', webhook.workspaceId),
    webhookId: encodeId('hook', webhook.id),
    attempt: as.attempt,
    replayId: as.replayId === null ? null : encodeId('replay', as.replayId),
  };
}
