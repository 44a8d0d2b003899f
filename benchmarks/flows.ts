// `npm run bench:flows`: many flows, each watched by a few graphql-ws sockets, while a steady stream of progress is reported to all
// of them in turn: how long from commit to client. The commit counts from the event's `occurredAt`, which the flow subgraph sets in
// the transaction just before it commits, on the clock of the same machine: the figures include the commit itself. Every event
// must reach each watcher of its flow once and in order, else it ends with 1.
//   --mode cluster|embedded   --flows 1000   --watchers 10 (of each)   --rate 100 (events a second)   --seconds 30   --rounds 3
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Audience, printTable, quantile, steadily, type TableRow } from '@tributary/kit/measure';
import { Client, manySockets, watchProgress } from '@tributary/kit/client';
import { type Mode, System } from '@tributary/kit';
import { createRunnerFlow, reportProgress } from './workloads/mutation.ts';

const { values: flags } = parseArgs({
  options: {
    mode: { type: 'string', default: 'cluster' },
    flows: { type: 'string', default: '1000' },
    watchers: { type: 'string', default: '10' },
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '3' },
  },
});
const [flows, watchers, rate, seconds] = [flags.flows, flags.watchers, flags.rate, flags.seconds].map(Number) as [
  number,
  number,
  number,
  number,
];
const creators = 8;

await using system = await System.start({ mode: flags.mode as Mode, settings: manySockets });
const client = new Client(system);
const flowIds: string[] = [];
await Promise.all(
  Array.from({ length: creators }, async () => {
    while (flowIds.length < flows) {
      const index = flowIds.push('') - 1;
      flowIds[index] = await createRunnerFlow(client);
      await reportProgress(client, { flowId: flowIds[index], status: 'RUNNING', progress: 0.0001 });
    }
  }),
);
await using audience = await Audience.gather({
  url: `${system.origin.replace('http', 'ws')}/graphql`,
  authorization: await client.authorization(),
  query: watchProgress,
  members: flowIds.flatMap((flowId) => Array.from({ length: watchers }, () => ({ variables: { flowId } }))),
  timed: true,
});
console.log(`${flags.mode} mode, ${flows} flows with ${watchers} watchers each, ${rate} events a second`);

const reported = flowIds.map(() => 0);
const table: TableRow[] = [];
let next = 0;
// The first round warms the compiler up, and is not counted.
for (let round = 0; round <= Number(flags.rounds); round += 1) {
  await audience.look();
  const { done, behind } = await steadily(rate, round === 0 ? Math.min(seconds, 10) : seconds, async () => {
    const flow = (next += 1) % flows;
    reported[flow]! += 1;
    const progress = 0.0001 * (reported[flow]! + 1);
    await reportProgress(client, { flowId: flowIds[flow]!, status: 'RUNNING', progress, message: `report ${next}` });
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { latencies } = await audience.look();
  if (round === 0) continue;
  table.push({
    round,
    events: done,
    'behind schedule': behind,
    deliveries: latencies.length,
    'p50 ms': quantile(latencies, 0.5),
    'p99 ms': quantile(latencies, 0.99),
    'most ms': quantile(latencies, 1),
    load: loadavg()[0]!,
  });
}
printTable(table);
const { counts, faults, open } = await audience.look();
const lost = counts.reduce((sum, count, index) => sum + reported[Math.floor(index / watchers)]! - count, 0);
console.log(
  `${lost} events lost, ${faults} twice or out of order, ${counts.length - open} of ${counts.length} sockets closed`,
);
if (lost !== 0 || faults > 0 || open < counts.length) process.exitCode = 1;
client.close();
