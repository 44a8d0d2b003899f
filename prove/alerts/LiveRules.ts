import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
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
import type { AlertOptions } from '@tributary/subgraph-alert';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import { parse } from 'graphql';
import type { DocumentNode } from 'graphql';
import pg from 'pg';

/** A run that an agent reports. */
export interface Run {
  readonly agent: string;
  /** When it ended, milliseconds since 1970. */
  readonly endedAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

export interface LiveRulesOptions extends Pick<AlertOptions, 'lateHorizonMs' | 'catchUpTicks'> {
  /** What evaluators ask through; previews ask as ever. Default: the same. */
  readonly evaluatorsAsk?: (commands: CommandClient) => CommandClient;
  /** Default: a new one. Ends with these rules. */
  readonly testDatabase?: TestDatabase;
}

/** Rules over the figures of the metrics subgraph itself, with a clock that tests move: nothing happens by itself. */
export class LiveRules implements AsyncDisposable {
  /** By how much PostgreSQL's clock is taken to be ahead. */
  aheadMs = 0;
  readonly #admin: pg.Pool;
  readonly #metrics: Subgraph;
  readonly #alert: Subgraph;
  readonly #evaluate: Schedule;
  readonly #opened: AsyncDisposableStack;

  private constructor(
    superuserUrl: string,
    metrics: Subgraph,
    alert: Subgraph,
    makeSchedules: (aheadMs: () => number) => readonly Schedule[],
    opened: AsyncDisposableStack,
  ) {
    this.#admin = new pg.Pool({ connectionString: superuserUrl, max: 2 });
    this.#metrics = metrics;
    this.#alert = alert;
    this.#evaluate = makeSchedules(() => this.aheadMs).find(({ name }) => name === 'due alert rules')!;
    this.#opened = opened;
  }

  static async start({
    evaluatorsAsk = (commands) => commands,
    ...options
  }: LiveRulesOptions = {}): Promise<LiveRules> {
    await using opened = new AsyncDisposableStack();
    const testDatabase = opened.use(options.testDatabase ?? (await startTestDatabase()));
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
      alertSubgraph({ ...options, aheadMs }).background({ ...deps, commands: evaluatorsAsk(deps.commands) }).schedules;
    return new LiveRules(testDatabase.superuserUrl, metrics, alert, makeSchedules, opened.move());
  }

  /** Evaluates what is due. */
  async evaluate(): Promise<void> {
    await this.#evaluate.run();
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
    await this.#ask(
      this.#metrics,
      principal,
      'mutation ($traces: [TraceInput!]!) { ingestTraces(input: { traces: $traces }) { accepted } }',
      { traces },
    );
  }

  /** Of the alert subgraph. */
  get(principal: Principal, source: string, variables: Record<string, unknown> = {}): Promise<any> {
    return this.#ask(this.#alert, principal, source, variables);
  }

  async superuser(text: string, values: unknown[] = []): Promise<Record<string, any>[]> {
    return (await this.#admin.query(text, values)).rows as Record<string, any>[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.end();
    await this.#opened.disposeAsync();
  }

  async #ask(
    subgraph: Subgraph,
    principal: Principal,
    source: string,
    variables: Record<string, unknown>,
  ): Promise<any> {
    const context: RequestContext = { principal, requestId: newUuid(), deadline: Deadline.in(20_000) };
    const result = await subgraph.execute({ document: parsed(source), variables, context });
    const { data, errors } = JSON.parse(JSON.stringify(result));
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
}

const documents = new Map<string, DocumentNode>();

function parsed(source: string): DocumentNode {
  let document = documents.get(source);
  if (!document) documents.set(source, (document = parse(source)));
  return document;
}
