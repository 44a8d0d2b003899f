import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '@tributary/kit';
import type { ChaosCluster } from '../cluster/ChaosCluster.ts';
import { drawFault, type Fault, type Targets } from './drawFault.ts';

export interface DisturberOptions {
  readonly seed: number;
  /** At most so many faults … */
  readonly faults: number;
  /** … and none when this no longer holds. */
  readonly goesOn: () => boolean;
  /** Told of each fault as it begins, with its number from 1. */
  readonly onFault: (number: number) => void;
}

/** How long a cut at COMMIT waits for one. */
const commitPatienceMs = 4_000;
/** Faults that may last at once. */
const maxAtOnce = 4;

/** Does to a cluster what a seed says. Faults overlap, but those of one target follow each other. */
export class Disturber {
  readonly happened: Fault[] = [];
  readonly #cluster: ChaosCluster;
  readonly #options: DisturberOptions;
  /** Faults under way, by what they happen to. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #failures: unknown[] = [];

  constructor(cluster: ChaosCluster, options: DisturberOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Resolves when all faults are over and everything runs again. Throws when something could not be started again. */
  async run(): Promise<void> {
    const { seed, faults, goesOn, onFault } = this.#options;
    const random = new Random(seed);
    const targets = targetsOf(this.#cluster);
    for (let drawn = 1; goesOn() && this.#failures.length === 0; drawn += 1) {
      const fault = drawFault(random, targets);
      while (this.#busy.size >= maxAtOnce || this.#busy.has(placeOf(fault))) await Promise.race(this.#busy.values());
      // One that waited for a COMMIT in vain did not happen: another takes its place.
      while (this.#busy.size > 0 && this.happened.length + this.#busy.size >= faults)
        await Promise.race(this.#busy.values());
      if (this.happened.length >= faults) break;
      onFault(drawn);
      this.#begin(fault);
      await delay(fault.thenMs);
    }
    while (this.#busy.size > 0) await Promise.race(this.#busy.values());
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #begin(fault: Fault): void {
    const place = placeOf(fault);
    const over = this.#apply(fault)
      .then((happened) => {
        if (happened) this.happened.push(fault);
      })
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#busy.delete(place));
    this.#busy.set(place, over);
  }

  /** Answers whether it happened. */
  async #apply(fault: Fault): Promise<boolean> {
    const { kind, target, lastsMs } = fault;
    switch (kind) {
      case 'kill -9':
        await this.#kill(fault);
        return true;
      case 'stop': {
        const stopped = this.#stoppable(target);
        stopped.freeze();
        await delay(lastsMs);
        stopped.thaw();
        return true;
      }
      case 'cut behind COMMIT':
      case 'cut before COMMIT':
        return this.#cutCommits(fault);
      case 'cut':
        this.#cluster.hops.get(target)!.drop();
        return true;
      case 'cut for a while': {
        const hop = this.#cluster.hops.get(target)!;
        await hop.cut();
        await delay(lastsMs);
        await hop.resume();
        return true;
      }
      case 'stall':
      case 'stall, then cut': {
        const hop = this.#cluster.hops.get(target)!;
        hop.stall();
        await delay(lastsMs);
        if (kind === 'stall, then cut') hop.drop();
        await hop.resume();
        return true;
      }
    }
  }

  async #cutCommits({ kind, target, times }: Fault): Promise<boolean> {
    const cutter = this.#cluster.commitCutters.get(target)!;
    const before = cutter.cuts;
    cutter.decide = () => {
      if (cutter.cuts >= before + times) return 'pass';
      return kind === 'cut behind COMMIT' ? 'afterCommit' : 'beforeCommit';
    };
    const deadline = Date.now() + commitPatienceMs;
    while (cutter.cuts < before + times && Date.now() < deadline) await delay(20);
    cutter.decide = null;
    return cutter.cuts > before;
  }

  async #kill({ target, lastsMs, all }: Fault): Promise<void> {
    const { postgres, redis, processes } = this.#cluster;
    if (target === 'postgres') {
      await postgres.kill(all);
      await delay(lastsMs / 2);
      await postgres.restart();
    } else if (target === 'redis') {
      await redis.kill();
      await delay(lastsMs);
      await redis.restart();
    } else {
      const killed = processes.get(target)!;
      await killed.kill();
      await delay(lastsMs / 2);
      await killed.startAgain();
    }
  }

  #stoppable(target: string): { freeze(): void; thaw(): void } {
    const { postgres, redis, processes } = this.#cluster;
    if (target === 'redis') return { freeze: () => redis.freeze(), thaw: () => redis.resume() };
    return target === 'postgres' ? postgres : processes.get(target)!;
  }
}

function targetsOf(cluster: ChaosCluster): Targets {
  return {
    processes: [...cluster.processes.keys()],
    hops: [...cluster.hops.keys()],
    // Those who write events.
    committers: [...cluster.commitCutters.keys()].filter((name) => /^(flow|alert)/.test(name)),
  };
}

/** A commit is cut on a hop, beside what happens to the process itself. */
function placeOf({ kind, target }: Fault): string {
  return kind.endsWith('COMMIT') ? `${target}→postgres` : target;
}
