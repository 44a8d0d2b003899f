// `npm run bench:resume`: a graphql-ws client comes back with the cursor of event 1 and is 100,000 events behind. Each event must come
// exactly once and in order, then a new one live; and nothing may grow meanwhile.
// Memory is judged in the second pass: in the first the heaps take the size that a busy process has.
//   --events 100000   --modes embedded,cluster   --passes 2   --joined (each event with its flow)
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Client, lengthenStream } from '@tributary/kit/client';
import { cpuSeconds, megabytes, MemoryWatch, printTable, type TableRow } from '@tributary/kit/measure';
import { type Mode, System } from '@tributary/kit';
import { createRunnerFlow, reportProgress } from './workloads/mutation.ts';

const { values: flags } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    modes: { type: 'string', default: 'embedded,cluster' },
    passes: { type: 'string', default: '2' },
    joined: { type: 'boolean', default: false },
  },
});
const events = Number(flags.events);
const query = `subscription ($flowId: ID!, $after: Cursor) { flowProgress(flowId: $flowId, after: $after) {
  type sequence cursor previousCursor phase progress status message data occurredAt ${flags.joined ? 'flow { id name status }' : ''}
} }`;

console.log(`${events} events behind; load of the machine ${loadavg()[0]!.toFixed(1)}`);
for (const mode of flags.modes.split(',') as Mode[]) {
  await using system = await System.start({ mode });
  await measure(system);
}

async function measure(system: System): Promise<void> {
  const client = new Client(system);
  const flowId = await createRunnerFlow(client);
  await reportProgress(client, { flowId, status: 'RUNNING', progress: 0 });
  const first = await client.ask(
    'query ($flowId: ID!) { flow(id: $flowId) { events(first: 1) { nodes { cursor sequence } } last: events(last: 1) { nodes { sequence } } } }',
    { flowId },
  );
  await lengthenStream(system.databaseUrl, flowId, events);
  const end: number = first.flow.last.nodes[0].sequence + events;
  const rows: TableRow[] = [];
  const parts: TableRow[] = [];
  for (let pass = 1; pass <= Number(flags.passes); pass += 1) {
    const { seconds, cpu, before, peak } = await resume(client, flowId, first.flow.events.nodes[0], end + pass - 1);
    const count = end + pass - 2;
    rows.push({ pass, seconds, 'events/s': Math.round(count / seconds), 'CPU ms/event': (cpu * 1000) / count });
    for (const part of Object.keys(before))
      parts.push({
        pass,
        part,
        'MB before': megabytes(before[part]!),
        'MB at most': megabytes(peak[part]!),
        grown: megabytes(peak[part]! - before[part]!),
      });
  }
  client.close();
  console.log(`\n${system.mode}: ${events} events, each once and in order, and one live after them`);
  printTable(rows);
  printTable(parts.filter((row) => Number(row['grown']) > 0 || row['part'] === 'total'));
}

interface Resumed {
  readonly seconds: number;
  readonly cpu: number;
  readonly before: Record<string, number>;
  readonly peak: Record<string, number>;
}

/** Reads from behind event 1 to `end`, then one event that is made meanwhile. Throws at the first that does not follow. */
async function resume(
  client: Client,
  flowId: string,
  start: { readonly cursor: string; readonly sequence: number },
  end: number,
): Promise<Resumed> {
  const watch = new MemoryWatch();
  const before = watch.now();
  const cpuBefore = cpuSeconds();
  let { cursor, sequence } = start;
  const begun = performance.now();
  let caughtUp = Number.NaN;
  for await (const { data, errors } of client.watch(query, { flowId, after: cursor })) {
    if (errors) throw new Error(JSON.stringify(errors));
    const event = data.flowProgress;
    if (event.sequence !== sequence + 1 || event.previousCursor !== cursor)
      throw new Error(`Event ${event.sequence} (${event.type}) came behind event ${sequence}.`);
    ({ cursor, sequence } = event);
    if (sequence === end) {
      caughtUp = (performance.now() - begun) / 1000;
      await reportProgress(client, { flowId, status: 'RUNNING', progress: 0.9, message: `Live behind event ${end}` });
    }
    if (sequence === end + 1) break;
  }
  const cpu = cpuSeconds() - cpuBefore;
  return { seconds: caughtUp, cpu, before, peak: watch.stop() };
}
