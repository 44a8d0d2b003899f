// `npm run bench:sockets`: what a normal user feels while many sockets are open and many more come and go, and what a socket that
// overdoes it is told. The sizes: --idle 5000 --rate 1000 --seconds 30
//   --idle 500   --rate 100   --seconds 5   --mode embedded|cluster
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { printTable, quantile, SteadyCaller, type TableRow } from '@tributary/kit/measure';
import { Client } from '@tributary/kit/client';
import { type Mode, System } from '@tributary/kit';

/** What the limits of the product say; nothing here is configured. */
const perPerson = 100;
const pageQuery = `{ flows(first: 20) { nodes { id name status progress assets(first: 5) { totalCount nodes { id name } } } } }`;
const watchAll = { query: 'subscription { flowUpdates { type sequence } }' };
const callEveryMs = 25;
const patienceMs = 10_000;

const { values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    idle: { type: 'string', default: '500' },
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
    mode: { type: 'string', default: 'embedded' },
  },
});

if (process.argv[2] === 'crowd') await beCrowd();
else process.exitCode = await measure();

/** What a process with many sockets is told to do. */
interface Crowd {
  readonly url: string;
  readonly keys: readonly string[];
  /** Taken in turn: an address has 28,000 ports, and each of them rests for a minute when its socket has gone. */
  readonly localAddresses: readonly string[];
  /** Sockets that are opened at once and stay. */
  readonly idle: number;
  /** Sockets a second that come, sign in and go; for so many seconds. */
  readonly rate: number;
  readonly seconds: number;
}

interface CrowdReport {
  readonly acknowledged: number;
  /** Everything that was not acknowledged, or was closed by the server, by its reason. */
  readonly lost: Readonly<Record<string, number>>;
  readonly latencies: readonly number[];
  readonly seconds: number;
}

async function measure(): Promise<number> {
  const idle = Number(flags.idle);
  const rate = Number(flags.rate);
  const seconds = Number(flags.seconds);
  console.log(`${idle} idle sockets, ${rate} new ones a second for ${seconds} s; load ${loadavg()[0]!.toFixed(1)}`);
  process.env['SOCKETS_PER_PERSON'] = String(perPerson);
  await using system = await System.start({ mode: flags.mode as Mode });
  const client = new Client(system);
  const url = `${system.origin.replace('http', 'ws')}/graphql`;
  const idleKeys = await createKeys(client, Math.ceil(idle / perPerson));
  const newKeys = await createKeys(client, Math.max(4, Math.ceil((rate * 4) / perPerson)));

  await callsFor(client, 2);
  const alone = await callsFor(client, seconds);
  const idleCrowd = await startCrowd({ url, keys: idleKeys, localAddresses: ['127.0.0.2'], idle, rate: 0, seconds: 0 });
  const gathered = await report(idleCrowd);
  const amongIdle = await callsFor(client, seconds);
  const newAddresses = ['127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6'];
  const newCrowd = await startCrowd({ url, keys: newKeys, localAddresses: newAddresses, idle: 0, rate, seconds });
  const newcomers = report(newCrowd);
  const besideNew = await callsFor(client, seconds);
  const come = await newcomers;
  idleCrowd.send('look');
  const stayed = await report(idleCrowd);
  for (const crowd of [idleCrowd, newCrowd]) crowd.kill();

  const times = (latencies: readonly number[]): TableRow => ({
    'p50 ms': quantile(latencies, 0.5),
    'p99 ms': quantile(latencies, 0.99),
    'times p99 alone': quantile(latencies, 0.99) / quantile(alone, 0.99),
  });
  printTable([
    { 'a normal user': 'alone', calls: alone.length, ...times(alone) },
    { 'a normal user': `beside ${idle} idle sockets`, calls: amongIdle.length, ...times(amongIdle) },
    { 'a normal user': `and ${rate} new ones a second`, calls: besideNew.length, ...times(besideNew) },
  ]);
  console.log();
  printTable([
    {
      sockets: 'idle',
      acknowledged: gathered.acknowledged,
      'a second': gathered.acknowledged / gathered.seconds,
      'ack p99 ms': quantile(gathered.latencies, 0.99),
      lost: lostOf(stayed),
    },
    {
      sockets: 'new',
      acknowledged: come.acknowledged,
      'a second': come.acknowledged / come.seconds,
      'ack p99 ms': quantile(come.latencies, 0.99),
      lost: lostOf(come),
    },
  ]);
  console.log();
  const refusals = await refusalsOf(url, await client.authorization());
  printTable(
    refusals.map(({ what, expected, heard }) => ({ what, expected, heard, ok: expected === heard ? 'yes' : 'NO' })),
  );
  client.close();
  const faults = [
    ...refusals
      .filter(({ expected, heard }) => expected !== heard)
      .map(({ what }) => `${what} was not refused as it should be`),
    ...(Object.keys(stayed.lost).length > 0 ? ['idle sockets were lost'] : []),
    ...(Object.keys(come.lost).length > 0 ? ['new sockets were lost'] : []),
  ];
  for (const fault of faults) console.error(fault);
  return faults.length > 0 ? 1 : 0;
}

async function createKeys(client: Client, count: number): Promise<string[]> {
  const mutation = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;
  const keys: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { createApiKey } = await client.ask(mutation, { input: { name: `crowd ${n}`, scopes: ['flow.read'] } });
    keys.push(createApiKey.secret as string);
  }
  return keys;
}

async function callsFor(client: Client, seconds: number): Promise<number[]> {
  const caller = new SteadyCaller(callEveryMs, () => client.ask(pageQuery));
  await delay(seconds * 1000);
  await caller.stop();
  if (caller.failures > 0) throw new Error(`${caller.failures} calls of the normal user failed.`);
  return caller.latencies;
}

