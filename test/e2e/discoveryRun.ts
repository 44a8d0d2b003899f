import { flowPage, flowProgress, startDiscovery } from './documents.js';
import type { Session } from './harness.js';

export interface ProgressEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
  readonly type: string;
  readonly phase: string | null;
  readonly status: string | null;
  readonly progress: number | null;
}

const ended = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

export interface DiscoveryInput {
  readonly name?: string;
  readonly source: { name: string; format: 'CSV' | 'JSON'; content?: string; uploadId?: string };
  readonly requireApproval?: boolean;
  readonly idempotencyKey?: string;
}

export async function start(session: Session, input: DiscoveryInput): Promise<string> {
  const data = await session.ask(startDiscovery, { input: { name: 'A discovery', ...input } });
  return data.startDiscovery.flow.id as string;
}

const pageOfEvents = `query ($id: ID!, $after: Cursor) { flow(id: $id) { status events(first: 100, after: $after) { nodes { sequence type phase status progress cursor previousCursor } } } }`;

/** Reads the log of a flow until it ends: for a router that opens no subscriptions. */
async function readAlong(session: Session, flowId: string): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = [];
  for (;;) {
    const { flow } = await session.ask(pageOfEvents, { id: flowId, after: events.at(-1)?.cursor ?? null });
    for (const event of flow.events.nodes) events.push({ ...event, previousCursor: events.at(-1)?.cursor ?? null });
    if (ended.includes(flow.status) && flow.events.nodes.length === 0) return events;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Watches a flow from its very first event until it ends. */
export async function follow(session: Session, flowId: string): Promise<ProgressEvent[]> {
  if (session.system.mode === 'apollo-router') return readAlong(session, flowId);
  const events: ProgressEvent[] = [];
  const first = await session.ask(
    `query ($id: ID!) { flow(id: $id) { events(first: 1) { edges { cursor node { sequence type phase status progress cursor previousCursor } } } } }`,
    { id: flowId },
  );
  const edge = first.flow.events.edges[0];
  events.push(edge.node);
  for await (const message of session.watch(flowProgress, { flowId, after: edge.cursor })) {
    if (message.errors) throw new Error(JSON.stringify(message.errors));
    const event = message.data.flowProgress as ProgressEvent;
    events.push(event);
    if (event.status !== null && ended.includes(event.status)) return events;
  }
  throw new Error(`The stream of ${flowId} ended before the flow did.`);
}

/** Runs a discovery to its end and answers the flow's page. */
export async function discover(session: Session, input: DiscoveryInput) {
  const id = await start(session, input);
  const events = await follow(session, id);
  return { id, events, flow: await page(session, id) };
}

export async function page(session: Session, id: string) {
  return (await session.ask(flowPage, { id })).flow;
}
