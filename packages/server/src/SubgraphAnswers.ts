import { createSourceEventStream, execute, GraphQLError } from 'graphql';
import type { ExecutionArgs, ExecutionResult, OperationDefinitionNode } from 'graphql';
import { Deadline, hasStaleAnswer } from '@tributary/kernel';
import type { SubgraphName } from '@tributary/contracts/subgraphs';
import type { Logger } from '@tributary/observability';
import { withSpan } from '@tributary/observability';
import { buildFederatedSchema, type FederatedSchema } from './buildFederatedSchema.js';
import type { SubgraphGraph } from './declare/SubgraphGraph.js';
import { formatError } from './formatError.js';
import type { GraphqlContext } from './GraphqlContext.js';
import { referenceResolver } from './Reference.js';
import type { SubgraphRequest } from './SubgraphRequest.js';

/** What joins of one subscription event may take. */
const eventDeadlineMs = 10_000;

/** A subgraph's part of the graph over its services, and its answers. Read by processes alone that are asked in GraphQL. */
export class SubgraphAnswers {
  constructor(
    private readonly name: SubgraphName,
    readonly graphql: FederatedSchema,
    private readonly logger: Logger,
  ) {}

  static over<Services>(
    name: SubgraphName,
    { parts, references }: SubgraphGraph<Services>,
    services: Services,
    logger: Logger,
  ): SubgraphAnswers {
    const { resolvers, types = [] } = parts(services);
    const resolved = Object.entries(references).map(
      ([typeName, reference]) => [typeName, referenceResolver(reference, services)] as const,
    );
    const schema = buildFederatedSchema({ resolvers, orphanedTypes: types, references: Object.fromEntries(resolved) });
    return new SubgraphAnswers(name, schema, logger);
  }

  /** Runs a parsed, valid operation in this process. The answer's errors have their final form. */
  async execute(request: SubgraphRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    const args = {
      schema: this.graphql.schema,
      document: request.document,
      variableValues: request.variables,
      operationName: request.operationName,
      contextValue: request.context,
    };
    return withSpan(`subgraph ${this.name}`, { 'graphql.operation.name': request.operationName ?? '' }, async () => {
      if (isSubscription(request)) {
        const source = await createSourceEventStream(args);
        return Symbol.asyncIterator in source
          ? this.delivered(source, args, request.context)
          : this.formatted(source, request.context);
      }
      return this.formatted(await execute(args), request.context);
    });
  }

  private formatted(executed: ExecutionResult, context: GraphqlContext): ExecutionResult {
    // The gateway tells the client, in `extensions.degraded`.
    const result = hasStaleAnswer(context) ? { ...executed, extensions: { stale: true } } : executed;
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => formatError(error, context.requestId, this.logger)) };
  }

  /**
   * Runs the selection for each event. Every event has a context of its own: loaders hang on it and would otherwise answer what they
   * read for an earlier event, and the request's deadline is long over.
   */
  private delivered(
    source: AsyncIterable<unknown>,
    args: ExecutionArgs,
    context: GraphqlContext,
  ): AsyncIterableIterator<ExecutionResult> {
    const events = source[Symbol.asyncIterator]();
    let broken = false;
    // An async generator here would hold back `return` until the next event.
    const deliver = async (
      step: Promise<IteratorResult<unknown>> | undefined,
    ): Promise<IteratorResult<ExecutionResult>> => {
      try {
        const event = await step;
        if (!event || event.done || broken) return { done: true, value: undefined };
        const ofEvent = { ...context, deadline: Deadline.in(eventDeadlineMs) };
        return {
          done: false,
          value: this.formatted(await execute({ ...args, rootValue: event.value, contextValue: ofEvent }), ofEvent),
        };
      } catch (originalError) {
        // A source that breaks says why in one last result; thrown, it would close the socket under all other operations.
        broken = true;
        const error = new GraphQLError('The stream broke.', { originalError: originalError as Error });
        return { done: false, value: this.formatted({ errors: [error] }, context) };
      }
    };
    return {
      next: () => deliver(events.next()),
      return: () => deliver(events.return?.()),
      throw: (error) => deliver(events.throw?.(error)),
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
  const chosen = request.operationName
    ? operations.find((operation) => operation.name?.value === request.operationName)
    : operations[0];
  return chosen?.operation === 'subscription';
}
