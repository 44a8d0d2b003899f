import { setTimeout as delay } from 'node:timers/promises';
import { isCodedError } from '@tributary/contracts/errors';
import { ConsumerRunner } from '@tributary/events';
import { eventually, Random } from '@tributary/kit';
import { rollUp, rollupConsumer, totals } from '@tributary/subgraph-metrics/rollups';
import type { Break } from './brokenRollups.ts';
import { compare } from './compare.ts';
import { RollupProcess } from './RollupProcess.ts';
import { RollupWorld } from './RollupWorld.ts';
import { writeTraces } from './writeTraces.ts';

export interface Findings {
  readonly checks: number;
  readonly differences: readonly string[];
  readonly missing: number;
  readonly quantileError: number;
  readonly acknowledged: number;
  readonly sealings: number;
  /** Connections that were cut, roll-ups that were killed, and crashes of PostgreSQL. */
  readonly cuts: number;
  readonly kills: number;
  readonly crashes: number;
}

/** A fast machine compares for this long all the same: what is compared has to change, and to be killed, meanwhile. */
const msOfComparison = 100;
/** How long, and how often, a broken roll-up is looked at before it counts as not found out: whichever takes longer. */
const [msOfBroken, checksOfBroken] = [180_000, 300];

/** Compares while traces are written, rolled up and sealed, and all of that is killed; of a broken roll-up until it is found out. */
export async function proveEquality(seed: string, checks: number, broken: Break | null): Promise<Findings> {
  await using world = await RollupWorld.open();
  for (const text of broken?.sql ?? []) await world.ask(text);
  const stop = new AbortController();
  const writers = [1, 2, 3].map((n) => writeTraces(world, new Random(`${seed}/writer ${n}`), broken, stop.signal));
  const rollup = new RollupProcess(world.url, world.workspaceId, broken?.name);
  const harm = doHarm(world, rollup, stop.signal);
  const found = await check(world, new Random(`${seed}/reader`), checks, broken !== null);
  stop.abort();
  await Promise.all(writers);
  const { cuts, crashes } = await harm;
  await rollup[Symbol.asyncDispose]();
  await rollUpTheRest(world, broken !== null);
  const all = { from: new Date(world.now - 50 * 86_400_000), to: new Date(world.now + 86_400_000), filter: {} };
  const [total] = await world.database.read({ workspaceId: world.workspaceId }, totals(all));
  const [sealed] = await world.ask('select coalesce(sum(seal), 0) as n from trace_day');
  return {
    ...found,
    missing: world.acknowledged - (total?.requests ?? 0),
    acknowledged: world.acknowledged,
    sealings: Number(sealed?.['n']),
    cuts,
    kills: rollup.kills,
    crashes,
  };
}

async function check(world: RollupWorld, random: Random, checks: number, untilFound: boolean) {
  const differences: string[] = [];
  const startedAt = performance.now();
  let [done, quantileError, toldAt] = [0, 0, startedAt];
  const goesOn = () => {
    const ms = performance.now() - startedAt;
    if (untilFound) return differences.length === 0 && (ms < msOfBroken || done < checksOfBroken);
    return done < checks || ms < checks * msOfComparison;
  };
  while (goesOn()) {
    if (performance.now() - toldAt > 15_000) {
      console.log(`  ${done} comparisons, ${world.acknowledged} traces, ${differences.length} differences`);
      toldAt = performance.now();
    }
    const one = await unlessAway(() => compare(world, random));
    if (!one) continue;
    done += 1;
    if (one.difference) differences.push(one.difference);
    quantileError = Math.max(quantileError, one.quantileError);
  }
  return { checks: done, differences, quantileError };
}

/** A cut connection and a PostgreSQL that starts again give no answer; what else goes wrong ends the proof. */
async function unlessAway<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error;
    await delay(100);
    return null;
  }
}

/** A broken roll-up may be behind for ever. */
async function rollUpTheRest(world: RollupWorld, isBroken: boolean): Promise<void> {
  const consumer = { ...rollupConsumer, maxWeight: 2_000, handle: rollUp };
  await using runner = new ConsumerRunner({ ...world, consumer });
  await runner.catchUp();
  if (isBroken) return;
  await eventually(async () => {
    const rows = await world.database.lookup('streams_behind', ['rollup', 'traces', 10]);
    if (rows.length > 0) throw new Error('the roll-up is behind');
  });
}

/** Cuts connections, kills the roll-up and lets PostgreSQL crash, whatever they are doing. */
async function doHarm(world: RollupWorld, rollup: RollupProcess, signal: AbortSignal) {
  const done = { cuts: 0, crashes: 0 };
  for (let round = 1; !signal.aborted; round += 1) {
    await delay(1_500);
    if (round % 16 === 0) {
      await world.crash();
      done.crashes += 1;
    } else if (round % 4 === 0) await rollup.kill();
    else done.cuts += await world.cutOne();
  }
  return done;
}
