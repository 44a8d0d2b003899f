import { parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { metricsSubgraph } from '@tributary/subgraph-metrics';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';

/** A database with the metrics subgraph on it. Flows exist when they are in `knownFlows`. */
export interface MetricsWorld extends AsyncDisposable {
  readonly database: Database;
  readonly databaseFacts: TestDatabase;
  readonly subgraph: Subgraph;
  readonly commands: CommandClient;
  readonly knownFlows: Set<string>;
  /** Names of the statements that were sent, in order. */
  readonly statements: string[];
  /** Questions that were put to the flow subgraph. */
  readonly questions: (readonly string[])[];
}

export async function startMetricsWorld(): Promise<MetricsWorld> {
  const databaseFacts = await startTestDatabase();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const statements: string[] = [];
  const database = await Database.open({
    url: databaseFacts.appUrl,
    entities: metricsSubgraph.tables,
    logger,
    onStatement: (name) => void statements.push(name),
  });
  const knownFlows = new Set<string>();
  const questions: (readonly string[])[] = [];
  const registry = new CommandRegistry().register(existingCommand.flow, async ({ ids }) => {
    questions.push(ids);
    return ids.filter((id) => knownFlows.has(id));
  });
  const commands = new LocalCommandClient(registry);
  const bus = new InProcessBus();
  const streams = new EventStreams({ database, bus, logger });
  const subgraph = metricsSubgraph.serve({ database, streams, bus, commands, logger });
  registry.include(subgraph.commands);
  return {
    database,
    databaseFacts,
    subgraph,
    commands,
    knownFlows,
    statements,
    questions,
    async [Symbol.asyncDispose]() {
      await subgraph.close();
      await streams.close();
      await bus.close();
      await database.close();
      await databaseFacts[Symbol.asyncDispose]();
    },
  };
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

/** Runs an operation as the gateway would and answers its result. */
export async function ask(
  world: MetricsWorld,
  principal: Principal,
  source: string,
  variables: Record<string, unknown> = {},
  // Results are looked into freely.
): Promise<ExecutionResult<any>> {
  const document = parse(source);
  const [fault] = validate(world.subgraph.schema, document);
  if (fault) throw fault;
  const result = await world.subgraph.execute({ document, variables, context: requestOf(principal) });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

export function codesOf(result: ExecutionResult): unknown[] {
  return (result.errors ?? []).map((error) => error.extensions?.['code']);
}

export const ingest = `mutation ($traces: [TraceInput!]!) {
  ingestTraces(input: { traces: $traces }) { accepted duplicates rejected { index code message } }
}`;

/** A sound trace with the given facts. */
export function trace(facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    externalId: newUuid(),
    startedAt: '2026-03-01T00:00:00.000Z',
    durationMs: 100,
    status: 'OK',
    agent: 'mapper',
    operation: 'suggest',
    ...facts,
  };
}
