// `npm run prove:cursors`: forged, foreign and stale cursors, through the whole system, over flowProgress, flowUpdates, alertUpdates, webhookUpdates,
// their page forms, activityUpdated, activity and the pages of Flow.events. A subscription and its page form must answer one stream.reset or
// INVALID_INPUT, another page INVALID_INPUT (an old cursor of the flow stays good there); never an event of another tenant, never an error without a code of the register.
//   --probes 10000   --seed 1   --mode embedded|cluster   --sockets 8
import { parseArgs } from 'node:util';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';
import { Client, type GraphqlAnswer, lengthenStream } from '@tributary/kit/client';
import { eventually, type Mode, System } from '@tributary/kit';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { createRunnerFlow } from '../../benchmarks/workloads/mutation.ts';
import { forgeCursors, type ForgedCursor, type GenuineCursors } from './forgeCursors.ts';

const { values: flags } = parseArgs({
  options: {
    probes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    mode: { type: 'string', default: 'embedded' },
    sockets: { type: 'string', default: '8' },
  },
});
const events = 80;
const stale = 30;
/** Below the burst that a socket may send. */
const probesOfSocket = 50;
const patienceMs = 15_000;

await using system = await System.start({ mode: flags.mode as Mode });
const admin = new pg.Client({ connectionString: system.databaseUrl });
await admin.connect();
const [mine, theirs] = [new Client(system), new Client(system, 'globex')];
const eventFields = 'type sequence cursor previousCursor';

/** A flow with a history, and its cursors from event 1 on. */
async function flowWithHistory(client: Client): Promise<{ id: string; cursors: string[] }> {
  const id = await createRunnerFlow(client);
  await lengthenStream(system.databaseUrl, id, events);
  const query = 'query ($id: ID!) { flow(id: $id) { events(first: 100) { nodes { cursor } } } }';
  const { flow } = await client.ask(query, { id });
  return { id, cursors: flow.events.nodes.map(({ cursor }: { cursor: string }) => cursor) };
}

const [flow, otherFlow, foreignFlow] = [
  await flowWithHistory(mine),
  await flowWithHistory(mine),
  await flowWithHistory(theirs),
];
await admin.query('update stream_head set min_seq = $2 where stream_id = $1', [flow.id.replace('_', ':'), stale + 1]);
/** Cursors of what became of webhooks: they are made, and deleted. */
async function webhooksHistory(client: Client): Promise<string[]> {
  for (let number = 0; number < 3; number += 1) {
    const webhook = {
      name: `Gone ${number}`,
      url: 'https://hooks.example.com/gone',
      document: 'subscription { flowUpdates { type } }',
    };
    const { createWebhook } = await client.ask(
      'mutation ($webhook: WebhookInput!) { createWebhook(input: { webhook: $webhook }) { webhook { id } } }',
      { webhook },
    );
    await client.ask('mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { deletedWebhookId } }', {
      id: createWebhook.webhook.id,
    });
  }
  const { webhookEvents } = await client.ask('{ webhookEvents { nodes { cursor } } }');
  return webhookEvents.nodes.map(({ cursor }: { cursor: string }) => cursor);
}
const [ownWebhooks, theirWebhooks] = [await webhooksHistory(mine), await webhooksHistory(theirs)];
const heads =
  '{ flows(first: 1) { streamCursor edges { cursor } } alerts(first: 1) { streamCursor } activity(first: 5) { streamCursor edges { cursor } } }';
// What has just happened shows up in the activity half a second later.
const headsOf = (client: Client) =>
  eventually(async () => {
    const standing = await client.ask(heads);
    if (standing.activity.edges.length === 0) throw new Error('The activity tells of nothing.');
    return standing;
  });
const [here, there] = [await headsOf(mine), await headsOf(theirs)];
const lists: string[] = here.flows.edges.map(({ cursor }: { cursor: string }) => cursor);
const ofFlow: GenuineCursors = {
  own: flow.cursors.slice(stale - 1),
  stale: flow.cursors.slice(0, stale - 1),
  otherStreams: [...otherFlow.cursors, here.flows.streamCursor, here.alerts.streamCursor],
  otherWorkspaces: [...foreignFlow.cursors, there.flows.streamCursor, there.alerts.streamCursor],
  lists,
};
const ofWorkspace = (stream: 'flows' | 'alerts'): GenuineCursors => ({
  ...ofFlow,
  own: [here[stream].streamCursor],
  // Its own end is all that is known of it; positions of others stand for what it never held.
  stale: otherFlow.cursors,
  otherStreams: flow.cursors,
});

