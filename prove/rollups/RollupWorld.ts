import pg from 'pg';
import { Database } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { eventually, startTestDatabase } from '@tributary/kit';
import type { Random, TestDatabase } from '@tributary/kit';
import { plainTrace } from '@tributary/subgraph-metrics/rollups';
import type { SentTrace } from '@tributary/subgraph-metrics/rollups';

const dayMs = 86_400_000;
/** Days that the traces are of. Of four, one is rolled up hour by hour from the start, one also by five minutes, and one by one dimension at a time. */
export const days = 42;
export const flow = 'flow_x';
export const sessions = ['talk 1', 'talk 2', 'talk 3'] as const;

/** A workspace whose traces are written, rolled up and read at once. */
export class RollupWorld implements AsyncDisposable {
  readonly workspaceId = newUuid();
  readonly logger = createLogger({ name: 'proof', level: 'silent' });
  readonly now = Date.now();
  /** Traces that were acknowledged. */
  acknowledged = 0;

  readonly database: Database;
  readonly bus: InProcessBus;
  /** Logs in as role `app`. */
  readonly url: string;
  readonly #superuserUrl: string;
  readonly #opened: AsyncDisposableStack;

  private constructor(database: Database, bus: InProcessBus, servers: TestDatabase, opened: AsyncDisposableStack) {
    this.database = database;
    this.bus = bus;
    this.url = servers.appUrl;
    this.#superuserUrl = servers.superuserUrl;
    this.#opened = opened;
  }

  static async open(): Promise<RollupWorld> {
    await using opened = new AsyncDisposableStack();
    const servers = opened.use(await startTestDatabase());
    const bus = opened.adopt(new InProcessBus(), (open) => open.close());
    const logger = createLogger({ name: 'proof', level: 'silent' });
    const options = { url: servers.appUrl, entities: [], logger, hints: bus, statementTimeoutMs: 30_000, poolSize: 8 };
    const database = opened.use(await Database.open(options));
    const world = new RollupWorld(database, bus, servers, opened.move());
    // Test clusters go without it, and what a crash takes away would be missing.
    await world.ask(`alter database ${servers.name} set synchronous_commit = on`);
    await world.ask(`insert into workspace (workspace_id, slug, name) values ($1, 'proof', 'proof')`, [
      world.workspaceId,
    ]);
    await world.ask(
      `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
       select $1, (now() at time zone 'UTC')::date - n, 0, 0, (array['FIVE_MINUTES', 'NARROW', 'HOUR'])[n % 4 + 1]
       from generate_series(0, $2::integer) n where n % 4 < 3`,
      [world.workspaceId, days],
    );
    return world;
  }

  /** Asks as superuser, on a connection of its own: the one before may not have outlived a crash. */
  async ask(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.#superuserUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Cuts one of the product's connections, whatever it is doing; answers how many. */
  async cutOne(): Promise<number> {
    const cut = await this.ask(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where usename = 'app' and datname = current_database() order by random() limit 1`,
    );
    return cut.length;
  }

  /** kill -9 of a backend: PostgreSQL ends all others and recovers from its log. Resolves when it answers again. */
  async crash(): Promise<void> {
    const [backend] = await this.ask(
      `select pid from pg_stat_activity where usename = 'app' and datname = current_database() order by state = 'active' desc limit 1`,
    );
    if (!backend) return;
    process.kill(Number(backend['pid']), 'SIGKILL');
    // The first answers may still be of before the crash is noticed.
    await eventually(
      async () => {
        const left = await this.ask('select from pg_stat_activity where pid = $1', [backend['pid']]);
        if (left.length > 0) throw new Error('the backend is still there');
      },
      { timeoutMs: 60_000, intervalMs: 100 },
    );
  }

  /** Live ones, and three in ten that are late by up to 40 days. */
  draw(random: Random): SentTrace {
    const late = random.next() < 0.3 ? random.next() * 40 * dayMs : random.next() * 120_000;
    return {
      ...plainTrace,
      externalId: newUuid(),
      startedAt: new Date(Math.floor(this.now - late)),
      durationMs: random.next() < 0.05 ? 0 : Math.exp(random.next() * 13),
      status: random.pick(['OK', 'OK', 'OK', 'ERROR', 'TIMEOUT']),
      kind: random.pick(['RUN', 'MODEL']),
      agent: `agent ${random.between(1, 6)}`,
      operation: 'work',
      model: random.pick(['m1', 'm2', null]),
      department: random.pick(['IT', 'Sales', null]),
      environment: random.pick(['production', 'test', null]),
      version: random.pick(['1', '2', null]),
      inputTokens: random.between(0, 5_000),
      outputTokens: random.between(0, 900),
      costUsd: random.between(0, 1_000_000) / 1e7,
      flowId: random.pick([flow, null]),
      sessionId: random.pick([...sessions, null]),
      attributes: {},
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}