async function startCrowd(crowd: Crowd): Promise<ChildProcess> {
  const child = fork(fileURLToPath(import.meta.url), ['crowd'], { execArgv: ['--no-warnings'] });
  child.send(crowd);
  return child;
}

async function report(child: ChildProcess): Promise<CrowdReport> {
  const [message] = (await once(child, 'message')) as [CrowdReport];
  return message;
}

function lostOf({ lost }: CrowdReport): string {
  return (
    Object.entries(lost)
      .map(([reason, count]) => `${count} × ${reason}`)
      .join(', ') || '0'
  );
}

interface Refusal {
  readonly what: string;
  readonly expected: string;
  readonly heard: string;
}

/** Oversteps each limit of a socket once. */
async function refusalsOf(url: string, authorization: string): Promise<Refusal[]> {
  const open = async (origin?: string) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', origin === undefined ? {} : { origin });
    const closed = new Promise<string>((resolve) => socket.once('close', (code) => resolve(String(code))));
    const refused = new Map<string, string>();
    let refusedAll = 0;
    socket.on('message', (data: Buffer) => {
      const { id, type, payload } = JSON.parse(data.toString()) as { id: string; type: string; payload: any };
      if (type !== 'error') return;
      refused.set(id, payload[0].extensions.code);
      refusedAll += 1;
    });
    await once(socket, 'open');
    return { socket, closed, refused, count: () => refusedAll };
  };
  const signedIn = async () => {
    const opened = await open();
    opened.socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await once(opened.socket, 'message');
    return opened;
  };
  const subscribe = (socket: WebSocket, id: string, payload: object) =>
    socket.send(JSON.stringify({ id, type: 'subscribe', payload }));

  const found: Refusal[] = [];
  const silent = await open();
  const silentSince = performance.now();
  const cut = await within(silent.closed);
  found.push({
    what: 'no init',
    expected: '4408 after 3 s',
    heard: `${cut} after ${((performance.now() - silentSince) / 1000).toFixed(0)} s`,
  });

  const many = await signedIn();
  for (let n = 1; n <= 51; n += 1) subscribe(many.socket, String(n), watchAll);
  await delay(2_000);
  found.push({
    what: '51st subscription',
    expected: '51: QUOTA_EXCEEDED',
    heard: [...many.refused].map((pair) => pair.join(': ')).join(', '),
  });
  many.socket.terminate();

  const large = await signedIn();
  subscribe(large.socket, '1', { ...watchAll, variables: { pad: 'x'.repeat(65 * 1024) } });
  found.push({ what: 'message of 65 KB', expected: '1009', heard: await within(large.closed) });

  const foreign = await open('https://elsewhere.example').then(
    () => 'opened',
    (error: Error) => /\d{3}$/.exec(error.message)?.[0] ?? error.message,
  );
  found.push({ what: 'foreign Origin', expected: '403', heard: foreign });

  const quick = await signedIn();
  const begun = performance.now();
  for (let n = 1; n <= 105; n += 1) {
    subscribe(quick.socket, String(n), { query: '{ __typename }' });
    await delay(Math.max(0, begun + (n * 1000) / 21 - performance.now()));
  }
  await delay(500);
  const codes = new Set(quick.refused.values());
  found.push({
    what: '21 operations a second for 5 s',
    expected: 'RATE_LIMIT_EXCEEDED',
    heard: [...codes].join(', ') || 'nothing',
  });
  quick.socket.terminate();
  return found;
}

async function within(heard: Promise<string>): Promise<string> {
  return Promise.race([heard, delay(patienceMs, 'nothing', { ref: false })]);
}

/** Many sockets in a process of their own, so that their work is not counted as the system's. */
async function beCrowd(): Promise<void> {
  const [crowd] = (await once(process, 'message')) as [Crowd];
  const lost: Record<string, number> = {};
  const latencies: number[] = [];
  const begun = performance.now();
  const lose = (reason: string): void => {
    lost[reason] = (lost[reason] ?? 0) + 1;
  };
  const tell = (): void =>
    void process.send!({
      acknowledged: latencies.length,
      lost,
      latencies,
      seconds: (performance.now() - begun) / 1000,
    });
  const join = (number: number, stays: boolean): Promise<void> =>
    new Promise((resolve) => {
      const { url, keys, localAddresses } = crowd;
      const localAddress = localAddresses[number % localAddresses.length]!;
      const started = performance.now();
      const socket = new WebSocket(url, 'graphql-transport-ws', { localAddress, perMessageDeflate: false });
      let acknowledged = false;
      socket.once('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { apiKey: keys[number % keys.length] } })),
      );
      socket.once('message', () => {
        acknowledged = true;
        latencies.push(performance.now() - started);
        if (stays) resolve();
        else socket.close(1000);
      });
      socket.once('error', (error) => lose(error.message));
      socket.once('close', (code, reason) => {
        if (stays || !acknowledged) lose(`${code} ${String(reason)}`.trim());
        resolve();
      });
    });
  for (let from = 0; from < crowd.idle; from += 50)
    await Promise.all(Array.from({ length: Math.min(50, crowd.idle - from) }, (_none, n) => join(from + n, true)));
  const all = crowd.rate * crowd.seconds;
  const coming: Promise<void>[] = [];
  while (coming.length < all) {
    const due = Math.min(all, Math.floor(((performance.now() - begun) / 1000) * crowd.rate));
    while (coming.length < due) coming.push(join(coming.length, false));
    await delay(5);
  }
  await Promise.all(coming);
  tell();
  process.on('message', tell);
}