const ofWebhooks: GenuineCursors = {
  ...ofFlow,
  own: ownWebhooks,
  stale: otherFlow.cursors,
  otherStreams: [...flow.cursors, here.flows.streamCursor],
  otherWorkspaces: [...ofFlow.otherWorkspaces, ...theirWebhooks],
};

const ofActivity: GenuineCursors = {
  ...ofFlow,
  own: here.activity.edges.map(({ cursor }: { cursor: string }) => cursor),
  stale: otherFlow.cursors,
  otherStreams: [...flow.cursors, here.flows.streamCursor],
  otherWorkspaces: [...ofFlow.otherWorkspaces, there.activity.streamCursor],
};

interface Target {
  readonly name: string;
  readonly genuine: GenuineCursors;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** `form`: the page form of a stream, which tells of a reset as the stream does. `list`: any other page. */
  readonly as: 'subscription' | 'form' | 'list';
}
/** The page form of a stream. */
const form = (name: string, genuine: GenuineCursors, argument = '', variables = {}): Target => ({
  name,
  genuine,
  query: `query (${argument ? '$id: ID!, ' : ''}$cursor: Cursor) { ${name}(${argument}first: 5, after: $cursor) { nodes { ${eventFields} } } }`,
  variables,
  as: 'form',
});
const targets: readonly Target[] = [
  {
    name: 'flowProgress',
    genuine: ofFlow,
    query: `subscription ($id: ID!, $cursor: Cursor) { flowProgress(flowId: $id, after: $cursor) { ${eventFields} message flow { id name } } }`,
    variables: { id: flow.id },
    as: 'subscription',
  },
  {
    name: 'flowUpdates',
    genuine: ofWorkspace('flows'),
    query: `subscription ($cursor: Cursor) { flowUpdates(after: $cursor) { ${eventFields} message flow { id name } } }`,
    variables: {},
    as: 'subscription',
  },
  {
    name: 'alertUpdates',
    genuine: ofWorkspace('alerts'),
    query: `subscription ($cursor: Cursor) { alertUpdates(after: $cursor) { ${eventFields} alert { id title } } }`,
    variables: {},
    as: 'subscription',
  },
  {
    name: 'webhookUpdates',
    genuine: ofWebhooks,
    query: `subscription ($cursor: Cursor) { webhookUpdates(after: $cursor) { ${eventFields} data webhook { id name } } }`,
    variables: {},
    as: 'subscription',
  },
  form('flowProgressEvents', ofFlow, 'flowId: $id, ', { id: flow.id }),
  form('flowEvents', ofWorkspace('flows')),
  form('alertEvents', ofWorkspace('alerts')),
  form('webhookEvents', ofWebhooks),
  {
    name: 'activityUpdated',
    genuine: ofActivity,
    query: `subscription ($cursor: Cursor) { activityUpdated(after: $cursor) { ${eventFields} data flow { id name } } }`,
    variables: {},
    as: 'subscription',
  },
  {
    name: 'activity',
    genuine: ofActivity,
    query:
      'query ($cursor: Cursor) { activity(first: 5, after: $cursor) { nodes { sequence data flow { id name } } } }',
    variables: {},
    as: 'list',
  },
  ...['first: 5, after', 'last: 5, before'].map((place) => ({
    name: `Flow.events(${place})`,
    genuine: ofFlow,
    query: `query ($id: ID!, $cursor: Cursor) { flow(id: $id) { events(${place}: $cursor) { nodes { sequence message } } } }`,
    variables: { id: flow.id },
    as: 'list' as const,
  })),
];

