/**
 * A stream of one workspace: one flow's events, the life of all its flows, or its alerts. Sequences count 1, 2, 3 … within
 * (workspace, stream).
 */
export type StreamId = `flow:${string}` | 'flows' | 'alerts';

/** The stream of one flow, by the flow's bare uuid. */
export function flowStream(flowUuid: string): StreamId {
  return `flow:${flowUuid}`;
}
