import type { ExecutionResult } from 'graphql';
import pg from 'pg';
import { CommandRegistry } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
import { existingCommand, figuresCommand, slidingFiguresCommand } from '@tributary/contracts/commands';
import type { Figure, InputOf, WindowFigure } from '@tributary/contracts/commands';
import type { Principal } from '@tributary/contracts/principal';
import type { Database } from '@tributary/data';
import { appendEvents, ConsumerRunner } from '@tributary/events';
import type { TestDatabase } from '@tributary/kit';
import { ask, startSubgraphWorld, tell, watch, type SubgraphWorld } from '@tributary/kit/world';
import type { Logger } from '@tributary/observability';
import type { SubgraphDefinition } from '@tributary/server';
import { alertSubgraph } from '@tributary/subgraph-alert';
import type { AlertOptions } from '@tributary/subgraph-alert';
import { AlertTransitions } from '../src/domain/AlertTransitions.js';
import { RuleEvaluator } from '../src/domain/RuleEvaluator.js';
import type { RuleEvaluatorOptions } from '../src/domain/RuleEvaluator.js';

/** The alert subgraph on a database of its own. What metrics would say is what the test puts into `figures`. */
export class AlertWorld implements AsyncDisposable {
  /** Names of the statements that were sent, in order. */
  readonly statements: string[];
  readonly knownFlows = new Set<string>();
  /** Questions that were put to the metrics subgraph. */
  readonly asked: InputOf<typeof figuresCommand>[] = [];
  figures: (input: InputOf<typeof figuresCommand>) => Figure[] | Promise<Figure[]> = () => [];
  slidingFigures: (input: InputOf<typeof slidingFiguresCommand>) => WindowFigure[] = () => [];
  readonly database: Database;
  readonly testDatabase: TestDatabase;
  readonly commands: CommandClient;
  readonly definition: SubgraphDefinition;
  private readonly logger: Logger;
  private readonly opened: SubgraphWorld;

  constructor(opened: SubgraphWorld) {
    this.opened = opened;
    this.statements = opened.statements;
    this.database = opened.database;
    this.testDatabase = opened.testDatabase;
    this.commands = opened.commands;
    this.definition = opened.definition;
    this.logger = opened.logger;
  }

  consumer(database: Database = this.database): ConsumerRunner {
    const deps = { ...this.opened, database };
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
  async superuser(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.testDatabase.superuserUrl });
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
    const rows = await this.superuser(text, [workspaceId]);
    return Object.fromEntries(rows.map((row) => [row['type'], row['n']])) as Record<string, number>;
  }

  // Results are looked into freely.

  ask(principal: Principal, source: string, variables: Record<string, unknown> = {}): Promise<ExecutionResult<any>> {
    return ask(this.opened, principal, source, variables);
  }

  /** Like `ask`, for what must succeed. */
  get(principal: Principal, source: string, variables: Record<string, unknown> = {}): Promise<any> {
    return tell(this.opened, principal, source, variables);
  }

  watch(
    principal: Principal,
    source: string,
    variables: Record<string, unknown> = {},
  ): Promise<AsyncIterator<ExecutionResult<any>>> {
    return watch(this.opened, principal, source, variables);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.opened[Symbol.asyncDispose]());
  }
}

export async function startAlertWorld(options: AlertOptions = {}): Promise<AlertWorld> {
  // Commands come when there is a world.
  const neighbours = new CommandRegistry()
    .register(existingCommand.flow, async ({ ids }) => ids.filter((id) => world.knownFlows.has(id)))
    .register(figuresCommand, async (input) => {
      world.asked.push(input);
      return world.figures(input);
    })
    .register(slidingFiguresCommand, async (input) => world.slidingFigures(input));
  const world = new AlertWorld(await startSubgraphWorld(alertSubgraph(options), { neighbours, safetyPollMs: 100 }));
  return world;
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
