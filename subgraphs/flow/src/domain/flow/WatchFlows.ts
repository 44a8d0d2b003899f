import { CodedError } from '@tributary/contracts/errors';
import { decodeId, uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { flowStream } from '@tributary/contracts/events';
import { readStreamPage } from '@tributary/events';
import type { EventStreams, LoggedEvent, StreamEvent, StreamPage } from '@tributary/events';
import { existingFlows, snapshotOf } from '../../storage/flowStatements.js';

export interface FlowUpdatesFilter {
  readonly kinds: readonly string[] | null;
  /** Public ids. */
  readonly flowIds: readonly string[] | null;
}

export interface FlowEventsPage {
  readonly first: number;
  readonly after: string | null;
}

const maxFilterValues = 250;

/** Subscriptions to flows, and pages of the same events. */
export class WatchFlows {
  constructor(
    private readonly database: Database,
    private readonly streams: EventStreams,
  ) {}

  /** Every event of one flow; the snapshot says how it stands. Throws RESOURCE_NOT_FOUND. */
  async one(context: RequestContext, id: string, after: string | null): Promise<AsyncIterableIterator<StreamEvent>> {
    const known = await this.known(context, id);
    return this.streams.subscribe(scopeOf(context), flowStream(known), {
      after,
      snapshot: snapshotOf(known),
    });
  }

  /** The life of all flows that the filter lets through. It looks at kind and flow only, which never change. */
  all(context: RequestContext, filter: FlowUpdatesFilter, after: string | null): AsyncIterableIterator<StreamEvent> {
    return this.streams.subscribe(scopeOf(context), 'flows', { after, ...acceptedBy(filter) });
  }

  /** A page of what `one` shows. Throws RESOURCE_NOT_FOUND. */
  async pageOfOne(context: RequestContext, id: string, page: FlowEventsPage): Promise<StreamPage> {
    const known = await this.known(context, id);
    return readStreamPage(this.database, scopeOf(context), flowStream(known), page);
  }

  /** A page of what `all` shows. */
  pageOfAll(context: RequestContext, filter: FlowUpdatesFilter, page: FlowEventsPage): Promise<StreamPage> {
    return readStreamPage(this.database, scopeOf(context), 'flows', { ...page, ...acceptedBy(filter) });
  }

  private async known(context: RequestContext, id: string): Promise<string> {
    const uuid = uuidOf('flow', id);
    const [known] = uuid === null ? [] : await this.database.read(scopeOf(context), existingFlows([uuid]));
    if (known === undefined)
      throw new CodedError('RESOURCE_NOT_FOUND', 'There is no such flow in this workspace.', { field: 'flowId' });
    return known;
  }
}

function acceptedBy({ kinds, flowIds }: FlowUpdatesFilter): { accepts?: (event: LoggedEvent) => boolean } {
  if ((kinds?.length ?? 0) > maxFilterValues || (flowIds?.length ?? 0) > maxFilterValues) {
    throw new CodedError('INVALID_INPUT', `A filter has at most ${maxFilterValues} values.`, { field: 'filter' });
  }
  const wantedKinds = kinds && new Set(kinds);
  const wantedFlows =
    flowIds && new Set(flowIds.map(decodeId).flatMap(({ tag, uuid }) => (tag === 'flow' ? [uuid] : [])));
  if (!wantedKinds && !wantedFlows) return {};
  return {
    accepts: ({ payload }) =>
      (!wantedKinds || wantedKinds.has(String(payload['kind']))) &&
      (!wantedFlows || wantedFlows.has(String(payload['flowId']))),
  };
}
