import { parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { existingCommand, figuresCommand, slidingFiguresCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { InputOf, Figure, WindowFigure } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { appendEvents, ConsumerRunner, EventStreams, InProcessBus } from '@tributary/events';
import type { Bus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import type { Logger } from '@tributary/observability';
import type { Subgraph, SubgraphDefinition } from '@tributary/server';
import { alertSubgraph } from '@tributary/subgraph-alert';
import type { AlertOptions } from '@tributary/subgraph-alert';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';
import pg from 'pg';
import { AlertTransitions } from '../src/domain/AlertTransitions.js';
import { RuleEvaluator } from '../src/domain/RuleEvaluator.js';
import type { RuleEvaluatorOptions } from '../src/domain/RuleEvaluator.js';

/** The alert subgraph on a database of its own. What metrics would say is what the test puts into `figures`. */
export class AlertWorld implements AsyncDisposable {
  /** Names of the statements that were sent, in order. */
  readonly statements: string[] = [];
  readonly knownFlows = new Set<string>();
  /** Questions that were put to the metrics subgraph. */
  readonly asked: InputOf<typeof figuresCommand>[] = [];
  figures: (input: InputOf<typeof figuresCommand>) => Figure[] | Promise<Figure[]> = () => [];
  slidingFigures: (input: InputOf<typeof slidingFiguresCommand>) => WindowFigure[] = () => [];
  readonly logger: Logger = createLogger({ name: 'test', level: 'silent' });
  readonly bus: Bus = new InProcessBus();
  database!: Database;
  databaseFacts!: TestDatabase;
  streams!: EventStreams;
  commands!: CommandClient;
  subgraph!: Subgraph;
  definition!: SubgraphDefinition;

  static async start(options: AlertOptions = {}): Promise<AlertWorld> {
    const world = new AlertWorld();
    world.definition = alertSubgraph(options);
    world.databaseFacts = await startTestDatabase();
    world.database = await Database.open({
      url: world.databaseFacts.appUrl,
      entities: world.definition.tables,
      logger: world.logger,
      hints: world.bus,
      onStatement: (name) => void world.statements.push(name),
    });
    const registry = new CommandRegistry()
      .register(existingCommand.flow, async ({ ids }) => ids.filter((id) => world.knownFlows.has(id)))
      .register(figuresCommand, async (input) => {
        world.asked.push(input);
        return world.figures(input);
      })
      .register(slidingFiguresCommand, async (input) => world.slidingFigures(input));
    world.commands = new LocalCommandClient(registry);
    world.streams = new EventStreams({
      database: world.database,
      bus: world.bus,
      logger: world.logger,
      safetyPollMs: 100,
    });
    world.subgraph = world.definition.serve(world);
    registry.include(world.subgraph.commands);
    return world;
  }

  consumer(database: Database = this.database): ConsumerRunner {
    const deps = { ...this, database };
    const [consumer] = this.definition.background(deps).consumers;
    return new ConsumerRunner({ ...deps, consumer: consumer! });
  }

  evaluator(options: Partial<RuleEvaluatorOptions> = {}): RuleEvaluator {
    const transitions = new AlertTransitions(this.database);
    return new RuleEvaluator(this.database, this.commands, transitions, this.logger, {
      everyMs: 1,
      repeatAfterMs: 0,
      ...options,
    });
  }

  /** Appends to the life of a flow, as the flow subgraph does. */
  async tell(workspaceId: string, flowUuid: string, type: string, facts: Record<string, unknown> = {}): Promise<void> {
    const payload = {
      flowId: flowUuid,
      kind: 'discovery',
      name: 'March estate',
      status: 'RUNNING',
      phase: 'import',
      progress: 0.2,
      message: null,
      data: {},
      ...facts,
    };
    await this.database.withWorkspace({ workspaceId }, async (transaction) =>
      appendEvents(transaction, 'flows', [{ type, payload }]),
    );
  }

  failFlow(workspaceId: string, flowUuid: string, retryable = false): Promise<void> {
    const failure = { code: 'SOURCE_UNREADABLE', message: 'The file is empty.', phase: 'import', retryable };
    return this.tell(workspaceId, flowUuid, 'flow.failed', { status: 'FAILED', failure });
  }

  /** Rows that the tenant's lock would hide. */
  async look(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.databaseFacts.superuserUrl });
    await client.connect();
    try {
      return (await client.query(text, values)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  /** How often each type of event stands in a workspace's alert stream. */
  async eventCounts(workspaceId: string): Promise<Record<string, number>> {
    const text = `select type, count(*)::int as n from event where workspace_id = $1 and stream_id = 'alerts' group by 1`;
    const rows = await this.look(text, [workspaceId]);
    return Object.fromEntries(rows.map((row) => [row['type'], row['n']])) as Record<string, number>;
  }

  /** Runs an operation as the gateway would and answers its result. */
  // Results are looked into freely.

  async ask(
    principal: Principal,
    source: string,
    variables: Record<string, unknown> = {},
  ): Promise<ExecutionResult<any>> {
    const result = await this.subgraph.execute({
      document: this.checked(source),
      variables,
      context: requestOf(principal),
    });
    return JSON.parse(JSON.stringify(result)) as ExecutionResult;
  }

  /** Like `ask`, for what must succeed. */

  async get(principal: Principal, source: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await this.ask(principal, source, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** The results of a subscription; `return` ends it. */

  async watch(
    principal: Principal,
    source: string,
    variables: Record<string, unknown> = {},
  ): Promise<AsyncIterator<ExecutionResult<any>>> {
    const answer = await this.subgraph.execute({
      document: this.checked(source),
      variables,
      context: requestOf(principal),
    });
    if (!(Symbol.asyncIterator in answer)) throw new Error(JSON.stringify(answer));
    return answer[Symbol.asyncIterator]();
  }

  private checked(source: string) {
    const document = parse(source);
    const [fault] = validate(this.subgraph.schema, document);
    if (fault) throw fault;
    return document;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.subgraph.close();
    await this.streams.close();
    await this.bus.close();
    await this.database.close();
    await this.databaseFacts[Symbol.asyncDispose]();
  }
}

export function person(workspaceId: string, role: 'OWNER' | 'OPERATOR' | 'VIEWER' = 'OPERATOR'): Principal {
  return { workspaceId, actor: { kind: 'user', id: newUuid() }, role, scopes: null };
}

export function requestOf(principal: Principal): RequestContext {
  return { principal, requestId: newUuid(), deadline: Deadline.in(10_000) };
}

export function systemRequest(workspaceId: string): RequestContext {
  return requestOf(systemPrincipal(workspaceId, 'test'));
}

export function codesOf(result: ExecutionResult): unknown[] {
  return (result.errors ?? []).map((error) => error.extensions?.['code']);
}

export const alertList = `query ($filter: AlertFilter, $first: Int! = 50, $after: Cursor) {
  alerts(filter: $filter, first: $first, after: $after) {
    nodes { id fingerprint severity status title description labels value occurrences firstSeenAt lastSeenAt acknowledgedAt comment resolvedAt version
      acknowledgedBy { __typename ... on User { id } ... on ApiKey { id } ... on SystemActor { part } } rule { id name } flow { id } asset { id } }
    pageInfo { endCursor hasNextPage } totalCount streamCursor
  }
}`;

export const createRule = `mutation ($rule: AlertRuleInput!, $key: String) {
  createAlertRule(input: { rule: $rule, idempotencyKey: $key }) {
    rule { id name metric comparison threshold windowSeconds groupBy scope { agent flowId } severity enabled version }
  }
}`;

/** A sound rule with the given facts. */
export function rule(facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'Too many errors',
    metric: 'ERROR_RATE',
    comparison: 'ABOVE',
    threshold: 0.1,
    windowSeconds: 300,
    severity: 'WARNING',
    ...facts,
  };
}