const faults: string[] = [];
const rows: TableRow[] = [];
const share = Math.ceil(Number(flags.probes) / targets.length);
for (const [index, target] of targets.entries()) {
  const forged = forgeCursors(target.genuine, Number(flags.seed) + index);
  const outcomes = { reset: 0, refused: 0, page: 0, fault: 0 };
  let left = share;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: Number(flags.sockets) }, async () => {
      while (left > 0) {
        const turn = Math.min(left, probesOfSocket);
        left -= turn;
        await useSocket(async (first) => {
          for (let n = 0; n < turn; n += 1)
            outcomes[judge(target, await probe(target, forged.next().value, first))] += 1;
        });
      }
    }),
  );
  rows.push({
    over: target.name,
    probes: share,
    ...outcomes,
    'probes/s': Math.round((share * 1000) / (performance.now() - begun)),
  });
}
// A cursor that the stream does hold is gone on from: the probes were not refused for another reason.
await useSocket(async (first) => {
  const { answer } = await first(targets[0]!.query, { id: flow.id, cursor: flow.cursors[stale + 4] });
  if (answer.data?.flowProgress?.sequence !== stale + 6)
    faults.push(`A true cursor is answered ${JSON.stringify(answer)}.`);
});
await admin.end();
mine.close();
theirs.close();
printTable(rows);
for (const fault of [...new Set(faults)].slice(0, 20)) console.log(fault);
console.log(`seed ${flags.seed}, ${flags.mode}: ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;

interface Probed extends ForgedCursor {
  readonly answer: GraphqlAnswer;
  /** How many resets came. */
  readonly resets: number;
}
type First = (query: string, variables: Record<string, unknown>) => Promise<{ answer: GraphqlAnswer; resets: number }>;

async function probe(target: Target, forged: ForgedCursor, first: First): Promise<Probed> {
  const variables = { ...target.variables, cursor: forged.cursor };
  if (target.as === 'subscription') return { ...forged, ...(await first(target.query, variables)) };
  return { ...forged, answer: await mine.send(target.query, variables), resets: 0 };
}

function judge(target: Target, { kind, cursor, answer, resets }: Probed): 'reset' | 'refused' | 'page' | 'fault' {
  const fault = (what: string): 'fault' => {
    faults.push(`${target.name}, ${kind}: ${what}: ${JSON.stringify(answer).slice(0, 400)}`);
    return 'fault';
  };
  const text = JSON.stringify(answer);
  if (text.includes(foreignFlow.id)) return fault('names a flow of another workspace');
  if (resets > 1) return fault(`gives ${resets} resets`);
  if (answer.errors) {
    const code = answer.errors[0]?.extensions?.code;
    return code === 'INVALID_INPUT' ? 'refused' : fault('is refused with another code');
  }
  if (target.as === 'form') {
    const [page] = Object.values<{ nodes: { type: string }[] }>(answer.data ?? {});
    // The history of a flow stays, so an old cursor of it is good there.
    if (target.name === 'flowProgressEvents' && flow.cursors.includes(cursor)) return 'page';
    return page?.nodes[0]?.type === 'stream.reset' ? 'reset' : fault('is no reset');
  }
  if (target.as === 'subscription') {
    const [event] = Object.values<{ type: string; previousCursor: string | null }>(answer.data ?? {});
    return event?.type === 'stream.reset' && event.previousCursor === null ? 'reset' : fault('is no reset');
  }
  return flow.cursors.includes(cursor) ? 'page' : fault('is taken for a place in the history');
}

/** One graphql-ws socket, and what asks on it for the first result of an operation; a second reset that comes at once is counted. */
async function useSocket(work: (first: First) => Promise<void>): Promise<void> {
  const client = createClient({
    url: system.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: await mine.authorization() },
    lazy: false,
    retryAttempts: 0,
  });
  try {
    await work(
      (query, variables) =>
        new Promise((resolve, reject) => {
          let answer: GraphqlAnswer | null = null;
          let resets = 0;
          const timer = setTimeout(
            () => reject(new Error(`Nothing came for ${JSON.stringify(variables)}.`)),
            patienceMs,
          );
          const done = (): void => {
            clearTimeout(timer);
            if (answer) resolve({ answer, resets });
          };
          const leave = client.subscribe(
            { query, variables },
            {
              next: (result) => {
                if (JSON.stringify(result).includes('"stream.reset"')) resets += 1;
                if (answer === null) setTimeout(() => leave(), 5);
                answer ??= result as GraphqlAnswer;
              },
              error: (errors) => {
                answer ??= {
                  errors: Array.isArray(errors)
                    ? errors
                    : [{ message: String((errors as { reason?: string }).reason ?? errors) }],
                };
                done();
              },
              complete: done,
            },
          );
        }),
    );
  } finally {
    await client.dispose();
  }
}
