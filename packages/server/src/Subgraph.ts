import { execute, subscribe } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { CommandClient, CommandRegistry, SubgraphName } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { Bus, EventStreams } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import { withSpan } from '@tributary/observability';
import type { FederatedSchema } from './buildFederatedSchema.js';
import { formatError } from './formatError.js';
import type { GraphqlContext } from './GraphqlContext.js';

/** What every subgraph is given. */
export interface SubgraphDeps {
  readonly database: Database;
  readonly streams: EventStreams;
  readonly bus: Bus;
  /** How to ask other subgraphs. */
  readonly commands: CommandClient;
  readonly logger: Logger;
}

/** Something that runs beside the requests: an evaluator, a consumer of the event log, a sweeper. */
export interface BackgroundWork {
  start(): void;
  stop(): Promise<void>;
}

export interface SubgraphParts {
  readonly name: SubgraphName;
  readonly graphql: FederatedSchema;
  readonly commands: CommandRegistry;
  readonly background?: readonly BackgroundWork[];
}

export interface SubgraphRequest {
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly context: GraphqlContext;
}

/** A subgraph at work, whatever carries requests to it. */
export class Subgraph implements AsyncDisposable {
  readonly name: SubgraphName;
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  readonly commands: CommandRegistry;
  private readonly background: readonly BackgroundWork[];

  constructor(
    readonly parts: SubgraphParts,
    private readonly logger: Logger,
  ) {
    this.name = parts.name;
    this.schema = parts.graphql.schema;
    this.sdl = parts.graphql.sdl;
    this.commands = parts.commands;
    this.background = parts.background ?? [];
  }

  /** Starts what runs beside the requests. Call it in one place of the system or in many: the work is shared through PostgreSQL. */
  startBackground(): void {
    for (const work of this.background) work.start();
  }

  /** Runs a parsed, valid operation in this process. The answer's errors have their final form. */
  async execute(request: SubgraphRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    const args = {
      schema: this.schema,
      document: request.document,
      variableValues: request.variables,
      operationName: request.operationName,
      contextValue: request.context,
    };
    return withSpan(`subgraph ${this.name}`, { 'graphql.operation.name': request.operationName ?? '' }, async () => {
      if (isSubscription(request)) {
        const answer = await subscribe(args);
        return Symbol.asyncIterator in answer ? this.withFormattedErrors(answer, request.context) : this.formatted(answer, request.context);
      }
      return this.formatted(await execute(args), request.context);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.background.map((work) => work.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private formatted(result: ExecutionResult, context: GraphqlContext): ExecutionResult {
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => formatError(error, context.requestId, this.logger)) };
  }

  private withFormattedErrors(results: AsyncGenerator<ExecutionResult>, context: GraphqlContext): AsyncIterableIterator<ExecutionResult> {
    // An async generator here would hold back `return` until the next event.
    const pass = async (step: Promise<IteratorResult<ExecutionResult>>) => {
      const { done, value } = await step;
      return done ? { done, value: undefined } : { done, value: this.formatted(value, context) };
    };
    return {
      next: () => pass(results.next()),
      return: () => pass(results.return(undefined)),
      throw: (error) => pass(results.throw(error)),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

function isSubscription(request: SubgraphRequest): boolean {
  const operations = request.document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  );
  const chosen = request.operationName ? operations.find((operation) => operation.name?.value === request.operationName) : operations[0];
  return chosen?.operation === 'subscription';
}
