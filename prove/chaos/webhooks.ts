// `npm run chaos:webhooks -- --seed 1 --faults 10000`: webhooks of a cluster, in each of the three orders, while their receivers answer with
// trouble, cut, send garbage and keep waiting, and workers, gateways, PostgreSQL and Redis are killed -9. 0 lost, 0 out of order, whatever
// comes again has its first id, and dead is what the receiver never wanted.
//   --webhooks 20 (of each of three workspaces)   --build hasty (positions move before the request, which must fail: --expect-failure)
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '@tributary/kit';
import { printTable, quantile, type TableRow } from '@tributary/kit/measure';
import pg from 'pg';
import { ChaosCluster } from './cluster/ChaosCluster.ts';
import { Session } from './load/Session.ts';
import { checkTaken, type Ordering, type Verdict } from './webhooks/checkTaken.ts';
import { DrawnReceiver } from './webhooks/DrawnReceiver.ts';
import { Killer } from './webhooks/Killer.ts';
import { ToldWorkspace } from './webhooks/ToldWorkspace.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '1000' },
    webhooks: { type: 'string', default: '20' },
    build: { type: 'string', default: 'product' },
    'expect-failure': { type: 'boolean', default: false },
  },
});
const { build, seed } = flags;
if (build !== 'product' && build !== 'hasty') throw new Error('--build is product or hasty.');
const killEveryMs = 15_000;
const writeEveryMs = 1_000;
const calmMs = 8_000;
/** A lease of whoever was killed runs out, and all that waited is sent at 20 a second: somebody comes further in this time, or nobody does. */
const standstillMs = 300_000;

