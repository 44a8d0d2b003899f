// `npm run bench:peer`: the page beside PostGraphile 5, over the same database, as the same role and with the same setting of row-level
// security, in turns of one run. Both answer the same page: the relations and computed columns that PostGraphile needs for it are made in a
// schema of its own, and both answers must hold the same data before anything is measured. PostGraphile is installed into benchmarks/peer at the first run; nothing of the product needs it.
//   --rounds 5   --seconds 5   --callers 1,4
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { eventually, System } from '@tributary/kit';
import { Client, serverListBuffer, startDiscovery, untilEnded } from '@tributary/kit/client';
import { type Figures, measureCallers, pidsOf, printTable, sampleCpu, type TableRow } from '@tributary/kit/measure';
import { decodeId } from '@tributary/contracts/ids';
import pg from 'pg';
import { flowPage } from '../test/e2e/documents.ts';
import { pairedRows } from './pairedRows.ts';
import { peerPage } from './peer/peerPage.ts';
import { samePage } from './peer/samePage.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    callers: { type: 'string', default: '1,4' },
  },
});
const seconds = Number(flags.seconds);
const folder = fileURLToPath(new URL('peer', import.meta.url));
if (!existsSync(`${folder}/node_modules`))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });

await using opened = new AsyncDisposableStack();
const system = opened.use(await System.start());
const client = new Client(system);
opened.defer(() => client.close());
const flowId = await startDiscovery(client, {
  name: 'stage.csv',
  content: serverListBuffer({ rows: 500, prefix: 'stage' }),
});
const flow = await untilEnded(client, flowId, 120);
if (flow.status !== 'SUCCEEDED') throw new Error(`The discovery of the stage ended ${JSON.stringify(flow)}`);
const workspaceId = await preparePeer('acme');
const [peer, peerUrl] = await startPeer();

const askTributary = () => client.ask(flowPage, { id: flowId });
const variables = { workspace: workspaceId, flow: decodeId(flowId).uuid };
const body = JSON.stringify({ query: peerPage, variables });
// Its pool opens connections while it is asked, each a process of PostgreSQL: they are looked for at every sample.
const sampleTheirs = () => sampleCpu([peer.pid!, ...pidsOf('postgres')]);

// What agents did is rolled up within seconds; theirs reads the sums alone.
await eventually(async () => samePage(await askTributary(), JSON.parse(await askPeer()).data), {
  timeoutMs: 60_000,
  intervalMs: 500,
});

const table: TableRow[] = [];
for (const callers of flags.callers.split(',').map(Number)) {
  const ours = () => measureCallers({ callers, seconds, sampleCpu: () => system.sampleCpu() }, askTributary);
  const theirs = () => measureCallers({ callers, seconds, sampleCpu: sampleTheirs }, askPeer);
  await ours();
  await theirs();
  const figures: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    figures[0].push(await ours());
    figures[1].push(await theirs());
  }
  table.push(...pairedRows(`page, ${callers} caller${callers > 1 ? 's' : ''}`, figures));
  console.log(`${callers} callers: done, load of the machine ${loadavg()[0]!.toFixed(1)}`);
}
console.log(
  `bytes of an answer: ours ${JSON.stringify(await askTributary()).length}, theirs ${(await askPeer()).length}`,
);
printTable(table);

async function askPeer(): Promise<string> {
  const answer = await fetch(peerUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const text = await answer.text();
  if (answer.status !== 200 || text.includes('"errors"')) throw new Error(`PostGraphile answers ${text.slice(0, 500)}`);
  return text;
}

async function startPeer(): Promise<[ChildProcess, string]> {
  const child = fork(`${folder}/server.mjs`, [workspaceId], {
    env: { ...process.env, DATABASE_URL: system.databaseUrl, GRAPHILE_ENV: 'production', NODE_ENV: 'production' },
  });
  opened.defer(() => child.disconnect());
  const [port] = (await once(child, 'message')) as [number];
  return [child, `http://127.0.0.1:${port}/graphql`];
}

/** Adds what PostGraphile needs to this database, and answers the workspace's id. */
async function preparePeer(slug: string): Promise<string> {
  const admin = new pg.Client({ connectionString: system.databaseUrl });
  await admin.connect();
  try {
    await admin.query(readFileSync(`${folder}/schema.sql`, 'utf8'));
    const { rows } = await admin.query<{ id: string }>('select workspace_id as id from workspace where slug = $1', [
      slug,
    ]);
    return rows[0]!.id;
  } finally {
    await admin.end();
  }
}
