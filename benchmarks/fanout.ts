// `npm run bench:fanout`: one flow watched by many graphql-ws sockets, with a selection over two subgraphs, in embedded mode. Shared
// execution, executions of each watcher's own, and a plain `ws` broadcast of the same bytes, side by side in one run.
//   --watchers 2000   --events 20   --only shared|own|floor
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';
import { Client } from './lib/Client.ts';
import { descendants, sampleProcesses } from './lib/processes.ts';
import { median, quantile } from './lib/statistics.ts';
import { System } from './lib/System.ts';
import { printTable, type TableRow } from './lib/table.ts';
import { createRunnerFlow, reportProgress } from './workloads/mutation.ts';

const query = `subscription ($flowId: ID!, $after: Cursor) { flowProgress(flowId: $flowId, after: $after) {
  type sequence cursor previousCursor phase progress status message occurredAt
  flow { id name status progress alerts(first: 3) { nodes { id severity description } } assets(first: 3) { nodes { id name } } }
} }`;
const pauseMs = 150;
const patienceMs = 30_000;
const connectAtOnce = 25;

const { values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    watchers: { type: 'string', default: '2000' },
    events: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
  },
});
const watchers = Number(flags.watchers);
const events = Number(flags.events);

if (process.argv[2] === 'audience') await beAudience();
else if (process.argv[2] === 'broadcast') await beBroadcast();
else await measure();

async function measure(): Promise<void> {
  console.log(`${watchers} watchers, ${events} events; load of the machine ${loadavg()[0]!.toFixed(1)}`);
  const rows: TableRow[] = [];
  // Of the size that the system sends; replaced by what it did send.
  let message = `{"id":"00000000-0000-4000-8000-000000000000","type":"next","payload":{"message":"step 0 of 0","filler":"${'x'.repeat(500)}"}}`;
  for (const [name, shared] of [
    ['shared execution', 'true'],
    ['an execution each', 'false'],
  ] as const) {
    if (flags.only && flags.only !== (shared === 'true' ? 'shared' : 'own')) continue;
    process.env['SHARED_SUBSCRIPTIONS'] = shared;
    await using system = await System.start();
    const client = new Client(system);
    const flowId = await createRunnerFlow(client);
    await reportProgress(client, { flowId, status: 'RUNNING', progress: 0.001 });
    const target = {
      url: `${system.origin.replace('http', 'ws')}/graphql`,
      authorization: await client.authorization(),
      flowId,
    };
    let n = 0;
    const publish = async (text: string): Promise<void> => {
      n += 1;
      await reportProgress(client, { flowId, status: 'RUNNING', progress: n / 1_000, message: text });
    };
    // What the event itself costs: the mutation, the log, and one resolution.
    if (shared === 'true') rows.push((await run('one watcher', target, partOf('main'), publish, 1)).row);
    const rounds = shared === 'true' ? events : Math.min(events, 4);
    const found = await run(name, target, partOf('main'), publish, watchers, rounds);
    message = found.message;
    rows.push(found.row);
    client.close();
  }
  if (!flags.only || flags.only === 'floor') {
    const server = fork(fileURLToPath(import.meta.url), ['broadcast'], { execArgv: ['--no-warnings'] });
    const [url] = (await once(server, 'message')) as [string];
    const found = await run(
      'plain ws broadcast',
      { url, authorization: '', flowId: '' },
      () => sample(server.pid!),
      async (text) => {
        server.send(message.replace(/step \d+ of \d+/, text));
      },
    );
    rows.push(found.row);
    server.kill();
  }
  printTable(rows);
}

interface Target {
  readonly url: string;
  readonly authorization: string;
  readonly flowId: string;
}

interface Sample {
  readonly cpuSeconds: number;
  readonly pssBytes: number;
}

