// `npm run bench:stalled`: clients that stop reading from their connections while the stream that they watch is busy, beside others
// that read on, in cluster mode. First the others alone, then with the rest while they still read, then with these stalled: how much
// more memory the gateway and the flow subgraph hold at most, and what becomes of the others' time from commit (the event's
// `occurredAt`, on the same machine) to client. Before it counts, the stream is busy until the connections of the stalled ones are
// full, which takes megabytes each. In the end some of them read again, and must get every event once and in order. A client that
// leaves a ping unanswered is dropped; here no pings are sent, so that none is.
//   --stalled 1000   --others 300   --rate 50 (events a second)   --seconds 10   --fill 40 (seconds)   --rounds 3
//   --woken 20 (of the stalled ones, who read again)
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  Audience,
  median,
  megabytes,
  memoryOf,
  MemoryWatch,
  printTable,
  quantile,
  steadily,
  type TableRow,
} from '@tributary/kit/measure';
import { Client, manySockets, watchProgress } from '@tributary/kit/client';
import { System } from '@tributary/kit';
import { createRunnerFlow, reportProgress } from './workloads/mutation.ts';

const { values: flags } = parseArgs({
  options: {
    stalled: { type: 'string', default: '1000' },
    others: { type: 'string', default: '300' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '10' },
    fill: { type: 'string', default: '40' },
    woken: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
});
const lookEveryMs = 250;
const catchUpMs = 120_000;
/** Of an event, so that connections fill up soon: the system's own buffers take some hundred kilobytes first. */
const messageBytes = 1_900;

await using system = await System.start({ mode: 'cluster', settings: { ...manySockets, HEARTBEAT_MS: '600000' } });
const client = new Client(system);
const gateway = system.pidsOf('gateway');
const flow = system.pidsOf('flow');
const flowId = await createRunnerFlow(client);
let reports = 0;
let reported = Promise.resolve();

const table: TableRow[] = [];
const alone: Round[] = [];
const joined: Round[] = [];
const beside: Round[] = [];
let lost = 0;
let faults = 0;
await report();
await using others = await gather(Number(flags.others));
await busy(others, 5);
for (let round = 1; round <= Number(flags.rounds); round += 1) {
  alone.push(show(`${flags.others} clients that read`, await busy(others, Number(flags.seconds))));
  const before = reports;
  await using woken = await gather(Number(flags.woken));
  await using stalled = await gather(Number(flags.stalled) - Number(flags.woken));
  joined.push(show(`  and ${flags.stalled} more that still do`, await busy(others, Number(flags.seconds))));
  await Promise.all([woken.stall(), stalled.stall()]);
  await busy(others, Number(flags.fill));
  beside.push(show(`  and these, stalled`, await busy(others, Number(flags.seconds))));
  await woken.resume();
  const { seconds, gatewayBytes, flowBytes } = await caughtUp(woken, reports - before);
  const { counts, faults: found } = await woken.look();
  const behind = counts.filter((count) => count !== reports - before).length;
  console.log(
    `round ${round}: ${counts.length - behind} of ${flags.woken} caught up within ${seconds.toFixed(1)} s; gateway ${megabytes(gatewayBytes)} MB, flow ${megabytes(flowBytes)} MB at most meanwhile`,
  );
  lost += behind;
  faults += found;
}
const { counts, faults: found } = await others.look();
lost += counts.filter((count) => count !== reports - 1).length;
printTable(table);
const most = (of: 'gatewayBytes' | 'flowBytes', than: readonly Round[]) =>
  megabytes(Math.max(...beside.map((round, index) => round[of] - than[index]![of])));
console.log(
  `memory at most: gateway ${most('gatewayBytes', alone)} MB more than without them, ${most('gatewayBytes', joined)} MB more than ` +
    `while they read; flow ${most('flowBytes', alone)} and ${most('flowBytes', joined)} MB`,
);
console.log(
  `p99 of the others ${(median(beside.map(({ p99 }) => p99)) / median(alone.map(({ p99 }) => p99))).toFixed(2)} times as long`,
);
console.log(`${lost} clients did not get every event in time, ${faults + found} events twice or out of order`);
if (lost + faults + found > 0) process.exitCode = 1;
client.close();

/** The most that they held, in bytes. */
interface Peak {
  readonly gatewayBytes: number;
  readonly flowBytes: number;
}

interface Round extends Peak {
  readonly p50: number;
  readonly p99: number;
  readonly events: number;
}

function gather(count: number): Promise<Audience> {
  return client.authorization().then((authorization) =>
    Audience.gather({
      url: `${system.origin.replace('http', 'ws')}/graphql`,
      authorization,
      query: watchProgress,
      members: Array.from({ length: count }, () => ({ variables: { flowId } })),
      timed: true,
    }),
  );
}

/** One after the other: a report that another one has overtaken is none. */
function report(): Promise<void> {
  return (reported = reported.then(async () => {
    reports += 1;
    const message = `report ${reports} `.padEnd(messageBytes, 'x');
    await reportProgress(client, { flowId, status: 'RUNNING', progress: reports / 1e6, message });
  }));
}

/** The stream is busy for some seconds. */
async function busy(audience: Audience, seconds: number): Promise<Round> {
  await audience.look();
  const memory = watchMemory();
  const { done } = await steadily(Number(flags.rate), seconds, report);
  const peak = peakOf(memory);
  await delay(1_000);
  const { latencies } = await audience.look();
  return { ...peak, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), events: done };
}

async function caughtUp(audience: Audience, events: number): Promise<Peak & { readonly seconds: number }> {
  const begun = performance.now();
  const memory = watchMemory();
  for (;;) {
    const { counts } = await audience.look();
    const passed = performance.now() - begun;
    if (passed > catchUpMs || counts.every((count) => count >= events))
      return { ...peakOf(memory), seconds: passed / 1000 };
    await delay(500);
  }
}

function watchMemory(): MemoryWatch {
  return new MemoryWatch(() => ({ gateway: memoryOf(gateway), flow: memoryOf(flow) }), lookEveryMs);
}

function peakOf(memory: MemoryWatch): Peak {
  memory.now();
  const peak = memory.stop();
  return { gatewayBytes: peak['gateway']!, flowBytes: peak['flow']! };
}

function show(name: string, round: Round): Round {
  table.push({
    '': name,
    events: round.events,
    'p50 ms': round.p50,
    'p99 ms': round.p99,
    'gateway MB': megabytes(round.gatewayBytes),
    'flow MB': megabytes(round.flowBytes),
    load: loadavg()[0]!,
  });
  return round;
}
