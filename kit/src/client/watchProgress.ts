/** A flow's progress with its assets and alerts. What `Audience` reads of an event comes first. */
export const watchProgress = `subscription ($flowId: ID!, $after: Cursor) { flowProgress(flowId: $flowId, after: $after) {
  sequence occurredAt type cursor previousCursor phase progress status message
  flow { id name status progress alerts(first: 3) { nodes { id severity description } } assets(first: 3) { nodes { id name } } }
} }`;

/** One person holds all sockets of a measurement. */
export const manySockets = { SOCKETS_PER_PERSON: '100000', SOCKETS_PER_WORKSPACE: '100000' };
