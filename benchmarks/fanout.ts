// `npm run bench:fanout`: one flow watched by many graphql-ws sockets, with a selection over three subgraphs, in cluster mode. Shared
// execution, an execution of each watcher's own, and a plain `ws` broadcast of the same bytes, side by side in one run: all stand
// at once, and take turns. CPU is that of the process that sends: the gateway, or the broadcaster. Events are made by mutations at
// another gateway, as in any cluster, so that they cost the measured one nothing but what becomes of them.
//   --watchers 2000,10000   --own 2000 (at most so many with an execution each)   --rounds 5   --events 4 (of each, a round)
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import {
  Audience,
  cpuMilliseconds,
  listenerAt,
  median,
  memoryOf,
  printTable,
  quantile,
  type TableRow,
} from '@tributary/kit/measure';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { Client, manySockets, watchProgress } from '@tributary/kit/client';
import { System } from '@tributary/kit';
import { createRunnerFlow, reportProgress } from './workloads/mutation.ts';

const warmUpEvents = 40;
/** What is left to do when the last client has the event. */
const settleMs = 20;
const pauseMs = 150;

/** Who sends the same thing to everybody, and how it is made to. */
interface Sender {
  readonly url: string;
  readonly authorization: string;
  readonly flowId: string;
  readonly pids: readonly number[];
  /** The processes behind it. */
  readonly subgraphs: readonly number[];
  publish(text: string): Promise<void>;
}

/** Some watchers of a sender, and what was seen of them. */
interface Stand {
  readonly name: string;
  readonly sender: Sender;
  readonly watchers: number;
  readonly audience: Audience;
  readonly bytesEach: number;
  readonly eventsARound: number;
  readonly cpu: number[];
  readonly subgraphCpu: number[];
  readonly last: number[];
  missed: number;
}

/** Of the size that the system sends; replaced by what it did send. */
let message = '';
let published = 0;

if (process.argv[2] === 'broadcast') await beBroadcast();
else await measure();

async function measure(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      watchers: { type: 'string', default: '2000,10000' },
      own: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '5' },
      events: { type: 'string', default: '4' },
    },
  });
  await using closers = new AsyncDisposableStack();
  const shared = await cluster(closers, true);
  const own = Number(flags.own) > 0 ? await cluster(closers, false) : null;
  const floor = await broadcaster(closers);
  let missed = 0;
  for (const watchers of flags.watchers.split(',').map(Number)) {
    await using audiences = new AsyncDisposableStack();
    const stands: Stand[] = [];
    const add = async (name: string, sender: Sender, count: number, eventsARound: number) => {
      stands.push(await stand(audiences, name, sender, count, eventsARound));
      await round(stands.at(-1)!, eventsARound === 1 ? 1 : warmUpEvents, false);
    };
    const events = Number(flags.events);
    await add('shared execution', shared, watchers, events);
    await add('  of these for one watcher', shared.alone, 1, events);
    if (own) await add('an execution each', own, Math.min(watchers, Number(flags.own)), 1);
    await add('plain ws broadcast', floor, watchers, events);
    for (let n = 0; n < Number(flags.rounds); n += 1)
      for (const each of stands) await round(each, each.eventsARound, true);
    console.log(`\n${watchers} watchers, load of the machine ${loadavg()[0]!.toFixed(1)}`);
    printTable(stands.map(rowOf));
    compare(stands);
    missed += stands.reduce((sum, each) => sum + each.missed, 0);
  }
  if (missed > 0) process.exitCode = 1;
}

async function stand(
  closers: AsyncDisposableStack,
  name: string,
  sender: Sender,
  watchers: number,
  eventsARound: number,
): Promise<Stand> {
  const before = memoryOf(sender.pids);
  const audience = closers.use(
    await Audience.gather({
      url: sender.url,
      authorization: sender.authorization,
      query: watchProgress,
      members: Array.from({ length: watchers }, () => ({ variables: { flowId: sender.flowId } })),
    }),
  );
  await delay(2_000);
  const bytesEach = (memoryOf(sender.pids) - before) / watchers;
  const seen = { cpu: [], subgraphCpu: [], last: [], missed: 0 };
  return { name, sender, watchers, audience, bytesEach, eventsARound, ...seen };
}

