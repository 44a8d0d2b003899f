import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError, Deadline, newUuid, type Principal } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import { withSpan } from '@tributary/observability';
import { getOperationAST, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Standing } from '@tributary/limits';
import type { CallerBudgets } from '../budgets/CallerBudgets.js';
import type { Engine } from '../engine/createEngine.js';
import type { OperationContext } from '../engine/OperationContext.js';
import type { Caller } from '../identity.js';
import { Authority } from '../live/Authority.js';
import type { Feed } from '../live/Feed.js';
import { shareableOperation, sharedPrincipal, shareKey, type ShareableOperation } from '../live/sharedOperation.js';
import { SharedStreams } from '../live/SharedStreams.js';
import { startableDocument, type StartableDocument } from '../live/startableDocument.js';
import type { StreamField } from '../live/streamFields.js';
import type { GatewaySettings } from '../settings.js';
import { checkCost } from './checkCost.js';
import { checkVariables } from './checkInput.js';
import { Documents } from './Documents.js';
import { FormattedEvents } from './FormattedEvents.js';
import { formatError, formatRequestError } from './formatError.js';
import type { OperationParams } from './operationParams.js';
import { operationSeconds } from './operationMetrics.js';
import { mustBeStored } from './mustBeStored.js';
import { StreamFailure, type ClientEvents, type FormattedResult, type OperationOutcome } from './operationOutcome.js';
import type { StoredOperations } from './StoredOperations.js';
import { Turns } from './Turns.js';
import { withoutStacks } from './withoutStacks.js';

/** Of a document that is not valid, these are told: whoever mends it learns of the rest then. */
const mostErrors = 20;

export interface OperationRequest {
  readonly params: OperationParams;
  readonly caller: Caller;
  readonly requestId: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly ingest?: boolean;
  readonly readOnly?: boolean;
  /** Where a subscription to a stream goes on, whatever its document and variables say. */
  readonly resumeFrom?: string | null;
  /** Whether what a subscription was begun with still holds. Default: that of the identity in `caller`. */
  readonly authority?: Authority;
  /** Told how the caller's budgets stand, before anything is executed. */
  readonly onStandings?: (standings: readonly Standing[]) => void;
}

export interface OperationRunnerOptions {
  readonly engine: Engine;
  readonly streams: ReadonlyMap<string, StreamField>;
  readonly stored: StoredOperations;
  readonly budgets: CallerBudgets;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

/** One way for every operation, whatever protocol brought it: find the document, parse, check, validate, execute, format. */
export class OperationRunner {
  private inFlight = 0;
  private idle: (() => void)[] = [];
  private readonly shared: SharedStreams;
  private readonly startable = new WeakMap<OperationDefinitionNode, { readonly start: StartableDocument | null }>();
  private readonly shareable = new WeakMap<
    OperationDefinitionNode,
    { readonly operation: ShareableOperation | null }
  >();
  private readonly documents: Documents;
  private readonly newDocuments = new Turns();
  private readonly unshared = new Set<FormattedEvents>();
  private draining = false;

  constructor(private readonly options: OperationRunnerOptions) {
    this.documents = new Documents(options.settings.limits);
    this.shared = new SharedStreams(options.settings.live.ringEvents);
  }

