// `npm run bench:gateway`: the gateway alone. A cluster answers the page once; then its subgraphs' answers are repeated by a process beside
// it, and what counts is the CPU time of the gateway's own process: signing in, budgets, limits, plan, signed calls, the answer.
//   --rounds 5   --seconds 5   --callers 1,32   --settings NAME=value,… (of the gateway)
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Database } from '@tributary/data';
import { eventually, newDataFolder, startTestDatabase, startTestRedis } from '@tributary/kit';
import { Client, serverListBuffer, startDiscovery, untilEnded } from '@tributary/kit/client';
import { Cluster, makeClusterSecrets } from '@tributary/kit/cluster';
import { measureCallers, pidsOf, printTable, sampleCpu, type TableRow } from '@tributary/kit/measure';
import { createLogger } from '@tributary/observability';
import { createWorkspaceWithOwner, workspaceSubgraph } from '@tributary/subgraph-workspace';
import { flowPage } from '../test/e2e/documents.ts';
import { pairedRows } from './pairedRows.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    callers: { type: 'string', default: '1,32' },
    settings: { type: 'string', default: '' },
  },
});
const seconds = Number(flags.seconds);
const settings = Object.fromEntries(
  flags.settings
    .split(',')
    .filter(Boolean)
    .map((setting) => setting.split('=') as [string, string]),
);

await using opened = new AsyncDisposableStack();
const folder = newDataFolder('bench-gateway');
opened.defer(() => rmSync(folder, { recursive: true, force: true }));
const database = opened.use(await startTestDatabase());
const redis = opened.use(await startTestRedis());
const replays: ChildProcess[] = [];
const cluster = opened.use(
  await Cluster.of({
    tree: fileURLToPath(new URL('..', import.meta.url)),
    databaseUrl: database.superuserUrl,
    passwords: database.passwords,
    redisUrl: redis.url,
    secrets: makeClusterSecrets(),
    folder,
    settings: (part) => ({ LOG_LEVEL: 'error', ...(part === 'gateway' ? settings : {}) }),
    between: (name, to, [port]) =>
      name === 'gateway' && to !== 'redis' && to !== 'postgres' ? replayOf(port!) : Promise.resolve(port!),
    onLine: (name, line) => console.error(`${name}: ${line}`),
    onCrash: (name, how) => {
      throw new Error(`${name} ended with ${how}.`);
    },
  }),
);
await cluster.start();
const origin = cluster.originOf('gateway');
await eventually(
  async () => {
    const { status } = await fetch(`${origin}/health/ready`);
    if (status !== 200) throw new Error(`It is not ready: ${status}`);
  },
  { timeoutMs: 60_000 },
);
await createOwner('owner@acme.example');

const client = new Client({ origin });
opened.defer(() => client.close());
const flowId = await startDiscovery(client, {
  name: 'stage.csv',
  content: serverListBuffer({ rows: 500, prefix: 'stage' }),
});
const flow = await untilEnded(client, flowId, 120);
if (flow.status !== 'SUCCEEDED') throw new Error(`The discovery of the stage ended ${JSON.stringify(flow)}`);

for (const replay of replays) replay.send('repeat');
const gateway = pidsOf('gateway');
const ask = () => client.ask(flowPage, { id: flowId });
const first = JSON.stringify(await ask());
const table: TableRow[] = [];
for (const callers of flags.callers.split(',').map(Number)) {
  const measure = () => measureCallers({ callers, seconds, sampleCpu: () => sampleCpu(gateway) }, ask);
  await measure();
  const figures = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) figures.push(await measure());
  table.push(...pairedRows(`page, ${callers} caller${callers > 1 ? 's' : ''}`, [figures]));
  console.log(`${callers} callers: done, load of the machine ${loadavg()[0]!.toFixed(1)}`);
}
if (JSON.stringify(await ask()) !== first)
  throw new Error('The answer is not that of before: something was not repeated.');
printTable(table);

/** The port of a process in front of the subgraph at this port. */
async function replayOf(port: number): Promise<number> {
  const child = fork(fileURLToPath(new URL('gateway/replayMain.ts', import.meta.url)), [String(port)]);
  replays.push(child);
  opened.defer(() => child.disconnect());
  const [own] = (await once(child, 'message')) as [number];
  return own;
}

async function createOwner(ownerEmail: string): Promise<void> {
  await using workspaces = await Database.open({
    url: database.appUrl,
    entities: workspaceSubgraph({ accessTokens: null }).tables,
    logger: createLogger({ name: 'bench', level: 'silent' }),
    poolSize: 1,
  });
  const { invitationToken } = await createWorkspaceWithOwner(workspaces, { slug: 'acme', name: 'acme', ownerEmail });
  const accepted = await fetch(`${origin}/auth/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: invitationToken, password: 'tributary-demo' }),
  });
  if (accepted.status !== 200) throw new Error(`The invitation was refused: ${await accepted.text()}`);
}
