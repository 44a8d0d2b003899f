import type { FlowProgressSubscription, FlowQuery } from '../../graph/generated/types';
import { addEvent } from '../../live/patches';

export type FlowFacts = NonNullable<FlowQuery['flow']>;
type FlowEvent = FlowProgressSubscription['flowProgress'];

/** So many of a flow's events stay in the page, however long it is watched; older ones are read again when they are asked for. */
const mostKept = 500;

/** The flow after one more event: its log with that event once, and its state unless a newer one is known. */
export function patchFlow(flow: FlowFacts, event: FlowEvent): FlowFacts {
  const { sequence, cursor, type, phase, message, occurredAt, progress, status } = event;
  const all = addEvent(flow.events.nodes, { sequence, cursor, type, phase, message, occurredAt, progress, status });
  const events = newest(flow.events, all);
  const next = event.flow;
  if (!next || next.version < flow.version) return { ...flow, events };
  return {
    ...flow,
    ...next,
    discovery: flow.discovery && next.discovery ? { ...flow.discovery, ...next.discovery } : flow.discovery,
    events,
  };
}

/**
 * What a query brings, together with what events have said meanwhile: an answer that was on its way while they came knows nothing of them,
 * and takes none of them away.
 */
export function mergeFlow(known: FlowFacts, asked: FlowFacts): FlowFacts {
  const page = asked.events.nodes;
  const [first, last] = [page[0]?.sequence ?? 0, page.at(-1)?.sequence ?? 0];
  // Older ones that were here stand before the page only when none is missing in between.
  const joins = (known.events.nodes.at(-1)?.sequence ?? 0) >= first - 1;
  const before = joins ? known.events.nodes.filter(({ sequence }) => sequence < first) : [];
  const after = known.events.nodes.filter(({ sequence }) => sequence > last);
  const events = newest(before.length > 0 ? known.events : asked.events, [...before, ...page, ...after]);
  if (known.version <= asked.version) return { ...asked, events };
  const { status, progress, version, startedAt, finishedAt, updatedAt, failure, currentPhase, phases } = known;
  const newer = { status, progress, version, startedAt, finishedAt, updatedAt, failure, currentPhase, phases };
  return { ...asked, ...newer, events };
}

/** The newest of a log's events, with where it begins now. `log`: where it began. */
function newest(log: FlowFacts['events'], all: readonly FlowFacts['events']['nodes'][number][]): FlowFacts['events'] {
  const nodes = all.slice(-mostKept);
  const left = nodes.length < all.length ? { hasPreviousPage: true, startCursor: nodes[0]?.cursor ?? null } : {};
  return { ...log, nodes, pageInfo: { ...log.pageInfo, ...left, endCursor: nodes.at(-1)?.cursor ?? null } };
}
