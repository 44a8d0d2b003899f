import pg from 'pg';
import { keepPartitions } from '@tributary/data';
import { ConsumerRunner } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { person, startSubgraphWorld } from '@tributary/kit/world';
import type { SubgraphWorld } from '@tributary/kit/world';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import { sealDays } from '@tributary/subgraph-metrics/rollups';
import { fillTraces } from './fillTraces.ts';

const dayMs = 86_400_000;

/** The metrics subgraph on a database of its own, with a workspace full of traces. */
export class BenchWorld implements AsyncDisposable {
  readonly operator = person(newUuid());
  readonly world: SubgraphWorld;
  readonly admin: pg.Client;
  readonly #opened: AsyncDisposableStack;

  private constructor(world: SubgraphWorld, admin: pg.Client, opened: AsyncDisposableStack) {
    this.world = world;
    this.admin = admin;
    this.#opened = opened;
  }

  static async open(): Promise<BenchWorld> {
    await using opened = new AsyncDisposableStack();
    const world = opened.use(await startSubgraphWorld(metricsSubgraph()));
    const admin = opened.adopt(new pg.Client({ connectionString: world.testDatabase.superuserUrl }), (open) =>
      open.end(),
    );
    await admin.connect();
    return new BenchWorld(world, admin, opened.move());
  }

  get workspaceId(): string {
    return this.operator.workspaceId;
  }

  /** Partitions of the weeks back to the first trace, or of `weeksOf` days, then the traces. */
  async fill(traces: number, days: number, now: number, weeksOf = days): Promise<void> {
    for (let week = 0; week <= weeksOf / 7 + 1; week += 1)
      await keepPartitions(this.world.testDatabase.workerUrl, new Date(now - week * 7 * dayMs));
    let toldAt = performance.now();
    await fillTraces(this.admin, this.workspaceId, { total: traces, days, now }, (stored) => {
      if (performance.now() - toldAt < 15_000) return;
      toldAt = performance.now();
      console.log(`  ${stored} of ${traces} traces are stored`);
    });
  }

  /** The roll-up as the worker runs it; the caller stops it. */
  startRollup(): ConsumerRunner {
    const [consumer] = this.world.definition.background(this.world).consumers;
    const runner = new ConsumerRunner({ ...this.world, consumer: consumer! });
    runner.start();
    return runner;
  }

  /** Has the roll-up read all that is there. */
  async rollUpAll(): Promise<void> {
    const [consumer] = this.world.definition.background(this.world).consumers;
    await using runner = new ConsumerRunner({ ...this.world, consumer: consumer! });
    // What takes too long on a busy machine is tried again, half as much at once.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await runner.catchUp();
      const behind = await this.world.database.lookup('streams_behind', ['rollup', 'traces', 1]);
      if (behind.length === 0) return;
    }
    throw new Error('The roll-up did not come to what is there.');
  }

  async seal(): Promise<number> {
    let sealed = 0;
    for (;;) {
      const round = await sealDays(this.world.database, this.world.logger);
      sealed += round;
      if (round === 0) return sealed;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }
}