async function round({ sender, audience, watchers, ...seen }: Stand, events: number, counts: boolean): Promise<void> {
  for (let n = 0; n < events; n += 1) {
    const text = `event ${(published += 1)}.`;
    const cpuBefore = cpuMilliseconds(sender.pids);
    const subgraphCpuBefore = cpuMilliseconds(sender.subgraphs);
    const begun = Date.now();
    const arrivals = await audience.reached(`"${text}"`, () => sender.publish(text));
    await delay(settleMs);
    const cpu = cpuMilliseconds(sender.pids) - cpuBefore;
    const subgraphCpu = cpuMilliseconds(sender.subgraphs) - subgraphCpuBefore;
    await delay(pauseMs);
    if (sender.flowId !== '') message = arrivals.sample;
    if (!counts) continue;
    seen.cpu.push(cpu);
    seen.subgraphCpu.push(subgraphCpu);
    seen.last.push(arrivals.last - begun);
    seen.missed += watchers - arrivals.count;
  }
}

function rowOf({ name, watchers, cpu, subgraphCpu, last, bytesEach, missed }: Stand): TableRow {
  return {
    '': name,
    watchers,
    events: cpu.length,
    'CPU ms/event': median(cpu),
    'subgraphs ms/event': median(subgraphCpu),
    'last of them p50 ms': median(last),
    'p99 ms': quantile(last, 0.99),
    'KB/connection': bytesEach / 1024,
    missed,
  };
}

/** What the issue asks for, in its own terms. */
function compare(stands: readonly Stand[]): void {
  const figures = (name: string, of: 'cpu' | 'last') => {
    const found = stands.find((each) => each.name === name);
    return found ? median(found[of]) / found.watchers : Number.NaN;
  };
  for (const [what, of] of [
    ['CPU', 'cpu'],
    ['time to the last client', 'last'],
  ] as const) {
    const sharing = figures('shared execution', of);
    console.log(
      `${what}: ${(sharing / figures('plain ws broadcast', of)).toFixed(2)} times the broadcast; ` +
        `an execution each takes ${(figures('an execution each', of) / sharing).toFixed(0)} times as much for each watcher`,
    );
  }
}

async function cluster(closers: AsyncDisposableStack, shares: boolean): Promise<Sender & { alone: Sender }> {
  const system = closers.use(
    await System.start({
      mode: 'cluster',
      settings: { SHARED_SUBSCRIPTIONS: String(shares), GATEWAYS: '2', ...manySockets },
    }),
  );
  const watched = new URL(system.url);
  const pids = [listenerAt(watched.port, system.pidsOf('gateway'))];
  const client = closers.adopt(new Client(new URL(system.otherUrls[0]!)), (each) => each.close());
  const subgraphs = subgraphNames.flatMap((part) => system.pidsOf(part));
  const sender = async (): Promise<Sender> => {
    const flowId = await createRunnerFlow(client);
    let reports = 0;
    const publish = async (text: string) => {
      reports += 1;
      await reportProgress(client, { flowId, status: 'RUNNING', progress: reports / 10_000, message: text });
    };
    await publish('begun');
    return {
      url: watched.href.replace('http', 'ws'),
      authorization: await client.authorization(),
      flowId,
      pids,
      subgraphs,
      publish,
    };
  };
  return { ...(await sender()), alone: await sender() };
}

async function broadcaster(closers: AsyncDisposableStack): Promise<Sender> {
  const server = closers.adopt(
    fork(fileURLToPath(import.meta.url), ['broadcast'], { execArgv: ['--no-warnings'] }),
    (each: ChildProcess) => void each.kill(),
  );
  const [url] = (await once(server, 'message')) as [string];
  return {
    url,
    authorization: '',
    flowId: '',
    pids: [server.pid!],
    subgraphs: [],
    publish: async (text) => void server.send(message.replace(/event \d+\./, text)),
  };
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
