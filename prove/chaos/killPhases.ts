// `npm run chaos:kill`: kill -9 in the middle of every phase of a discovery, of the worker alone and of everything with PostgreSQL,
// then a start on the same data. The flow must end as an undisturbed one: same assets, same counts, events without a gap, and
// going on within 15 s.   --rows 60000   --only <part of "import, worker">   --tries 5 (a short phase can be over before the kill)
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  allEvents,
  assertGapless,
  Client,
  followFlow,
  serverListBuffer,
  startDiscovery,
  untilEnded,
} from '@tributary/kit/client';
import { pidsOf, printTable, type TableRow } from '@tributary/kit/measure';
import { newDataFolder, System } from '@tributary/kit';

const phases = ['import', 'mapping', 'cleansing', 'inventory', 'dependencies', 'report'] as const;
const victims = ['worker', 'everything'] as const;
type Phase = (typeof phases)[number];
type Victim = (typeof victims)[number];

/** What must be the same, however often the flow was interrupted. */
interface Counts {
  readonly status: string;
  readonly discovery: Readonly<Record<string, number>>;
  readonly assets: number;
}

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '60000' },
    only: { type: 'string', default: '' },
    tries: { type: 'string', default: '5' },
  },
});
const resumeLimitSeconds = 15;
const endLimitSeconds = 240;
/** What is being committed at the moment of the kill is no sign of a new start. */
const underWayMs = 500;
const dataFolder = newDataFolder('kill');
let system = await System.start({ dataFolder });
let client = new Client(system);
let lists = 0;

try {
  const reference = countsOf(await untilEnded(client, await startList(), endLimitSeconds));
  console.log('Undisturbed:', JSON.stringify(reference));
  if (reference.status !== 'SUCCEEDED') throw new Error('The undisturbed flow did not succeed.');
  const rows: TableRow[] = [];
  for (const phase of phases) {
    for (const victim of victims) {
      if (!`${phase}, ${victim}`.includes(flags.only)) continue;
      const row = await disturb(phase, victim, reference);
      rows.push(row);
      console.log(JSON.stringify(row));
    }
  }
  printTable(rows);
  if (rows.some(({ wrong }) => wrong !== '')) process.exitCode = 1;
} finally {
  client.close();
  await system[Symbol.asyncDispose]();
  rmSync(dataFolder, { recursive: true, force: true });
}

async function disturb(phase: Phase, victim: Victim, reference: Counts): Promise<TableRow> {
  for (let attempt = 1; ; attempt += 1) {
    const id = await startList();
    const killedAt = await killDuring(id, phase, victim);
    const flow = await untilEnded(client, id, endLimitSeconds).catch((error: unknown) => ({ error: String(error) }));
    if ('error' in flow) return { phase, killed: victim, wrong: String(flow.error) };
    const struck = flow.phases.find((candidate: any) => candidate.name === phase);
    const wasInPhase = struck.attempts > 1;
    const events = await allEvents(client, id);
    const next = events.find((event) => Date.parse(event.occurredAt) > killedAt + underWayMs);
    const resumeSeconds = next ? (Date.parse(next.occurredAt) - killedAt) / 1000 : Number.NaN;
    const wrong = faultsOf(countsOf(flow), reference, events, resumeSeconds);
    if (!wasInPhase && wrong === '' && attempt < Number(flags.tries)) continue;
    return {
      phase,
      killed: victim,
      'in mid-phase': wasInPhase ? 'yes' : 'phase was over',
      'taken up': struck.attempts,
      'goes on after s': resumeSeconds,
      'of which start s': victim === 'everything' ? system.readySeconds : 0,
      'next event': next?.type ?? 'none',
      events: events.length,
      wrong,
    };
  }
}

/** Watches until the phase runs, lets it run a little, and kills. Answers when it did. */
async function killDuring(id: string, phase: Phase, victim: Victim): Promise<number> {
  for await (const event of followFlow(client, id)) {
    if (event.phase !== phase) continue;
    // A long phase tells of its progress; a short one is hit as soon as it has begun.
    if (event.type === 'phase.progressed' || isShort(phase)) break;
  }
  const killedAt = Date.now();
  if (victim === 'worker') {
    for (const pid of pidsOf('worker')) process.kill(pid, 'SIGKILL');
    return killedAt;
  }
  client.close();
  await system.killAll();
  await delay(200);
  system = await System.start({ dataFolder });
  client = new Client(system);
  return killedAt;
}

function isShort(phase: Phase): boolean {
  return phase === 'mapping' || phase === 'report';
}

/** Each with names and keys of its own, and otherwise the same. */
async function startList(): Promise<string> {
  lists += 1;
  const content = serverListBuffer({
    rows: Number(flags.rows),
    prefix: `list${String(lists).padStart(3, '0')}`,
    dependencyEvery: 2,
  });
  return startDiscovery(client, { name: `list-${lists}.csv`, content });
}

function countsOf(flow: any): Counts {
  const { rejectedRows, ...discovery } = flow.discovery;
  return {
    status: flow.status,
    discovery: { ...discovery, rejectedRowsKept: rejectedRows.totalCount },
    assets: flow.assets.totalCount,
  };
}

function faultsOf(
  found: Counts,
  wanted: Counts,
  events: readonly { sequence: number }[],
  resumeSeconds: number,
): string {
  const faults: string[] = [];
  if (JSON.stringify(found) !== JSON.stringify(wanted)) faults.push(`counts are ${JSON.stringify(found)}`);
  try {
    assertGapless(events);
  } catch (error) {
    faults.push(String(error));
  }
  if (resumeSeconds > resumeLimitSeconds) faults.push(`went on after ${resumeSeconds.toFixed(1)} s`);
  return faults.join('; ');
}