/** One audience in a process of its own, so that its work is not counted. */
async function run(
  name: string,
  target: Target,
  look: () => Sample,
  publish: (text: string) => Promise<void>,
  count = watchers,
  rounds = events,
): Promise<{ row: TableRow; message: string }> {
  const before = look();
  const audience = fork(fileURLToPath(import.meta.url), ['audience'], { execArgv: ['--no-warnings'] });
  const begun = performance.now();
  audience.send({ ...target, watchers: count });
  await heard(audience, 'gathered');
  const gathered = (performance.now() - begun) / 1000;
  await delay(2_000);
  const standing = look();
  const last: number[] = [];
  const half: number[] = [];
  let missed = 0;
  let message = '';
  let cpu = 0;
  // The first two warm the compiler up.
  for (let n = -1; n <= rounds; n += 1) {
    const text = `step ${n + 2} of ${rounds}`;
    audience.send({ await: `"${text}"` });
    await heard(audience, 'ready');
    const cpuBefore = look().cpuSeconds;
    const published = Date.now();
    const arrivals = heard(audience, 'arrived');
    await publish(text);
    const { times, sample: seen } = (await arrivals) as unknown as { times: number[]; sample: string };
    message = seen;
    await delay(pauseMs);
    if (n <= 0) continue;
    cpu += look().cpuSeconds - cpuBefore;
    missed += count - times.length;
    last.push((times.at(-1) ?? Number.NaN) - published);
    half.push((times[times.length >> 1] ?? Number.NaN) - published);
  }
  audience.kill();
  await once(audience, 'exit');
  const row: TableRow = {
    '': name,
    'CPU ms/event': (cpu * 1000) / rounds,
    'half of them after ms': median(half),
    'last p50 ms': median(last),
    'last p99 ms': quantile(last, 0.99),
    'KB/connection': (standing.pssBytes - before.pssBytes) / count / 1024,
    missed,
    'connected in s': gathered,
  };
  return { row, message };
}

async function heard(child: ChildProcess, kind: string): Promise<Record<string, unknown>> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Record<string, unknown>];
    if (message['kind'] === kind) return message;
    if (message['kind'] === 'failed') throw new Error(String(message['reason']));
  }
}

function partOf(part: string): () => Sample {
  const { pid } = sampleProcesses().find((candidate) => candidate.part === part)!;
  return () => sample(pid);
}

function sample(pid: number): Sample {
  if (!descendants().includes(pid)) throw new Error('The process under test has ended.');
  return sampleProcesses().find((candidate) => candidate.pid === pid)!;
}

/** The watchers: they read no more of a message than they must. */
async function beAudience(): Promise<void> {
  const [target] = (await once(process, 'message')) as [Target & { watchers: number }];
  let awaited = '';
  let times: number[] = [];
  let seen = '';
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    process.send!({ kind: 'arrived', times, sample: seen });
  };
  process.on('message', (message: { await?: string }) => {
    if (message.await === undefined) return;
    awaited = message.await;
    times = [];
    timer = setTimeout(tell, patienceMs);
    process.send!({ kind: 'ready' });
  });
  const join = async (): Promise<void> => {
    const socket = new WebSocket(target.url, 'graphql-transport-ws', { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: target.authorization } })),
      );
      socket.on('message', (data: Buffer) => {
        if (awaited !== '' && data.includes(awaited)) {
          times.push(Date.now());
          if (times.length === target.watchers) {
            seen = data.toString();
            tell();
          }
          return;
        }
        const text = data.toString();
        if (text.includes('"connection_ack"'))
          socket.send(
            JSON.stringify({
              id: crypto.randomUUID(),
              type: 'subscribe',
              payload: { query, variables: { flowId: target.flowId } },
            }),
          );
        else if (text.includes('stream.snapshot')) resolve();
        else if (text.includes('"type":"error"')) reject(new Error(text));
      });
      socket.once('error', reject);
      socket.once('close', (code) => reject(new Error(`A socket was closed with ${code}.`)));
    });
  };
  try {
    for (let joined = 0; joined < target.watchers; joined += connectAtOnce)
      await Promise.all(Array.from({ length: Math.min(connectAtOnce, target.watchers - joined) }, join));
    process.send!({ kind: 'gathered' });
  } catch (error) {
    process.send!({ kind: 'failed', reason: String(error) });
  }
}

/** The least that any server of graphql-ws must do: answer the handshake, then send the same bytes to everybody. */
async function beBroadcast(): Promise<void> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { type, id } = JSON.parse(data.toString()) as { type: string; id: string };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      else
        socket.send(
          JSON.stringify({ id, type: 'next', payload: { data: { flowProgress: { type: 'stream.snapshot' } } } }),
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.on('message', (text: string) => {
    const bytes = Buffer.from(text);
    for (const socket of sockets.clients) socket.send(bytes, { binary: false });
  });
  process.send!(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
