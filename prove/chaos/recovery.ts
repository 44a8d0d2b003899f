// `npm run chaos:recovery -- --rounds 5`: how long watchers wait when a part dies. Redis dead: from the commit to the client meanwhile;
// gateway, subgraph, PostgreSQL killed -9: until every watcher is up to date again. Loss ends it with an error.
//   --watchers 20 (of each of two flows)   --only redis
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, printTable, quantile, type TableRow } from '@tributary/kit/measure';
import { ChaosCluster } from './cluster/ChaosCluster.ts';
import { Session } from './load/Session.ts';
import { SteadyFlow } from './load/SteadyFlow.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    watchers: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(flags.rounds);
const reportEveryMs = 50;
/** Between two rounds, and how long one is watched. */
const calmMs = 2_500;
const watchedMs = 8_000;
/** An event that comes this late after it was written belongs to the catching up. */
const liveMs = 300;
const restartAfterMs = 500;

const cluster = await ChaosCluster.start({ build: 'product', workspaces: ['acme', 'globex'] });
const sessions = cluster.workspaces.map((workspace) => new Session(workspace, [cluster.balancedOrigin]));
const flows = await Promise.all(
  sessions.map((session) =>
    SteadyFlow.start(session, {
      name: session.workspace.slug,
      watchers: Number(flags.watchers),
      everyMs: reportEveryMs,
    }),
  ),
);
const watchers = () => flows.flatMap((flow) => flow.sightings);

try {
  await delay(calmMs);
  const calmSince = Date.now();
  await delay(calmMs);
  const latencies: TableRow[] = [latency('nothing dead', calmSince, Date.now())];
  if (wanted('redis')) latencies.push(await withoutRedis());
  const recoveries: TableRow[] = [];
  for (const name of ['gateway-1', 'flow-1', 'flow-2']) if (wanted(name)) recoveries.push(await killProcess(name));
  if (wanted('postgres')) recoveries.push(await killPostgres());
  printTable(latencies);
  console.log();
  if (recoveries.length > 0) printTable(recoveries);
  if (cluster.crashes.length > 0) throw new Error(cluster.crashes.join('; '));
} finally {
  for (const flow of flows) await flow[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}

function wanted(name: string): boolean {
  return name.includes(flags.only);
}

/** Events that were written in a span of time, and what the writers met in it. */
function latency(name: string, from: number, to: number): TableRow {
  const seen = watchers()
    .flat()
    .filter(({ occurredAt }) => occurredAt >= from && occurredAt < to)
    .map(({ occurredAt, seenAt }) => seenAt - occurredAt);
  const writes = flows.flatMap((flow) => flow.writes).filter(({ sentAt }) => sentAt >= from && sentAt < to);
  return {
    state: name,
    'writes acknowledged': writes.length,
    'write p99 ms': quantile(
      writes.map(({ sentAt, doneAt }) => doneAt - sentAt),
      0.99,
    ),
    deliveries: seen.length,
    'commit → client p50 ms': quantile(seen, 0.5),
    'p99 ms': quantile(seen, 0.99),
    'aim p99': '1,500',
  };
}

async function withoutRedis(): Promise<TableRow> {
  const from = Date.now();
  await cluster.redis.kill();
  await delay(rounds * calmMs);
  const to = Date.now();
  // What was written at the end has to arrive, too.
  await delay(calmMs);
  const row = latency('Redis dead', from, to);
  await cluster.redis.restart();
  await delay(calmMs);
  return row;
}

async function killProcess(name: string): Promise<TableRow> {
  const victim = cluster.processes.get(name)!;
  return measure(`${name} killed -9`, '3,000', async () => {
    const at = Date.now();
    await victim.kill();
    setTimeout(() => void victim.startAgain(), restartAfterMs);
    return at;
  });
}

async function killPostgres(): Promise<TableRow> {
  return measure('PostgreSQL killed -9, from its return', '5,000', async () => {
    await cluster.postgres.kill(true);
    await delay(restartAfterMs);
    await cluster.postgres.restart();
    return Date.now();
  });
}

/** `strike` answers the moment from which the time counts. */
async function measure(name: string, aim: string, strike: () => Promise<number>): Promise<TableRow> {
  const took: number[] = [];
  const written: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = await strike();
    await delay(watchedMs);
    took.push(Math.max(...watchers().map((sightings) => upToDateAfter(sightings, from))));
    written.push(Math.max(...flows.map((flow) => firstWrittenAfter(flow.sightings.flat(), from))));
    console.log(`${name}: written again after ${written.at(-1)} ms, all caught up after ${took.at(-1)} ms`);
    await delay(calmMs);
  }
  return {
    killed: name,
    rounds,
    watchers: watchers().length,
    'written again, worst ms': Math.max(...written),
    'all caught up, median ms': median(took),
    'worst ms': Math.max(...took),
    aim,
  };
}

/** Until a watcher had an event from after `from`, and none came late any more. Infinity when that was not in time. */
function upToDateAfter(sightings: readonly { occurredAt: number; seenAt: number }[], from: number): number {
  const after = sightings.filter(({ occurredAt, seenAt }) => occurredAt >= from - liveMs && seenAt >= from);
  const late = after.findLast(({ occurredAt, seenAt }) => seenAt - occurredAt > liveMs);
  const first = after.find(({ occurredAt }) => occurredAt >= from);
  return Math.max(late?.seenAt ?? 0, first?.seenAt ?? Infinity) - from;
}

/** Until the writer got through again: no watcher can see an event before. */
function firstWrittenAfter(sightings: readonly { occurredAt: number }[], from: number): number {
  return sightings.reduce((first, { occurredAt: at }) => (at >= from && at < first ? at : first), Infinity) - from;
}
