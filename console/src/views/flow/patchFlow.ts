import type { FlowProgressSubscription, FlowQuery } from '../../graph/generated/types';
import { addEvent } from '../../live/patches';

export type FlowFacts = NonNullable<FlowQuery['flow']>;
type FlowEvent = FlowProgressSubscription['flowProgress'];

/** The flow after one more event: its log with that event once, and its state unless a newer one is known. */
export function patchFlow(flow: FlowFacts, event: FlowEvent): FlowFacts {
  const { sequence, cursor, type, phase, message, occurredAt, progress, status } = event;
  const nodes = [
    ...addEvent(flow.events.nodes, { sequence, cursor, type, phase, message, occurredAt, progress, status }),
  ];
  const events = {
    ...flow.events,
    nodes,
    pageInfo: { ...flow.events.pageInfo, endCursor: nodes.at(-1)?.cursor ?? null },
  };
  const next = event.flow;
  if (!next || next.version < flow.version) return { ...flow, events };
  return {
    ...flow,
    ...next,
    discovery: flow.discovery && next.discovery ? { ...flow.discovery, ...next.discovery } : flow.discovery,
    events,
  };
}
