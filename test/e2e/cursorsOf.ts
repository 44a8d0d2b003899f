import type { Session } from './harness.js';

const logOf = `query ($id: ID!, $after: Cursor) { flow(id: $id) { events(first: 100, after: $after) { nodes { cursor } pageInfo { hasNextPage endCursor } } } }`;

/** Where each event of a flow's log stands, oldest first. */
export async function cursorsOf(session: Session, id: string): Promise<string[]> {
  const cursors: string[] = [];
  for (let after: string | null = null; ;) {
    const { events } = (await session.ask(logOf, { id, after })).flow;
    cursors.push(...events.nodes.map((event: { cursor: string }) => event.cursor));
    if (!events.pageInfo.hasNextPage) return cursors;
    after = events.pageInfo.endCursor as string;
  }
}
