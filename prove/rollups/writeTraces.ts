import { setTimeout as delay } from 'node:timers/promises';
import { unfilteredSql } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';
import type { Random } from '@tributary/kit';
import { KnownSeries, storeBatch, toNano, toNewTrace } from '@tributary/subgraph-metrics/rollups';
import type { SentTrace } from '@tributary/subgraph-metrics/rollups';
import type { Break } from './brokenRollups.ts';
import type { RollupWorld } from './RollupWorld.ts';

/** One batch in ten comes to nothing, and what was sent is sent again one time in five. */
const [inVain, again] = [0.1, 0.2];
const manyTraces = 40_000;
/** How long a number is held before what it numbers is committed, where it is given out too early. */
const longestHoldMs = 600;

class Vain extends Error {}

/** Writes batches until it is told to stop. Whatever is acknowledged is counted once. */
export async function writeTraces(
  world: RollupWorld,
  random: Random,
  broken: Break | null,
  signal: AbortSignal,
): Promise<void> {
  const known = new KnownSeries();
  let sent: SentTrace[] = [];
  while (!signal.aborted) {
    const isAgain = sent.length > 0 && random.next() < again;
    if (!isAgain) sent = Array.from({ length: random.between(1, 120) }, () => world.draw(random));
    const fails = !isAgain && random.next() < inVain;
    try {
      await store(world, known, sent, { fails, broken, random });
      if (!isAgain) world.acknowledged += sent.length;
    } catch (error) {
      // A connection that broke leaves it open whether they are stored: sent again, they are stored once.
      if (error instanceof Vain) sent = [];
      else if (!isAgain) await storeAtLast(world, known, sent, { fails: false, broken, random });
    }
    // What is compared is read trace by trace, too: more of them would only make the proof slower.
    await delay(random.between(50, 400) * (world.acknowledged > manyTraces ? 10 : 1));
  }
}

interface Way {
  readonly fails: boolean;
  readonly broken: Break | null;
  readonly random: Random;
}

async function storeAtLast(
  world: RollupWorld,
  known: KnownSeries,
  sent: readonly SentTrace[],
  way: Way,
): Promise<void> {
  for (;;) {
    try {
      await store(world, known, sent, way);
      world.acknowledged += sent.length;
      return;
    } catch {
      await delay(50);
    }
  }
}

function store(world: RollupWorld, known: KnownSeries, sent: readonly SentTrace[], way: Way): Promise<void> {
  return world.database.withWorkspace({ workspaceId: world.workspaceId }, async (transaction) => {
    if (way.broken?.numberedBy) {
      const number = `select set_config('proof.number', (${way.broken.numberedBy})::text, true)`;
      await transaction.query(unfilteredSql('proof.number', number));
      // Others commit meanwhile, and the roll-up reads them.
      await delay(way.random.between(0, longestHoldMs));
    }
    await storeBatch(
      way.broken?.remembersEarly ? committedAtOnce(transaction) : transaction,
      known,
      sent.map((each) => toNewTrace(each, { costNano: toNano(each.costUsd ?? 0), costSource: 'SENT' })),
    );
    if (way.fails) throw new Vain();
  });
}

/** The transaction, which takes what is to be done after COMMIT for done. */
function committedAtOnce(transaction: WorkspaceTransaction): WorkspaceTransaction {
  return new Proxy(transaction, {
    get(target, name) {
      if (name === 'afterCommit') return (then: () => void) => then();
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
