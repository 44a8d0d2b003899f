// `npm run bench`: the recorded workloads, several rounds each, on a system of its own.
//   --mode embedded|cluster   --only <part of a name>   --rounds 5   --seconds 5 (of a round of callers)
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figures, median, printTable, type TableRow } from '@tributary/kit/measure';
import { Client, serverListBuffer, startDiscovery, untilEnded } from '@tributary/kit/client';
import { type Mode, System } from '@tributary/kit';
import { discovery } from './workloads/discovery.ts';
import { listQueries } from './workloads/list.ts';
import { runnerFlow, updateAsset } from './workloads/mutation.ts';
import { pageQueries } from './workloads/pageQuery.ts';
import { watchedFlow } from './workloads/watchedFlow.ts';

const { values: flags } = parseArgs({
  options: {
    mode: { type: 'string', default: 'embedded' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
  },
});
const workloads = [...pageQueries, ...listQueries, updateAsset, runnerFlow, discovery, watchedFlow];
const chosen = workloads.filter((workload) => workload.name.includes(flags.only));
if (chosen.length === 0)
  throw new Error(`No workload is called that. There are: ${workloads.map(({ name }) => name).join('; ')}`);

await using system = await System.start({ mode: flags.mode as Mode });
console.log(
  `${flags.mode} mode was ready after ${system.readySeconds.toFixed(1)} s; load of the machine ${loadavg()[0]!.toFixed(1)}`,
);
const client = new Client(system);
const flowId = await startDiscovery(client, {
  name: 'stage.csv',
  content: serverListBuffer({ rows: 2_000, prefix: 'stage' }),
});
const flow = await untilEnded(client, flowId, 120);
if (flow.status !== 'SUCCEEDED') throw new Error(`The discovery of the stage ended ${JSON.stringify(flow)}`);

const table: TableRow[] = [];
for (const workload of chosen) {
  const stage = { client, flowId, seconds: Number(flags.seconds) };
  // The first round warms caches and the compiler, and is not counted.
  await workload.run({ ...stage, seconds: Math.min(stage.seconds, 3) });
  const rounds: Figures[] = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) rounds.push(await workload.run(stage));
  for (const figure of Object.keys(rounds[0]!)) {
    const values = rounds.map((round) => round[figure]!);
    table.push({
      workload: workload.name,
      figure,
      median: median(values),
      least: Math.min(...values),
      most: Math.max(...values),
    });
  }
  console.log(`${workload.name}: done, load of the machine ${loadavg()[0]!.toFixed(1)}`);
}
console.log();
printTable(table);
client.close();
