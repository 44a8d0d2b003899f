import { setTimeout as delay } from 'node:timers/promises';
import type { Client, UploadSource } from './Client.js';

export interface FlowEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly type: string;
  readonly phase: string | null;
  readonly status: string | null;
  readonly occurredAt: string;
}

const event = 'sequence cursor type phase status occurredAt';
const endStates = ['SUCCEEDED', 'FAILED', 'CANCELLED'];
const lastEvents = ['flow.finished', 'flow.failed', 'flow.cancelled'];

/** Uploads a source and starts a discovery of it. Answers the flow's id. */
export async function startDiscovery(
  client: Client,
  source: UploadSource,
  format: 'CSV' | 'JSON' = 'CSV',
): Promise<string> {
  const upload = await client.upload(source);
  if (upload.status !== 201) throw new Error(`The upload answered ${upload.status}: ${JSON.stringify(upload.body)}`);
  return startDiscoveryOf(client, source.name, upload.body.uploadId, format);
}

export async function startDiscoveryOf(
  client: Client,
  name: string,
  uploadId: string,
  format: 'CSV' | 'JSON' | 'XLSX' = 'CSV',
): Promise<string> {
  const data = await client.ask(
    'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }',
    { input: { name, source: { name, format, uploadId } } },
  );
  return data.startDiscovery.flow.id;
}

/** What came of a flow. */
export async function outcomeOf(client: Client, id: string): Promise<any> {
  const data = await client.ask(
    `query ($id: ID!) { flow(id: $id) {
      status progress failure { code message phase retryable }
      phases { name status attempts startedAt finishedAt summary }
      discovery { rowsTotal rowsValid rowsRejected assetsCreated assetsUpdated dependenciesFound
        rejectedRows(first: 5) { totalCount nodes { line code message } } }
      assets(first: 1) { totalCount }
    } }`,
    { id },
  );
  return data.flow;
}

/** Waits by asking, which works over restarts of the system, too. */
export async function untilEnded(client: Client, id: string, timeoutSeconds: number): Promise<any> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < deadline) {
    const { data } = await client.send('query ($id: ID!) { flow(id: $id) { status } }', { id });
    if (endStates.includes(data?.flow?.status)) return outcomeOf(client, id);
    await delay(150);
  }
  const { status, phases } = await outcomeOf(client, id);
  throw new Error(`The flow is ${status} after ${timeoutSeconds} s: ${JSON.stringify(phases)}`);
}

/** Events of a flow from its first on, as they happen, until the flow ends. */
export async function* followFlow(client: Client, id: string): AsyncGenerator<FlowEvent> {
  const [first] = await pageOfEvents(client, id, 1);
  if (!first) throw new Error(`${id} has no events.`);
  yield first;
  const query = `subscription ($id: ID!, $after: Cursor) { flowProgress(flowId: $id, after: $after) { ${event} } }`;
  for await (const { data, errors } of client.watch(query, { id, after: first.cursor })) {
    if (errors) throw new Error(JSON.stringify(errors));
    yield data.flowProgress;
    if (lastEvents.includes(data.flowProgress.type)) return;
  }
}

/** The log of a flow, whole. */
export async function allEvents(client: Client, id: string): Promise<FlowEvent[]> {
  const events: FlowEvent[] = [];
  for (;;) {
    const page = await pageOfEvents(client, id, 100, events.at(-1)?.cursor);
    events.push(...page);
    if (page.length < 100) return events;
  }
}

/** Throws when the events are not 1, 2, 3 … */
export function assertGapless(events: readonly { sequence: number }[]): void {
  events.forEach(({ sequence }, index) => {
    if (sequence !== index + 1) throw new Error(`Event ${index + 1} has the sequence ${sequence}.`);
  });
}

async function pageOfEvents(client: Client, id: string, first: number, after?: string): Promise<FlowEvent[]> {
  const data = await client.ask(
    `query ($id: ID!, $first: Int, $after: Cursor) { flow(id: $id) { events(first: $first, after: $after) { nodes { ${event} } } } }`,
    { id, first, after },
  );
  return data.flow.events.nodes;
}
