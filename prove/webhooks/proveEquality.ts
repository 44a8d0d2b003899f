import { isDeepStrictEqual } from 'node:util';
import { finding, type Finding } from './Finding.ts';
import type { ProofWorld } from './ProofWorld.ts';

const events = 1_000;
const pageSize = 100;
const selection = 'type sequence cursor occurredAt status progress phase message data flow { id name kind }';
const live = `subscription ($after: Cursor) { flowUpdates(filter: { kind: ["equal"] }, after: $after) { ${selection} } }`;
const page = `query ($after: Cursor) { flowEvents(filter: { kind: ["equal"] }, first: ${pageSize}, after: $after) { nodes { ${selection} } pageInfo { endCursor hasNextPage } } }`;

type Told = Readonly<Record<string, any>>;

/** 1,000 events over a socket, as server-sent events, as pages and by a webhook: the same documents, in the same order, at the same positions. */
export async function proveEquality(world: ProofWorld): Promise<Finding> {
  const document = `subscription { flowUpdates(filter: { kind: ["equal"] }) { ${selection} } }`;
  await world.webhook('equal', { document, maxBatch: 100 });
  const [overSocket, overEvents]: [Told[], Told[]] = [[], []];
  const from = await beginning(world);
  const watching = Promise.all([
    take(overSocket, fromSocket(world, from), events),
    take(overEvents, fromEventStream(world, from), events),
  ]);
  await world.happen('equal', events);
  await watching;
  await world.until('the webhook has sent all', () => sentBy(world).length >= events);
  const overPages = await readPages(world, from);
  const byWebhook = sentBy(world);
  const forms = { 'server-sent events': overEvents, pages: overPages, webhook: byWebhook };
  const envelopes = world.receiver.of('equal').flatMap(({ body }) => body['events'] as Told[]);
  // A position of one is good for the others.
  const [middle, end] = [byWebhook[499]!['cursor'] as string, overPages[899]!['cursor'] as string];
  const resumed: Told[] = [];
  await take(resumed, fromSocket(world, middle), 500);
  await world.webhook('resumed', { document, startAfter: end });
  await world.until('the second webhook has sent the rest', () => world.receiver.of('resumed').length >= 100);
  const rest = world.receiver.of('resumed').map(({ body }) => body['data'].flowUpdates as Told);
  const spoilt = overPages.with(700, { ...overPages[700], sequence: 0 });
  return finding(
    `${events} events over a socket, ${Object.entries(forms)
      .map(([name, told]) => `${name} (${told.length})`)
      .join(
        ', ',
      )}: ${differences(overSocket, overEvents) + differences(overSocket, overPages) + differences(overSocket, byWebhook)} differ; one that was spoilt on purpose: ${differences(overSocket, spoilt)}`,
    {
      'every form tells the same': Object.values(forms).every((told) => differences(overSocket, told) === 0),
      'envelopes say the events’ own positions': envelopes.every(
        ({ sequence, cursor, data }) => sequence === data.flowUpdates.sequence && cursor === data.flowUpdates.cursor,
      ),
      'a socket goes on where a webhook stood': differences(overSocket.slice(500), resumed) === 0,
      'a webhook goes on where a page ended': differences(overSocket.slice(900), rest) === 0,
      'the comparison finds what was spoilt': differences(overSocket, spoilt) === 1,
    },
  );
}

function differences(one: readonly Told[], other: readonly Told[]): number {
  const most = Math.max(one.length, other.length);
  return Array.from({ length: most }, (_, index) => isDeepStrictEqual(one[index], other[index])).filter((same) => !same)
    .length;
}

function sentBy(world: ProofWorld): Told[] {
  return world.receiver
    .of('equal')
    .flatMap(({ body }) => (body['events'] as Told[]).map(({ data }) => data.flowUpdates as Told));
}

/** Where the log stands now. */
async function beginning(world: ProofWorld): Promise<string> {
  for await (const { data } of world.acme.watch(live, {})) return data.flowUpdates.cursor as string;
  throw new Error('The stream ended at once.');
}

async function take(into: Told[], from: AsyncIterable<Told>, count: number): Promise<void> {
  for await (const event of from) {
    if (!String(event['type']).startsWith('stream.')) into.push(event);
    if (into.length === count) return;
  }
}

async function* fromSocket(world: ProofWorld, after: string): AsyncGenerator<Told> {
  for await (const { data } of world.acme.watch(live, { after })) yield data.flowUpdates as Told;
}

async function* fromEventStream(world: ProofWorld, after: string): AsyncGenerator<Told> {
  const response = await fetch(world.system.url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: await world.acme.authorization(),
    },
    body: JSON.stringify({ query: live, variables: { after } }),
  });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const frames = (text + chunk).split('\n\n');
    text = frames.pop()!;
    for (const frame of frames) {
      const told = /^data: ?(.+)$/m.exec(frame)?.[1];
      const update = told ? (JSON.parse(told) as Told)['data']?.flowUpdates : null;
      if (update) yield update as Told;
    }
  }
}

async function readPages(world: ProofWorld, from: string): Promise<Told[]> {
  const told: Told[] = [];
  let after = from;
  for (;;) {
    const { flowEvents } = await world.acme.ask(page, { after });
    told.push(...(flowEvents.nodes as Told[]));
    if (!flowEvents.pageInfo.hasNextPage) return told;
    after = flowEvents.pageInfo.endCursor as string;
  }
}
