// `npm run bench:import -- --rows 1000000`: one large CSV from its upload to the last phase, watched all along, while somebody in
// another workspace goes on asking.   --format csv|xlsx   --mode embedded|cluster   --keep-file <path> (made when absent)
import { existsSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { flowPage } from '../test/e2e/documents.ts';
import { cpuSeconds, megabytes, MemoryWatch, printTable, quantile, SteadyCaller } from '@tributary/kit/measure';
import {
  Client,
  type FlowEvent,
  followFlow,
  outcomeOf,
  serverList,
  serverListBuffer,
  startDiscovery,
  startDiscoveryOf,
  untilEnded,
  writeServerList,
} from '@tributary/kit/client';
import { type Mode, System } from '@tributary/kit';
import { writeWorkbook } from '@tributary/kit/sources';

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    mode: { type: 'string', default: 'embedded' },
    'keep-file': { type: 'string' },
    format: { type: 'string', default: 'csv' },
  },
});
const rows = Number(flags.rows);
const askEveryMs = 50;
const baselineMs = 15_000;

const isWorkbook = flags.format === 'xlsx';
const name = `import.${flags.format}`;
const file = flags['keep-file'] ?? join(tmpdir(), `tributary-bench-${process.pid}.${flags.format}`);
if (!existsSync(file)) {
  const list = { rows, prefix: 'import' };
  await (isWorkbook
    ? writeWorkbook(file, [{ name: 'Servers', rows: rowsOf(serverList(list)) }])
    : writeServerList(file, list));
}
console.log(`${rows} rows, ${megabytes(statSync(file).size)} MB, one row in ten names what it depends on`);

await using system = await System.start({ mode: flags.mode as Mode });
const client = new Client(system);
const neighbour = new Client(system, 'globex');
const neighbourFlow = await startDiscovery(neighbour, {
  name: 'small.csv',
  content: serverListBuffer({ rows: 500, prefix: 'small' }),
});
await untilEnded(neighbour, neighbourFlow, 120);
const askPage = () => neighbour.ask(flowPage, { id: neighbourFlow });

const warmUp = new SteadyCaller(10, askPage);
await delay(5_000);
await warmUp.stop();
const quiet = new SteadyCaller(askEveryMs, askPage);
await delay(baselineMs);
await quiet.stop();

const memory = new MemoryWatch();
const idle = memory.now();
const busy = new SteadyCaller(askEveryMs, askPage);
const cpuBefore = cpuSeconds();
const loadBefore = loadavg()[0]!;

const uploadStarted = performance.now();
const upload = await client.upload({ name, file });
if (upload.status !== 201) throw new Error(`The upload answered ${upload.status}: ${JSON.stringify(upload.body)}`);
const uploadSeconds = (performance.now() - uploadStarted) / 1000;
const id = await startDiscoveryOf(client, name, upload.body.uploadId, isWorkbook ? 'XLSX' : 'CSV');
const events: FlowEvent[] = [];
for await (const event of followFlow(client, id)) {
  events.push(event);
  if (event.sequence !== events.length) throw new Error(`Event ${event.sequence} came in place of ${events.length}.`);
}
const seconds = (performance.now() - uploadStarted) / 1000;
const cpu = cpuSeconds() - cpuBefore;
await busy.stop();
const peak = memory.stop();
const flow = await outcomeOf(client, id);

console.log(
  `\n${flow.status} after ${seconds.toFixed(1)} s: ${Math.round(rows / seconds)} rows/s from the upload on; ` +
    `${cpu.toFixed(1)} CPU s; load of the machine ${loadBefore.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after`,
);
if (flow.failure) console.log(flow.failure);
const { rejectedRows, ...counts } = flow.discovery;
console.log({ ...counts, assetsOfFlow: flow.assets.totalCount, rejectedShown: rejectedRows.nodes.length });
console.log(`Events 1 to ${events.length}, in order and without a gap, to a watcher over a socket.\n`);

const phaseSeconds = (from: string | null, to: string | null) =>
  from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : Number.NaN;
printTable([
  { phase: 'upload', seconds: uploadSeconds, 'rows/s': rows / uploadSeconds },
  ...flow.phases.map((phase: { name: string; startedAt: string | null; finishedAt: string | null }) => {
    const took = phaseSeconds(phase.startedAt, phase.finishedAt);
    return { phase: phase.name, seconds: took, 'rows/s': rows / took };
  }),
]);
console.log();
printTable(
  Object.keys(peak).map((part) => ({
    'memory of': part,
    'idle MB': megabytes(idle[part] ?? 0),
    'peak MB': megabytes(peak[part]!),
    'more MB': megabytes(peak[part]! - (idle[part] ?? 0)),
  })),
);
console.log();
const before = quiet.latencies;
const during = busy.latencies;
printTable(
  [0.5, 0.99].map((q) => ({
    'page query of another workspace': `p${q * 100}`,
    'quiet ms': quantile(before, q),
    'during ms': quantile(during, q),
    ratio: quantile(during, q) / quantile(before, q),
  })),
);
console.log(`${during.length} queries during the import, ${busy.failures} failed.`);

client.close();
neighbour.close();
if (!flags['keep-file']) rmSync(file, { force: true });
if (flow.status !== 'SUCCEEDED' || busy.failures > 0) process.exitCode = 1;

/** The list has no quotes, so its lines are cells. */
function* rowsOf(chunks: Iterable<string>): Generator<string[]> {
  for (const chunk of chunks) for (const line of chunk.split('\n')) if (line !== '') yield line.split(',');
}
