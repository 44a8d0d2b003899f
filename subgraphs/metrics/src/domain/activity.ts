import { mayDo } from '@tributary/contracts/actions';
import type { Action } from '@tributary/contracts/actions';
import type { StreamId } from '@tributary/contracts/events';
import { activityKinds } from '@tributary/contracts/values';
import type { ActivityKind } from '@tributary/contracts/values';
import { checkedFirst, scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { readMergedPage } from '@tributary/events';
import type { EventStreams, Merge, MergedEvent, MergedPage } from '@tributary/events';
import type { RequestContext } from '@tributary/kernel';

interface Source {
  readonly stream: StreamId;
  /** Who may not do this is not told of it. */
  readonly action: Action;
}

const sources: Readonly<Record<ActivityKind, Source>> = {
  FLOWS: { stream: 'flows', action: 'flow.read' },
  ALERTS: { stream: 'alerts', action: 'alert.read' },
  TRACES: { stream: 'traces', action: 'metrics.read' },
};

/** Nothing is copied: these are the workspace's streams, read as one. */
const activity: Merge = {
  name: 'activity',
  streams: ['flows', 'alerts', 'traces'],
  folded: new Set(['traces']),
  leaveOut: ['hours', 'minutesStarted', 'minutesEnded'],
  settleMs: 500,
};

/** What happened, newest first. Throws INVALID_INPUT for a cursor that this list of these kinds did not give out. */
export function readActivity(
  database: Database,
  context: RequestContext,
  request: { readonly kinds: readonly ActivityKind[] | null; readonly first: number; readonly after: string | null },
): Promise<MergedPage> {
  const { kinds, after } = request;
  const first = checkedFirst(request.first);
  return readMergedPage(database, scopeOf(context), {
    merge: activity,
    streams: streamsOf(context, kinds),
    first,
    after,
  });
}

/** What happens, in order, each once. Throws INVALID_INPUT for a malformed cursor. */
export function watchActivity(
  streams: EventStreams,
  context: RequestContext,
  kinds: readonly ActivityKind[] | null,
  after: string | null,
): AsyncIterableIterator<MergedEvent> {
  return streams.subscribeMerged(scopeOf(context), activity, streamsOf(context, kinds), after);
}

export function kindOf(stream: StreamId): ActivityKind {
  return activityKinds.find((kind) => sources[kind].stream === stream)!;
}

function streamsOf({ principal }: RequestContext, kinds: readonly ActivityKind[] | null): StreamId[] {
  return activityKinds
    .filter((kind) => (kinds === null || kinds.includes(kind)) && mayDo(principal, sources[kind].action))
    .map((kind) => sources[kind].stream);
}
