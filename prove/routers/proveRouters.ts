// `npm run prove:routers -- --hive <program>`: a cluster whose queries and mutations go through our edge and Hive Router, beside our gateway over
// the same subgraphs: answers and errors must be the same, also while a subgraph is away, and what a page costs either way.   --rounds 200
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { eventually, freePort } from '@tributary/kit';
import { askGateway, Client, sendOperation } from '@tributary/kit/client';
import { cpuMilliseconds, descendants, listenerAt, median, printTable } from '@tributary/kit/measure';
import { flowPage } from '../../test/e2e/documents.ts';
import { DeployCluster } from '../deploys/DeployCluster.ts';
import { operationsOf, type AskedOperation } from './operations.ts';
import { startHiveRouter, type HiveRouter } from './startHiveRouter.ts';

const { values: flags } = parseArgs({
  options: { hive: { type: 'string' }, rounds: { type: 'string', default: '200' } },
});
if (!flags.hive)
  throw new Error(
    'Say where the router is: --hive <program>. It is built by: cargo install hive-router --version 0.3.10 --ignore-rust-version --features graphiql',
  );
const root = fileURLToPath(new URL('../..', import.meta.url));
/** What says of an answer which one it is, and nothing of what it says. */
const ownFields = ['requestId', 'timestamp'];

const port = await freePort();
let router: HiveRouter | null = null;
await using deployed = await DeployCluster.start({
  gateways: ['gateway', 'edge'],
  processesOfSubgraph: 1,
  subgraphSettings: { ACCEPT_UNBOUND_CONTEXT: 'true' },
  gatewaySettings: (name): Record<string, string> =>
    name === 'edge' ? { MODE: 'edge', EDGE_ROUTER_URL: `http://127.0.0.1:${port}/graphql` } : {},
  beside: async (started) => {
    const subgraphs = new Map(subgraphNames.map((name) => [name, started.originOf(`${name}-1`)]));
    return (router = await startHiveRouter({ program: flags.hive!, port, root, subgraphs }));
  },
});
const { cluster } = deployed;

const faults: string[] = [];
const owner = new Client({ origin: cluster.originOf('gateway') });
const throughEdge = new Client({ origin: cluster.originOf('edge') });
const { flowId, assetId } = await fill(owner);
const { createApiKey } = await owner.ask(
  'mutation { createApiKey(input: { name: "reads", scopes: ["flow.read"] }) { secret } }',
);
const authorization = await owner.authorization();
const headersOf = { owner: { authorization }, key: { 'x-api-key': createApiKey.secret as string }, nobody: {} };

await compare('all parts are there', operationsOf(flowId, assetId));
await cluster.processes.get('metrics-1')!.kill();
await compare('metrics is away', operationsOf(flowId, assetId).slice(0, 5));
await cluster.processes.get('metrics-1')!.startAgain();
await eventually(() => owner.ask(flowPage, { id: flowId }), { timeoutMs: 30_000 });

const pidOf = (name: string) => listenerAt(String(cluster.portOf(name)), descendants());
const rows = [];
for (const [way, client, behind] of [
  ['our gateway', owner, [pidOf('gateway')]],
  ['our edge and Hive Router', throughEdge, [pidOf('edge'), router!.pid]],
] as const) {
  const took: number[] = [];
  for (let round = 0; round < 50; round += 1) await client.ask(flowPage, { id: flowId });
  const before = cpuMilliseconds(behind);
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    const begun = performance.now();
    await client.ask(flowPage, { id: flowId });
    took.push(performance.now() - begun);
  }
  rows.push({
    'a page, one caller': way,
    'p50 ms': median(took),
    'CPU ms without subgraphs': (cpuMilliseconds(behind) - before) / Number(flags.rounds),
  });
}
printTable(rows);
owner.close();
throughEdge.close();
for (const crash of deployed.crashes) faults.push(crash);
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function compare(when: string, operations: readonly AskedOperation[]): Promise<void> {
  let same = 0;
  for (const operation of operations) {
    let [ours, theirs] = [await answerOf('gateway', operation), await answerOf('edge', operation)];
    // Figures may have been rolled up in between.
    if (!isDeepStrictEqual(ours, theirs))
      [ours, theirs] = [await answerOf('gateway', operation), await answerOf('edge', operation)];
    if (isDeepStrictEqual(ours, theirs)) same += 1;
    else
      faults.push(
        `${when}: ${operation.name}:\n  ours:   ${JSON.stringify(ours)}\n  theirs: ${JSON.stringify(theirs)}`,
      );
  }
  console.log(`${when}: ${same} of ${operations.length} operations are answered alike.`);
}

async function answerOf(
  name: 'gateway' | 'edge',
  { query, variables = {}, as = 'owner' }: AskedOperation,
): Promise<unknown> {
  const { status, text } = await sendOperation(cluster.originOf(name), headersOf[as], { query, variables });
  const body = JSON.parse(text, (key, value: unknown) => (ownFields.includes(key) ? undefined : value)) as {
    readonly errors?: readonly unknown[];
  };
  // Parts fail at once, and which of them is told first says nothing.
  const errors = body.errors?.map((error) => JSON.stringify(error)).sort();
  return { status, ...body, ...(errors ? { errors } : {}) };
}

/** A discovery with what it finds, and figures of it. */
async function fill(client: Client): Promise<{ readonly flowId: string; readonly assetId: string }> {
  const content = [
    'name,type,depends on',
    ...Array.from({ length: 30 }, (_, n) => `node-${n},server,${n === 0 ? '' : `node-${n >> 1}`}`),
  ];
  const uploaded = await client.upload({ name: 'estate.csv', content: Buffer.from(content.join('\n')) });
  const { startDiscovery } = await client.ask(
    'mutation ($id: ID!) { startDiscovery(input: { name: "estate", source: { uploadId: $id, name: "estate.csv", format: AUTO } }) { flow { id } } }',
    { id: uploaded.body.uploadId },
  );
  const flowId = startDiscovery.flow.id as string;
  await eventually(
    async () => {
      const { flow } = await client.ask('query ($id: ID!) { flow(id: $id) { status } }', { id: flowId });
      if (flow.status !== 'SUCCEEDED') throw new Error(`The discovery is ${flow.status}.`);
    },
    { timeoutMs: 60_000 },
  );
  const { assets } = await client.ask('{ assets(first: 1) { nodes { id } } }');
  await askGateway(
    client.origin,
    { authorization: await client.authorization() },
    'mutation ($input: IngestTracesInput!) { ingestTraces(input: $input) { accepted } }',
    {
      input: {
        traces: [
          {
            externalId: 'one',
            agent: 'scout',
            operation: 'chat',
            startedAt: new Date(Date.now() - 60_000).toISOString(),
            durationMs: 900,
            model: 'gpt-4o',
            provider: 'openai',
            status: 'OK',
            flowId,
          },
        ],
      },
    },
  );
  return { flowId, assetId: assets.nodes[0].id as string };
}