  /** Never throws. */
  async run(request: OperationRequest): Promise<OperationOutcome> {
    this.inFlight += 1;
    const started = performance.now();
    let kind = 'none';
    let outcome: OperationOutcome;
    try {
      await this.turnFor(request.params);
      const principal = request.caller.identity?.principal;
      const prepared = principal
        ? await this.options.budgets.paidFor(principal, () => this.prepare(request), request.onStandings)
        : this.prepare(request);
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

  /** Ends every subscription with a code that tells its client to come back with its cursor. */
  async endStreams(): Promise<void> {
    this.draining = true;
    const drained = new Drained();
    this.shared.end(drained);
    for (const events of this.unshared) events.fail(drained);
    // Their readers write it in this turn of the event loop.
    await nextTurn();
  }

  /** What somebody sends for the first time costs milliseconds, and a thousand of these must leave room for everybody else. */
  private async turnFor({ query }: OperationParams): Promise<void> {
    const isNew = (): boolean => query !== undefined && !this.documents.find(query);
    if (isNew()) await this.newDocuments.take(isNew);
  }

  private prepare(request: OperationRequest): Prepared {
    const { engine, stored, settings } = this.options;
    const { variables = {}, operationName } = request.params;
    const { identity, refusal } = request.caller;
    const storedOnly = mustBeStored(identity?.principal ?? null, settings);
    const { query, stored: isStored, recordedCost } = stored.resolve(request.params, storedOnly);
    checkVariables(variables, settings.limits);
    const context: OperationContext = {
      principal: identity?.principal ?? null,
      refusal,
      requestId: request.requestId,
      deadline: Deadline.in(request.ingest ? settings.timeouts.ingestMs : settings.timeouts.operationMs),
      stored: isStored,
      ingest: request.ingest ?? false,
      readOnly: request.readOnly ?? false,
      position: null,
      signal: request.signal,
      logger: this.options.logger,
      degraded: new Map(),
    };
    const enveloped = engine.enveloped({ tributary: context });
    const document = this.documents.find(query) ?? this.readDocument(query, isStored, enveloped);
    const operation = chosenOperation(document, operationName);
    const schema = enveloped.schema as GraphQLSchema;
    const cost = checkCost({ schema, document, operation, variables }, recordedCost ?? settings.limits.cost);
    return { enveloped, text: query, document, operation, context, cost };
  }

  private readDocument(text: string, isStored: boolean, { schema, validate }: Prepared['enveloped']): DocumentNode {
    // The engine's own parse would keep every text in its cache, and every error with the text behind it.
    const document = withoutStacks(() => this.documents.parse(text, isStored));
    const options = { maxErrors: mostErrors, hideSuggestions: !this.options.settings.suggestions };
    const errors = withoutStacks(() => validate(schema, document, undefined, options) as readonly GraphQLError[]);
    if (errors.length > 0) throw new AggregateError(errors);
    this.documents.keep(text, document);
    return document;
  }

  private async execute(asked: Prepared, given: OperationRequest): Promise<OperationOutcome> {
    const { prepared, request } = this.started(asked, given);
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
    if (this.draining) return { kind: 'stream', events: this.endedByDrain(context) };
    const shareable = this.shareableIn(prepared);
    if (shareable && context.principal)
      return { kind: 'stream', events: this.watch(prepared, shareable, context.principal, request) };
    const events = (await enveloped.subscribe(args)) as AsyncIterable<ExecutionResult> | ExecutionResult;
    if (!(Symbol.asyncIterator in events))
      return { kind: 'refused', errors: this.format(events, context).errors ?? [], cause: null };
    const ended = (): void => void this.unshared.delete(formatted);
    const formatted = this.formatted(events, context, context.signal, authorityOf(request), ended);
    this.unshared.add(formatted);
    return { kind: 'stream', events: formatted };
  }

  /** A subscription to a stream, ready to begin where the client says. */
  private started(
    prepared: Prepared,
    request: OperationRequest,
  ): { readonly prepared: Prepared; readonly request: OperationRequest } {
    const { operation, document } = prepared;
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return { prepared, request };
    let known = this.startable.get(operation);
    if (!known) {
      known = { start: startableDocument(document, operation, this.options.streams) };
      this.startable.set(operation, known);
    }
    const { start } = known;
    if (!start) return { prepared, request };
    const { params, resumeFrom } = request;
    const variables = resumeFrom ? { ...params.variables, [start.afterVariable]: resumeFrom } : params.variables;
    return {
      prepared: { ...prepared, document: start.document, operation: start.operation },
      request: { ...request, params: { ...params, variables } },
    };
  }

  private shareableIn({ enveloped, document, operation }: Prepared): ShareableOperation | null {
    const { settings, streams } = this.options;
    if (!settings.live.shared) return null;
    let known = this.shareable.get(operation);
    if (!known) {
      known = { operation: shareableOperation(enveloped.schema as GraphQLSchema, document, operation, streams) };
      this.shareable.set(operation, known);
    }
    return known.operation;
  }

  private watch(prepared: Prepared, operation: ShareableOperation, principal: Principal, request: OperationRequest) {
    const { params, requestId, signal } = request;
    const { [operation.afterVariable ?? '']: given, ...variables } = params.variables ?? {};
    const after = operation.afterVariable === null ? null : (given ?? null);
    // What is no cursor at all is for the graph to refuse.
    if (after !== null && typeof after !== 'string')
      throw new CodedError('INVALID_INPUT', '`after` must be a cursor.', { field: 'after' });
    const common = sharedPrincipal(principal);
    return this.shared.watch({
      key: shareKey(common, prepared.text, params.operationName, variables),
      operation,
      after,
      signal,
      authority: authorityOf(request),
      failureOf: (error) => (error instanceof StreamFailure ? error : this.failureOf(error, requestId)),
      open: (cursor, ending) => {
        const from = operation.afterVariable === null ? {} : { [operation.afterVariable]: cursor };
        return this.openFeed(
          prepared,
          common,
          { ...request, params: { ...params, variables: { ...variables, ...from } } },
          ending,
        );
      },
    });
  }

  /** One execution of a shared operation, for nobody in particular. */
  private async openFeed(
    prepared: Prepared,
    principal: Principal,
    request: OperationRequest,
    ending: AbortSignal,
  ): Promise<Feed> {
    const left = new AbortController();
    const onEnding = (): void => left.abort();
    if (ending.aborted) left.abort();
    else ending.addEventListener('abort', onEnding, { once: true });
    const context: OperationContext = {
      ...prepared.context,
      principal,
      requestId: newUuid(),
      deadline: null,
      position: null,
      signal: left.signal,
      degraded: new Map(),
    };
    const close = async (): Promise<void> => {
      ending.removeEventListener('abort', onEnding);
      left.abort();
    };
    try {
      const enveloped = this.options.engine.enveloped({ tributary: context });
      const answer = (await enveloped.subscribe({
        schema: enveloped.schema as GraphQLSchema,
        document: prepared.document,
        contextValue: (await enveloped.contextFactory()) as unknown,
        variableValues: request.params.variables,
        operationName: request.params.operationName,
      })) as AsyncIterable<ExecutionResult> | ExecutionResult;
      if (!(Symbol.asyncIterator in answer)) throw new StreamFailure(this.format(answer, context).errors ?? []);
      const events = this.formatted(answer, context, left.signal, null);
      return {
        next: async () => {
          const step = await events.next();
          if (step.done) return null;
          if (!context.position) throw new Error('An event of a stream has no position.');
          return { result: step.value, position: context.position };
        },
        close,
      };
    } catch (error) {
      await close();
      if (error instanceof StreamFailure) throw error;
      const refused = this.refuse(error, request);
      throw new StreamFailure(refused.kind === 'refused' ? refused.errors : []);
    }
  }

  private endedByDrain(context: OperationContext): ClientEvents {
    const nothing = async function* (): AsyncGenerator<never> {};
    const events = this.formatted(nothing(), context, context.signal, null);
    events.fail(new Drained());
    return events;
  }

  private formatted(
    events: AsyncIterable<ExecutionResult>,
    context: OperationContext,
    signal: AbortSignal,
    authority: Authority | null,
    onEnd: () => void = () => undefined,
  ): FormattedEvents {
    return new FormattedEvents({
      events,
      signal,
      authority,
      onEnd,
      format: (event) => this.format(event, context),
      cursorOf: () => context.position?.cursor ?? null,
      failureOf: (error) => this.failureOf(error, context.requestId),
    });
  }

  private failureOf(error: unknown, requestId: string): StreamFailure {
    return new StreamFailure(
      [formatError(error, { requestId, logger: this.options.logger })],
      error instanceof Drained,
    );
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

function authorityOf({ caller, authority }: OperationRequest): Authority {
  return authority ?? new Authority(() => caller.identity);
}

class Drained extends CodedError {
  constructor() {
    super('SERVICE_UNAVAILABLE', 'This gateway is being stopped. Subscribe again with your last cursor.', {
      reason: 'drain',
    });
  }
}

interface Prepared {
  readonly enveloped: ReturnType<Engine['enveloped']>;
  readonly text: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly context: OperationContext;
  readonly cost: number;
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
