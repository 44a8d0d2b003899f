import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@tributary/kit';
import type { ChaosCluster } from '../cluster/ChaosCluster.ts';

const processes = ['worker-1', 'worker-2', 'gateway-1', 'gateway-2'] as const;
/** How often each is drawn, in a hundred. */
const weights = {
  'kill -9 worker': 42,
  'kill -9 gateway': 24,
  'kill -9 postgres': 16,
  'kill -9 redis': 15,
  // Behind whose back another takes over what it holds, and which then wakes up.
  'stop worker beyond its lease': 3,
} as const;
const downMs = 700;
/** Positions are leased for 40 s. */
const stoppedMs = 45_000;

/** Kills parts of a cluster, as a seed says, and starts them again. */
export class Killer {
  readonly happened = new Map<string, number>();
  readonly #cluster: ChaosCluster;
  readonly #random: Random;
  #stopped: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(cluster: ChaosCluster, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
  }

  get count(): number {
    return [...this.happened.values()].reduce((total, each) => total + each, 0);
  }

  async strike(): Promise<void> {
    const drawn = this.#random.weighted(weights);
    const names = processes.filter((each) => each.startsWith(drawn.includes('gateway') ? 'gateway' : 'worker'));
    const name = this.#random.pick(names);
    // One worker at a time is stopped, and the other works meanwhile.
    const kind = drawn.startsWith('stop') && this.#isStopped ? 'kill -9 redis' : drawn;
    this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
    if (kind.startsWith('stop')) return this.#stop(name);
    if (kind.endsWith('postgres'))
      return this.#restart(this.#cluster.postgres, () => this.#cluster.postgres.kill(true));
    if (kind.endsWith('redis')) return this.#restart(this.#cluster.redis, () => this.#cluster.redis.kill());
    const killed = this.#cluster.processes.get(name)!;
    await killed.kill();
    await delay(downMs);
    // Whoever strikes faster than a part comes back disturbs nobody.
    await killed.startAgain();
  }

  /** Once nobody is stopped any more. */
  async end(): Promise<void> {
    await this.#stopped;
  }

  async #restart(server: { restart(): Promise<unknown> }, kill: () => Promise<unknown>): Promise<void> {
    await kill();
    await delay(downMs);
    await server.restart();
  }

  #stop(name: string): void {
    const stopped = this.#cluster.processes.get(name)!;
    this.#isStopped = true;
    stopped.freeze();
    this.#stopped = delay(stoppedMs).then(() => {
      stopped.thaw();
      this.#isStopped = false;
    });
  }
}
