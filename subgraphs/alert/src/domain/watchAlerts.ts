import type { AlertSeverity } from '@tributary/contracts/values';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { readStreamPage } from '@tributary/events';
import type { EventStreams, LoggedEvent, StreamEvent, StreamPage } from '@tributary/events';
import { readAlertEvent } from './alertEvents.js';
import { filterIds } from './filterIds.js';
import { severitiesFrom } from './severity.js';

/** As a client gives it, ids in their public form. */
export interface UpdatesQuery {
  readonly minSeverity?: AlertSeverity | null;
  readonly ruleId?: readonly string[] | null;
  readonly flowId?: readonly string[] | null;
  readonly assetId?: readonly string[] | null;
}

export interface AlertUpdate {
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
  readonly type: string;
  /** Bare uuid; null on a `stream.*` event. */
  readonly alertId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

/**
 * What happens to a workspace's alerts, each event once and in order. Throws INVALID_INPUT for a malformed cursor or id. The filter
 * looks only at what never changes in an alert's life.
 */
export function watchAlerts(
  streams: EventStreams,
  context: RequestContext,
  query: UpdatesQuery,
  after: string | null,
): AsyncIterableIterator<AlertUpdate> {
  return mapped(streams.subscribe(scopeOf(context), 'alerts', { after, accepts: acceptedBy(query) }), toUpdate);
}

/** A page of what `watchAlerts` shows. */
export async function pageOfAlertEvents(
  database: Database,
  context: RequestContext,
  query: UpdatesQuery,
  request: { readonly first: number; readonly after: string | null },
): Promise<Omit<StreamPage, 'items'> & { readonly items: readonly AlertUpdate[] }> {
  const page = await readStreamPage(database, scopeOf(context), 'alerts', { ...request, accepts: acceptedBy(query) });
  return { ...page, items: page.items.map(toUpdate) };
}

function acceptedBy(query: UpdatesQuery): (event: LoggedEvent) => boolean {
  const severities = query.minSeverity ? severitiesFrom(query.minSeverity) : null;
  const ruleIds = filterIds('rule', query.ruleId);
  const flowIds = filterIds('flow', query.flowId);
  const assetIds = filterIds('asset', query.assetId);
  const fits = (wanted: readonly string[] | null, value: string | null) =>
    wanted === null || (value !== null && wanted.includes(value));
  return ({ payload }) => {
    const event = readAlertEvent(payload);
    return (
      event !== null &&
      fits(severities, event.severity) &&
      fits(ruleIds, event.ruleId) &&
      fits(flowIds, event.flowId) &&
      fits(assetIds, event.assetId)
    );
  };
}

function toUpdate(event: StreamEvent): AlertUpdate {
  const alert = event.type.startsWith('stream.') ? null : readAlertEvent(event.payload);
  const { sequence, cursor, previousCursor, type, occurredAt } = event;
  return {
    sequence,
    cursor,
    previousCursor,
    type,
    alertId: alert?.alertId ?? null,
    data: alert ? alert.data : event.payload,
    occurredAt,
  };
}

/** An async generator here would hold back `return` until the next event. */
function mapped<From, To>(source: AsyncIterableIterator<From>, map: (value: From) => To): AsyncIterableIterator<To> {
  const pass = async (step: Promise<IteratorResult<From>> | undefined): Promise<IteratorResult<To>> => {
    const event = await step;
    return !event || event.done ? { done: true, value: undefined } : { done: false, value: map(event.value) };
  };
  return {
    next: () => pass(source.next()),
    return: () => pass(source.return?.()),
    throw: (error) => pass(source.throw?.(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
