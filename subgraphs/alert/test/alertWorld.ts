import type { ExecutionResult } from 'graphql';
import pg from 'pg';
import { CommandRegistry } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
import {
  existingCommand,
  figuresCommand,
  assetFiguresCommand,
  discoveryEndsCommand,
  flowFiguresCommand,
  lateMinutesCommand,
  slidingFiguresCommand,
  webhookFiguresCommand,
} from '@tributary/contracts/commands';
import type { Figure, InputOf, LateMinutes, WindowFigure } from '@tributary/contracts/commands';
import type { NotificationPayload } from '@tributary/contracts/events';
import { notificationPayload } from '@tributary/contracts/payloads';
import type { Principal } from '@tributary/contracts/principal';
import type { Database } from '@tributary/data';
import { appendEvents, ConsumerRunner } from '@tributary/events';
import type { TestDatabase } from '@tributary/kit';
import { ask, startSubgraphWorld, tell, watch, type SubgraphWorld } from '@tributary/kit/world';
import type { Logger } from '@tributary/observability';
import type { SubgraphDefinition } from '@tributary/server';
import { alertSubgraph } from '@tributary/subgraph-alert';
import type { AlertOptions } from '@tributary/subgraph-alert';
import { AlertGroups } from '../src/domain/AlertGroups.js';
import { AlertTransitions } from '../src/domain/AlertTransitions.js';
import { moveDueSilences } from '../src/domain/moveSilences.js';
import { RuleEvaluator } from '../src/domain/RuleEvaluator.js';
import type { RuleEvaluatorOptions } from '../src/domain/RuleEvaluator.js';

type Question = InputOf<typeof slidingFiguresCommand>;

/** The alert subgraph on a database of its own. What metrics would say is what the test puts into `figures`. */
export class AlertWorld implements AsyncDisposable {
  /** Names of the statements that were sent, in order. */
  readonly statements: string[];
  readonly knownFlows = new Set<string>();
  readonly knownUsers = new Set<string>();
  readonly knownChannels = new Set<string>();
  /** Questions that were put to the metrics subgraph. */
  readonly asked: Question[] = [];
  /** What a question is answered of the window that ends at a tick. */
  figures: (tick: number, question: Question) => Figure[] | Promise<Figure[]> = () => [];
  /** What is known of flows. */
  flows: (question: InputOf<typeof flowFiguresCommand>) => WindowFigure[] = () => [];
  assets: (question: InputOf<typeof assetFiguresCommand>) => WindowFigure[] = () => [];
  webhooks: (question: InputOf<typeof webhookFiguresCommand>) => WindowFigure[] = () => [];
  /** Milliseconds since 1970, ascending. */
  discoveriesEnded: number[] = [];
  /** Groups that had data within a day before a rule's first tick. */
  lately: string[] = [];
  /** Minutes of the past that were changed, behind a batch. */
  late: (after: number | null) => LateMinutes = (after) => ({
    last: after ?? 0,
    hasMore: false,
    isIncomplete: false,
    started: [],
    ended: [],
  });
  /** By how much PostgreSQL's clock is taken to be ahead: how tests wait. */
  aheadMs = 0;
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

  consumer(database: Database = this.database, name = 'alert.flows'): ConsumerRunner {
    const deps = { ...this.opened, database };
    const consumer = this.definition.background(deps).consumers.find((one) => one.name === name);
    return new ConsumerRunner({ ...deps, consumer: consumer! });
  }

  evaluator(options: Partial<RuleEvaluatorOptions> = {}, database: Database = this.database): RuleEvaluator {
    const transitions = this.transitions();
    return new RuleEvaluator(database, this.commands, transitions, this.logger, {
      lanes: 4,
      catchUpTicks: 360,
      lateHorizonMs: 3_600_000,
      aheadMs: () => this.aheadMs,
      ...options,
    });
  }

  transitions(): AlertTransitions {
    return new AlertTransitions(this.database, () => this.aheadMs);
  }

  /** Lets time pass and says whom what is due then is to be told to. */
  async tellGroups(seconds: number): Promise<void> {
    await this.consumer(this.database, 'alert.groups').catchUp();
    this.aheadMs += seconds * 1_000;
    await new AlertGroups(this.database, this.transitions(), () => this.aheadMs).tellDueGroups();
  }

  /** Lets silences begin and end that are due. */
  moveSilences(): Promise<void> {
    return moveDueSilences(this.database, this.transitions(), this.aheadMs);
  }

  /** What people are to be told, in order. */
  async notifications(workspaceId: string): Promise<NotificationPayload[]> {
    const text = `select payload from event where workspace_id = $1 and stream_id = 'notifications' order by seq`;
    const rows = await this.superuser(text, [workspaceId]);
    return rows.map((row) => notificationPayload.parse(row['payload']));
  }

  /** Lets time pass and evaluates what is due then. */
  async pass(seconds: number, options: Partial<RuleEvaluatorOptions> = {}): Promise<void> {
    this.aheadMs += seconds * 1_000;
    await this.evaluator(options).evaluateDueRules();
  }

  /** What metrics answers over windows that end a step apart. */
  async slide(question: Question): Promise<WindowFigure[]> {
    this.asked.push(question);
    const found: WindowFigure[] = [];
    for (let index = 0; index < question.count; index += 1) {
      const figures = await this.figures(question.firstEnd.getTime() + index * question.stepMs, question);
      found.push(...figures.map((figure) => ({ ...figure, index })));
    }
    return found;
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
    .register(existingCommand.delivery, async ({ ids }) => ids.filter((id) => world.knownChannels.has(id)))
    .register(existingCommand.workspace, async ({ ids }) => ids.filter((id) => world.knownUsers.has(id)))
    .register(figuresCommand, async () => world.lately.map((key) => ({ key, value: 1 })))
    .register(flowFiguresCommand, async (input) => world.flows(input))
    .register(assetFiguresCommand, async (input) => world.assets(input))
    .register(webhookFiguresCommand, async (input) => world.webhooks(input))
    .register(discoveryEndsCommand, async ({ from, to }) =>
      world.discoveriesEnded.filter((end) => end > from.getTime() && end <= to.getTime()),
    )
    .register(lateMinutesCommand, async ({ after }) => world.late(after))
    .register(slidingFiguresCommand, (input) => world.slide(input));
  const clock = { aheadMs: () => 0 };
  const definition = alertSubgraph({ aheadMs: () => clock.aheadMs(), ...options });
  const world = new AlertWorld(await startSubgraphWorld(definition, { neighbours, safetyPollMs: 100 }));
  clock.aheadMs = () => world.aheadMs;
  return world;
}

export const alertList = `query ($filter: AlertFilter, $first: Int! = 50, $after: Cursor) {
  alerts(filter: $filter, first: $first, after: $after) {
    nodes { id fingerprint severity status title description labels value occurrences firstSeenAt lastSeenAt acknowledgedAt comment resolvedAt resolvedReason recovering flapping reopened late retracted noDataSince version
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
