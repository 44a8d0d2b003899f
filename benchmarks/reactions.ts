// `npm run bench:reactions`: how long a failed flow waits for its alert, alone and beside a large import, from the moment at which the
// failure is in the log to the moment at which the alert is. Fails when the import makes it longer than by a half.
// --rows 200000   --mode embedded|cluster
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Mode, System } from '@tributary/kit';
import { Client, outcomeOf, startDiscoveryOf, untilEnded, writeServerList } from '@tributary/kit/client';
import { printTable, quantile } from '@tributary/kit/measure';

const { values: flags } = parseArgs({
  options: { rows: { type: 'string', default: '200000' }, mode: { type: 'string', default: 'embedded' } },
});
const rows = Number(flags.rows);
const everyMs = 250;
const aloneMs = 20_000;
const maxRatio = 1.5;

const create = `mutation ($name: String!) { createFlow(input: { kind: "bench", name: $name, phases: ["only"] }) { flow { id } } }`;
const fail = `mutation ($id: ID!) { reportFlowProgress(input: { flowId: $id, phase: "only", progress: 0.5, status: FAILED,
  failure: { code: "BENCH", message: "as asked" } }) { flow { status } } }`;
const failures = 'subscription { flowUpdates { type occurredAt flow { id } } }';
const alerts = 'subscription { alertUpdates { type occurredAt alert { flow { id } } } }';

let over = false;
/** When each flow failed and when its alert fired, by the clock of PostgreSQL. */
const failedAt = new Map<string, number>();
const firedAt = new Map<string, number>();

await using system = await System.start({ mode: flags.mode as Mode });
// The alerts are those of one workspace, the import is another one's.
const client = new Client(system);
const neighbour = new Client(system, 'globex');
void remember(failures, 'flow.failed', failedAt, (event) => event.flow?.id);
void remember(alerts, 'alert.fired', firedAt, (event) => event.alert?.flow?.id);
await delay(2_000);

await failFlows(() => Promise.resolve(false), 3_000);
const alone = await failFlows(() => Promise.resolve(false), aloneMs);

const file = join(tmpdir(), `tributary-reactions-${process.pid}.csv`);
await writeServerList(file, { rows, prefix: 'beside' });
const upload = await neighbour.upload({ name: 'beside.csv', file });
const importId = await startDiscoveryOf(neighbour, 'beside.csv', upload.body.uploadId);
let imported = false;
const importing = untilEnded(neighbour, importId, 1_200).then(() => {
  imported = true;
});
await delay(1_000);
const beside = await failFlows(() => Promise.resolve(imported), 600_000);
await importing;
const { status } = await outcomeOf(neighbour, importId);
over = true;
client.close();
neighbour.close();
rmSync(file, { force: true });

const ratio = quantile(beside, 0.5) / quantile(alone, 0.5);
printTable([
  { 'alert latency': 'alone', samples: alone.length, 'p50 ms': quantile(alone, 0.5), 'p95 ms': quantile(alone, 0.95) },
  {
    'alert latency': `beside ${rows} rows`,
    samples: beside.length,
    'p50 ms': quantile(beside, 0.5),
    'p95 ms': quantile(beside, 0.95),
  },
]);
console.log(`The import ${status}. Ratio of the medians ${ratio.toFixed(2)}, at most ${maxRatio}.`);
process.exitCode = ratio <= maxRatio && status === 'SUCCEEDED' ? 0 : 1;

/** Fails a flow four times a second until the time or the import is over; answers the latencies in ms. */
async function failFlows(isOver: () => Promise<boolean>, maxMs: number): Promise<number[]> {
  const ids: string[] = [];
  const until = Date.now() + maxMs;
  while (Date.now() < until && !(await isOver())) {
    const next = Date.now() + everyMs;
    const { createFlow } = await client.ask(create, { name: `flow ${ids.length}` });
    await client.ask(fail, { id: createFlow.flow.id });
    ids.push(createFlow.flow.id as string);
    await delay(Math.max(0, next - Date.now()));
  }
  const patience = Date.now() + 30_000;
  while (ids.some((id) => !failedAt.has(id) || !firedAt.has(id))) {
    if (Date.now() > patience) throw new Error('A failed flow has had no alert for 30 s.');
    await delay(50);
  }
  return ids.map((id) => firedAt.get(id)! - failedAt.get(id)!);
}

/** Of a flow or of an alert. */
interface LifeEvent {
  readonly type: string;
  readonly occurredAt: string;
  readonly flow?: { readonly id: string } | null;
  readonly alert?: { readonly flow?: { readonly id: string } | null } | null;
}

async function remember(
  subscription: string,
  type: string,
  into: Map<string, number>,
  flowOf: (event: LifeEvent) => string | undefined,
): Promise<void> {
  try {
    for await (const { data } of client.watch(subscription, {})) {
      const [event] = Object.values(data) as [LifeEvent];
      const id = event.type === type ? flowOf(event) : undefined;
      if (id) into.set(id, Date.parse(event.occurredAt));
    }
  } catch (error) {
    // The system is stopped while this still watches it.
    if (!over) throw error;
  }
}