const cluster = await ChaosCluster.start({ build, workspaces: ['acme', 'globex', 'initech'] });
const receiver = await DrawnReceiver.start(seed);
let isWrong: boolean;
try {
  const told = cluster.workspaces.map(
    (workspace) => new ToldWorkspace(new Session(workspace, [cluster.balancedOrigin]), workspace.slug),
  );
  for (const [index, each] of told.entries())
    await each.register(Number(flags.webhooks), (path, number) =>
      receiver.urlOf(path, index * Number(flags.webhooks) + number),
    );
  const webhooks = told.flatMap((each) => each.webhooks);
  await until(
    async () => (await count(`select count(*) as n from webhook where status = 'ACTIVE'`)) === webhooks.length,
  );
  const began = await heads();
  let goesOn = true;
  const writing = Promise.all(told.map((each) => each.write(() => goesOn, writeEveryMs)));
  await delay(calmMs);
  const calm = [...receiver.taken.values()]
    .flat()
    .flatMap(({ at, events }) => events.map(({ occurredAt }) => at - occurredAt));
  receiver.draws = true;
  const killer = new Killer(cluster, new Random(seed));
  const faults = () => receiver.faultCount + killer.count;
  const startedAt = Date.now();
  for (let turn = 1; faults() < Number(flags.faults); turn += 1) {
    await killer.strike();
    await delay(killEveryMs);
    if (turn % 4 === 0) console.error(`${faults()} faults, ${killer.count} of them kills, in ${seconds(startedAt)} s`);
  }
  const disturbed = seconds(startedAt);
  receiver.draws = false;
  goesOn = false;
  await Promise.all([writing, killer.end()]);
  const ended = await heads();
  const caughtUpFrom = Date.now();
  const stuck = await catchUp();
  const caughtUp = seconds(caughtUpFrom);
  // What was begun before a position moved comes to its end.
  await delay(2_000);
  const letters = await query(
    `select w.name as path, d.seq from webhook_dead_letter d join webhook w on w.workspace_id = d.workspace_id and w.id = d.webhook_id`,
  );
  const verdicts = told.flatMap(({ id, webhooks: own }) =>
    own.map(({ path, ordering }) => {
      const [from, to] = [began.get(id) ?? 0, ended.get(id)!];
      const expected = Array.from({ length: to - from }, (_, index) => from + index + 1);
      const dead = new Set(letters.filter((letter) => letter['path'] === path).map(({ seq }) => Number(seq)));
      const verdict = checkTaken(receiver.taken.get(path) ?? [], expected, { ordering, letters: dead });
      return { path, ordering, deliveries: expected.length, letters: dead.size, verdict };
    }),
  );
  const broken = verdicts.filter(({ verdict }) => isBroken(verdict));
  printTable([...killer.happened, ...receiver.faults].map(([fault, times]) => ({ fault, times })));
  const end = stuck.length === 0 ? 'all' : `all but ${stuck.length}`;
  console.log(`\n${faults()} faults in ${disturbed} s; ${end} caught up ${caughtUp} s after the last one.\n`);
  if (stuck.length > 0) printTable(stuck);
  printTable((['STREAM', 'ENTITY', 'NONE'] as const).map((ordering) => rowOf(ordering, verdicts)));
  console.log(`\ncalm: event → received p50 ${quantile(calm, 0.5)} ms, p99 ${quantile(calm, 0.99)} ms`);
  console.log(`redirects followed: ${receiver.followed}`);
  for (const crash of cluster.crashes) console.log(`crash: ${crash}`);
  if (broken.length > 0) {
    const file = join(tmpdir(), `tributary-chaos-webhooks-${seed}.json`);
    const requests = broken.map(({ path }) => [path, receiver.taken.get(path) ?? []]);
    writeFileSync(file, JSON.stringify({ broken, letters, requests: Object.fromEntries(requests) }));
    console.log(`What the receivers of ${broken.length} webhooks were sent is in ${file}.`);
  }
  isWrong = stuck.length > 0 || broken.length > 0 || receiver.followed > 0 || cluster.crashes.length > 0;
} finally {
  await receiver[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}
if (flags['expect-failure']) console.log(isWrong ? 'It failed, as it must.' : 'It should have failed, and did not.');
process.exit(isWrong === flags['expect-failure'] ? 0 : 1);

interface Judged {
  readonly path: string;
  readonly ordering: Ordering;
  readonly deliveries: number;
  readonly letters: number;
  readonly verdict: Verdict;
}

function isBroken({ duplicates: _again, partial: _partial, ...promises }: Verdict): boolean {
  return Object.values(promises).some((times) => times > 0);
}

function rowOf(ordering: Ordering, verdicts: readonly Judged[]) {
  const those = verdicts.filter((each) => each.ordering === ordering);
  const all = (of: (judged: Judged) => number) => those.reduce((total, each) => total + of(each), 0);
  return {
    order: ordering,
    webhooks: those.length,
    deliveries: all(({ deliveries }) => deliveries),
    lost: all(({ verdict }) => verdict.lost),
    'out of order': all(({ verdict }) => verdict.outOfOrder),
    'again under another id': all(({ verdict }) => verdict.otherId),
    'batch changed': all(({ verdict }) => verdict.otherBatch),
    'wrong previousSequence': all(({ verdict }) => verdict.wrongPrevious),
    'wrongly dead': all(({ verdict }) => verdict.wronglyDead),
    'dead letters': all(({ letters }) => letters),
    'came again': all(({ verdict }) => verdict.duplicates),
    'came in part': all(({ verdict }) => verdict.partial),
  };
}

/** The last number of each workspace’s stream. */
async function heads(): Promise<Map<string, number>> {
  const rows = await query(`select workspace_id, last_seq from stream_head where stream_id = 'flows'`);
  return new Map(rows.map((row) => [String(row['workspace_id']), Number(row['last_seq'])]));
}

async function count(text: string): Promise<number> {
  return Number((await query(text))[0]?.['n'] ?? 0);
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: cluster.postgres.url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const patience = Date.now() + standstillMs;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > patience) throw new Error('The webhooks are not active.');
    await delay(500);
  }
}

/** Waits for whoever is behind, and for as long as they come further. Answers where those are that do not. */
async function catchUp(): Promise<TableRow[]> {
  let [least, since] = [Infinity, Date.now()];
  for (;;) {
    const behind = await query(
      `select w.name, w.status, p.seq, h.last_seq, p.attempt, jsonb_array_length(p.waiting) as waiting,
         round(extract(epoch from p.next_attempt_at - now())) as due, round(extract(epoch from p.lease_until - now())) as lease
       from webhook_position p join webhook w on w.workspace_id = p.workspace_id and w.id = p.webhook_id
       join stream_head h on h.workspace_id = p.workspace_id and h.stream_id = p.log
       where p.replay_id = '00000000-0000-0000-0000-000000000000' and p.seq < h.last_seq`,
    ).catch(() => null);
    if (behind?.length === 0) return [];
    const left = behind?.reduce((sum, row) => sum + Number(row['last_seq']) - Number(row['seq']), 0) ?? Infinity;
    // One that waits for its next attempt is no standstill.
    const waits = behind?.some((row) => Number(row['due']) > 0) ?? false;
    if (left < least || waits) [least, since] = [Math.min(left, least), Date.now()];
    if (Date.now() > since + standstillMs)
      return (behind ?? [{ name: 'the database does not answer' }]).map((row) => ({ ...row }) as TableRow);
    await delay(500);
  }
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1_000);
}
