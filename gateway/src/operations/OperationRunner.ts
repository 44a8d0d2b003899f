import { CodedError, Deadline } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import { withSpan } from '@tributary/observability';
import { getOperationAST, Kind } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Engine } from '../engine/createEngine.js';
import type { OperationContext } from '../engine/OperationContext.js';
import type { Caller } from '../identity.js';
import type { GatewaySettings } from '../settings.js';
import { FormattedEvents } from './FormattedEvents.js';
import { formatError, formatRequestError } from './formatError.js';
import type { OperationParams } from './operationParams.js';
import { operationSeconds } from './operationMetrics.js';
import { StreamFailure, type FormattedResult, type OperationOutcome } from './operationOutcome.js';
import type { StoredOperations } from './StoredOperations.js';

export interface OperationRequest {
  readonly params: OperationParams;
  readonly caller: Caller;
  readonly requestId: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly ingest?: boolean;
  readonly readOnly?: boolean;
}

export interface OperationRunnerOptions {
  readonly engine: Engine;
  readonly stored: StoredOperations;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

/** One way for every operation, whatever protocol brought it: find the document, parse, check, validate, execute, format. */
export class OperationRunner {
  private inFlight = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly options: OperationRunnerOptions) {}

  /** Never throws. */
  async run(request: OperationRequest): Promise<OperationOutcome> {
    this.inFlight += 1;
    const started = performance.now();
    let kind = 'none';
    let outcome: OperationOutcome;
    try {
      const prepared = this.prepare(request);
      kind = prepared.operation.operation;
      outcome = await this.execute(prepared, request);
    } catch (error) {
      outcome = this.refuse(error, request);
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
    }
    operationSeconds.observe({ operation: kind, outcome: outcome.kind }, (performance.now() - started) / 1000);
    return outcome;
  }

  /** Resolves when no query or mutation is being executed. */
  whenIdle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  private prepare(request: OperationRequest): Prepared {
    const { engine, stored, settings } = this.options;
    const { query, stored: isStored } = stored.resolve(request.params, settings.storedOperationsOnly);
    const { identity, refusal } = request.caller;
    const context: OperationContext = {
      principal: identity?.principal ?? null,
      refusal,
      requestId: request.requestId,
      deadline: Deadline.in(request.ingest ? settings.timeouts.ingestMs : settings.timeouts.operationMs),
      stored: isStored,
      ingest: request.ingest ?? false,
      readOnly: request.readOnly ?? false,
      signal: request.signal,
      logger: this.options.logger,
      degraded: new Map(),
    };
    const enveloped = engine.enveloped({ tributary: context });
    const document = enveloped.parse(query) as DocumentNode;
    const errors = enveloped.validate(enveloped.schema, document) as readonly GraphQLError[];
    if (errors.length > 0) throw new AggregateError(errors);
    return { enveloped, document, operation: chosenOperation(document, request.params.operationName), context };
  }

  private async execute(prepared: Prepared, request: OperationRequest): Promise<OperationOutcome> {
    const { enveloped, document, operation, context } = prepared;
    const args = {
      schema: enveloped.schema as GraphQLSchema,
      document,
      contextValue: (await enveloped.contextFactory()) as unknown,
      variableValues: request.params.variables,
      operationName: request.params.operationName,
    };
    if (operation.operation !== 'subscription') {
      const name = `graphql ${operation.name?.value ?? operation.operation}`;
      const result = await withSpan(
        name,
        { 'tributary.request': context.requestId },
        async () => (await enveloped.execute(args)) as ExecutionResult,
      );
      return { kind: 'result', result: this.format(result, context) };
    }
    context.deadline = null;
    const events = (await enveloped.subscribe(args)) as AsyncIterable<ExecutionResult> | ExecutionResult;
    if (Symbol.asyncIterator in events) {
      const failureOf = (error: unknown) =>
        new StreamFailure([formatError(error, { requestId: context.requestId, logger: context.logger })]);
      return {
        kind: 'stream',
        events: new FormattedEvents({
          events,
          signal: context.signal,
          format: (event) => this.format(event, context),
          failureOf,
        }),
      };
    }
    return { kind: 'refused', errors: this.format(events, context).errors ?? [], cause: null };
  }

  private format(result: ExecutionResult, context: OperationContext): FormattedResult {
    const facts = { requestId: context.requestId, logger: context.logger };
    const degraded = [...context.degraded.values()];
    context.degraded.clear();
    return {
      ...(result.errors && result.errors.length > 0
        ? { errors: result.errors.map((error) => formatError(error, facts)) }
        : {}),
      ...(result.data === undefined ? (result.errors ? { data: null } : {}) : { data: result.data }),
      ...(degraded.length > 0 ? { extensions: { degraded } } : {}),
    };
  }

  private refuse(error: unknown, request: OperationRequest): OperationOutcome {
    const facts = { requestId: request.requestId, logger: this.options.logger };
    const errors = error instanceof AggregateError ? error.errors : [error];
    return {
      kind: 'refused',
      errors: errors.map((each) => formatRequestError(each, facts, this.options.settings.suggestions)),
      cause: error,
    };
  }
}

interface Prepared {
  readonly enveloped: ReturnType<Engine['enveloped']>;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly context: OperationContext;
}

function chosenOperation(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  if (name !== undefined)
    throw new CodedError('INVALID_INPUT', 'The document has no operation of this name.', { field: 'operationName' });
  const several = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION).length > 1;
  throw new CodedError(
    'INVALID_INPUT',
    several ? 'The document has several operations: say which by "operationName".' : 'The document has no operation.',
    {
      field: several ? 'operationName' : 'query',
    },
  );
}
