import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import type { Principal } from '@tributary/contracts/principal';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import type { Schedule } from '@tributary/jobs';
import { createLogger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { alertSubgraph } from '@tributary/subgraph-alert';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import { parse } from 'graphql';
import pg from 'pg';

/** A run that an agent reports. */
export interface Run {
  readonly agent: string;
  /** When it ended, milliseconds since 1970. */
  readonly endedAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Rules over the figures of the metrics subgraph itself, with a clock that tests move: nothing happens by itself. */
export class LiveRules implements AsyncDisposable {
  /** By how much PostgreSQL's clock is taken to be ahead. */
  aheadMs = 0;
  private readonly schedules: readonly Schedule[];

  private constructor(
    readonly testDatabase: TestDatabase,
    private readonly metrics: Subgraph,
    private readonly alert: Subgraph,
    makeSchedules: (aheadMs: () => number) => readonly Schedule[],
    private readonly opened: AsyncDisposableStack,
  ) {
    this.schedules = makeSchedules(() => this.aheadMs);
  }

  static async start(lateHorizonMs = 3_600_000): Promise<LiveRules> {
    await using opened = new AsyncDisposableStack();
    const testDatabase = opened.use(await startTestDatabase());
    const logger = createLogger({ name: 'test', level: 'silent' });
    const [metricsDefinition, alertDefinition] = [metricsSubgraph(), alertSubgraph()];
    const bus = opened.use(new InProcessBus());
    const entities = [...metricsDefinition.tables, ...alertDefinition.tables] as Function[];
    const database = opened.use(await Database.open({ url: testDatabase.appUrl, entities, logger, hints: bus }));
    opened.use(giveRowsToWorkspaces(database, testDatabase.superuserUrl));
    const streams = opened.use(new EventStreams({ database, bus, logger }));
    const registry = new CommandRegistry().register(existingCommand.flow, async () => []);
    const cache = new Cache(readCacheConfig({}));
    const deps = { database, bus, cache, streams, commands: new LocalCommandClient(registry), logger };
    const metrics = opened.use(metricsDefinition.serve(deps));
    registry.include(metrics.commands);
    const alert = opened.use(alertDefinition.serve(deps));
    const makeSchedules = (aheadMs: () => number) =>
      alertSubgraph({ lateHorizonMs, aheadMs }).background(deps).schedules;
    return new LiveRules(testDatabase, metrics, alert, makeSchedules, opened.move());
  }

  get now(): number {
    return Date.now() + this.aheadMs;
  }

  /** Evaluates what is due. */
  async evaluate(): Promise<void> {
    await this.schedules.find(({ name }) => name === 'due alert rules')!.run();
  }

  /** Sends runs, as agents do. */
  async send(principal: Principal, runs: readonly Run[]): Promise<void> {
    const traces = runs.map(({ agent, endedAt, durationMs, failed }) => ({
      externalId: newUuid(),
      startedAt: new Date(endedAt - durationMs).toISOString(),
      durationMs,
      status: failed ? 'ERROR' : 'OK',
      agent,
      operation: 'run',
      inputTokens: 1,
      outputTokens: 1,
    }));
    if (traces.length === 0) return;
    await this.ask(
      this.metrics,
      principal,
      'mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }',
      { traces },
    );
  }

  /** Of the alert subgraph. */
  get(principal: Principal, source: string, variables: Record<string, unknown> = {}): Promise<any> {
    return this.ask(this.alert, principal, source, variables);
  }

  async superuser(text: string, values: unknown[] = []): Promise<Record<string, any>[]> {
    const client = new pg.Client({ connectionString: this.testDatabase.superuserUrl });
    await client.connect();
    try {
      return (await client.query(text, values)).rows as Record<string, any>[];
    } finally {
      await client.end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }

  private async ask(
    subgraph: Subgraph,
    principal: Principal,
    source: string,
    variables: Record<string, unknown>,
  ): Promise<any> {
    const context: RequestContext = { principal, requestId: newUuid(), deadline: Deadline.in(20_000) };
    const result = await subgraph.execute({ document: parse(source), variables, context });
    const { data, errors } = JSON.parse(JSON.stringify(result));
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
}
