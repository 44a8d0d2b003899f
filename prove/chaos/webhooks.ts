// `npm run chaos:webhooks -- --seed 1 --faults 1000`: webhooks of a cluster while their receivers answer with trouble, cut and keep waiting,
// and workers, gateways, PostgreSQL and Redis are killed -9. 0 lost, 0 out of order, and whatever comes again has its first id.
//   --webhooks 40   --build hasty (positions move before the request, which must fail: --expect-failure)
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '@tributary/kit';
import { printTable, quantile } from '@tributary/kit/measure';
import pg from 'pg';
import { ChaosCluster } from './cluster/ChaosCluster.ts';
import { Session } from './load/Session.ts';
import { checkTaken } from './webhooks/checkTaken.ts';
import { DrawnReceiver } from './webhooks/DrawnReceiver.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '1000' },
    webhooks: { type: 'string', default: '40' },
    build: { type: 'string', default: 'product' },
    'expect-failure': { type: 'boolean', default: false },
  },
});
const { build } = flags;
if (build !== 'product' && build !== 'hasty') throw new Error('--build is product or hasty.');
const random = new Random(Number(flags.seed));
/** Between two kills. */
const killEveryMs = 4_000;
const downMs = 700;
const writeEveryMs = 400;
/** A lease of whoever was killed runs out, and the longest wait between two attempts here passes. */
const catchUpLimitMs = 150_000;
const victims = ['worker-1', 'worker-2', 'gateway-1', 'gateway-2', 'postgres', 'redis'] as const;

const cluster = await ChaosCluster.start({ build, workspaces: ['acme'] });
const receiver = await DrawnReceiver.start(random);
const admin = () => new pg.Client({ connectionString: cluster.postgres.url });
let isWrong: boolean;
try {
  const session = new Session(cluster.workspaces[0]!, [cluster.balancedOrigin]);
  const names = Array.from({ length: Number(flags.webhooks) }, (_, index) => `w${index}`);
  for (const name of names) await createWebhook(session, name);
  await until(async () => (await count(`select count(*) as n from webhook where status = 'ACTIVE'`)) === names.length);
  const begins = await count(`select coalesce(max(last_seq), 0) as n from stream_head where stream_id = 'flows'`);
  let goesOn = true;
  const writing = write(session, () => goesOn);
  await delay(3_000);
  const calm = latencies();
  receiver.draws = true;
  const kills = new Map<string, number>();
  while (receiver.faults + sum(kills) < Number(flags.faults)) {
    const victim = random.pick(victims);
    kills.set(victim, (kills.get(victim) ?? 0) + 1);
    await kill(victim);
    await delay(killEveryMs);
  }
  receiver.draws = false;
  goesOn = false;
  await writing;
  const ends = await count(`select last_seq as n from stream_head where stream_id = 'flows'`);
  const behind = () =>
    count(
      `select count(*) as n from webhook_position where replay_id = '00000000-0000-0000-0000-000000000000' and seq < ${ends}`,
    );
  const began = Date.now();
  await until(async () => (await behind()) === 0);
  const caughtUpMs = Date.now() - began;
  // What was begun before a position moved comes to its end.
  await delay(2_000);
  const expected = Array.from({ length: ends - begins }, (_, index) => begins + index + 1);
  const verdicts = names.map((name) => checkTaken(receiver.taken.get(`/${name}`) ?? [], expected));
  const all = (of: (verdict: (typeof verdicts)[number]) => number) =>
    verdicts.reduce((total, each) => total + of(each), 0);
  const letters = await count('select count(*) as n from webhook_dead_letter');
  printTable([{ ...Object.fromEntries(kills), 'answers that were trouble': receiver.faults }]);
  console.log();
  printTable([
    {
      build,
      webhooks: names.length,
      events: expected.length,
      deliveries: expected.length * names.length,
      lost: all(({ lost }) => lost),
      'out of order': all(({ outOfOrder }) => outOfOrder),
      'again under another id': all(({ otherId }) => otherId),
      'came again': all(({ duplicates }) => duplicates),
      'dead letters': letters,
      'all caught up after ms': caughtUpMs,
      'calm: event → received p50 ms': calm.p50,
      'p99 ms': calm.p99,
    },
  ]);
  for (const crash of cluster.crashes) console.log(`crash: ${crash}`);
  isWrong =
    all(({ lost, outOfOrder, otherId }) => lost + outOfOrder + otherId) > 0 ||
    letters > 0 ||
    cluster.crashes.length > 0;
} finally {
  await receiver[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}
if (flags['expect-failure']) console.log(isWrong ? 'It failed, as it must.' : 'It should have failed, and did not.');
process.exit(isWrong === flags['expect-failure'] ? 0 : 1);

async function createWebhook(session: Session, name: string): Promise<void> {
  await session.insist('mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }', {
    input: {
      webhook: {
        name,
        url: receiver.urlOf(name),
        document: 'subscription { flowUpdates { type sequence flow { name } } }',
      },
      idempotencyKey: `${flags.seed}-${name}`,
    },
  });
}

async function write(session: Session, goesOn: () => boolean): Promise<void> {
  for (let number = 0; goesOn(); number += 1) {
    await session.insist(
      'mutation ($name: String!) { createFlow(input: { kind: "told", name: $name, phases: ["a"], idempotencyKey: $name }) { flow { id } } }',
      { name: `flow ${flags.seed}-${number}` },
    );
    await delay(writeEveryMs);
  }
}

async function kill(victim: (typeof victims)[number]): Promise<void> {
  if (victim === 'postgres') {
    await cluster.postgres.kill(true);
    await delay(downMs);
    await cluster.postgres.restart();
  } else if (victim === 'redis') {
    await cluster.redis.kill();
    await delay(downMs);
    await cluster.redis.restart();
  } else {
    await cluster.processes.get(victim)!.kill();
    await delay(downMs);
    void cluster.processes.get(victim)!.startAgain();
  }
}

async function count(text: string): Promise<number> {
  const client = admin();
  client.on('error', () => undefined);
  try {
    await client.connect();
    return Number((await client.query<{ n: string }>(text)).rows[0]?.n ?? 0);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const patience = Date.now() + catchUpLimitMs;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > patience) throw new Error('The webhooks have not caught up.');
    await delay(500);
  }
}

function latencies(): { readonly p50: number; readonly p99: number } {
  const took = [...receiver.taken.values()].flat().map(({ at, occurredAt }) => at - occurredAt);
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

function sum(kills: ReadonlyMap<string, number>): number {
  return [...kills.values()].reduce((total, each) => total + each, 0);
}
