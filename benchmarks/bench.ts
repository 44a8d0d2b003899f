// `npm run bench`: the recorded workloads, several rounds each, on a system of its own; CPU time by process beside each.
//   --mode embedded|cluster   --only <part of a name>   --rounds 5   --seconds 5 (of a round of callers)
//   --beside <folder>: another checkout, built, whose product runs beside this one; their rounds take turns
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { type Figures, printTable, type Stage, type TableRow } from '@tributary/kit/measure';
import { Client, serverListBuffer, startDiscovery, untilEnded } from '@tributary/kit/client';
import { type Mode, System } from '@tributary/kit';
import { ReadProbe } from './micro/ReadProbe.ts';
import { pairedRows } from './pairedRows.ts';
import { discovery } from './workloads/discovery.ts';
import { listQueries } from './workloads/list.ts';
import { runnerFlow, updateAsset } from './workloads/mutation.ts';
import { pageQueries } from './workloads/pageQuery.ts';
import { smallQueries } from './workloads/smallQueries.ts';
import { watchedFlow } from './workloads/watchedFlow.ts';

const { values: flags } = parseArgs({
  options: {
    mode: { type: 'string', default: 'embedded' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    beside: { type: 'string' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(flags.rounds);
const seconds = Number(flags.seconds);
const checkouts = [root, ...(flags.beside === undefined ? [] : [flags.beside])];
const readCallers = [1, 8];
const readName = (callers: number) => `one read, ${callers} caller${callers > 1 ? 's' : ''}`;
const workloads = [...pageQueries, ...listQueries, ...smallQueries, updateAsset, runnerFlow, discovery, watchedFlow];
const isAsked = (name: string) => name.includes(flags.only);
const chosen = workloads.filter(({ name }) => isAsked(name));
const reads = readCallers.filter((callers) => isAsked(readName(callers)));
if (chosen.length + reads.length === 0) {
  const names = [...workloads.map(({ name }) => name), ...readCallers.map(readName)];
  throw new Error(`No workload is called that. There are: ${names.join('; ')}`);
}

await using opened = new AsyncDisposableStack();
const table: TableRow[] = [];
if (chosen.length > 0) {
  const stages: Stage[] = [];
  for (const checkout of checkouts) stages.push(await stageOf(checkout));
  for (const workload of chosen) {
    // The first round warms caches and the compiler, and is not counted.
    for (const stage of stages) await workload.run({ ...stage, seconds: Math.min(seconds, 3) });
    const figures = await inTurns(stages.map((stage) => () => workload.run(stage)));
    table.push(...pairedRows(workload.name, figures));
    console.log(`${workload.name}: done, load of the machine ${loadavg()[0]!.toFixed(1)}`);
  }
}
if (reads.length > 0) {
  const probes: ReadProbe[] = [];
  for (const checkout of checkouts) probes.push(opened.use(await ReadProbe.start(checkout)));
  for (const callers of reads) {
    const measure = async (probe: ReadProbe): Promise<Figures> => {
      const { bound, bare } = await probe.measure(callers);
      return { 'CPU ms': bound, 'CPU ms of a bare one': bare, 'times a bare one': bound / bare };
    };
    for (const probe of probes) await measure(probe);
    table.push(...pairedRows(readName(callers), await inTurns(probes.map((probe) => () => measure(probe)))));
  }
}
console.log();
printTable(table);

/** The rounds of each, one after the other's, so that what else the machine does meets them alike. */
async function inTurns(all: readonly (() => Promise<Figures>)[]): Promise<Figures[][]> {
  const figures: Figures[][] = all.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, run] of all.entries()) figures[index]!.push(await run());
  }
  return figures;
}

/** A system with one finished discovery. */
async function stageOf(checkout: string): Promise<Stage> {
  const mode = flags.mode as Mode;
  const system = opened.use(await System.start({ mode, ...(checkout === root ? {} : { checkout }) }));
  console.log(
    `${mode} mode was ready after ${system.readySeconds.toFixed(1)} s; load of the machine ${loadavg()[0]!.toFixed(1)}`,
  );
  const client = new Client(system);
  opened.defer(() => client.close());
  const flowId = await startDiscovery(client, {
    name: 'stage.csv',
    content: serverListBuffer({ rows: 2_000, prefix: 'stage' }),
  });
  const flow = await untilEnded(client, flowId, 120);
  if (flow.status !== 'SUCCEEDED') throw new Error(`The discovery of the stage ended ${JSON.stringify(flow)}`);
  return { client, flowId, seconds, sampleCpu: () => system.sampleCpu() };
}
