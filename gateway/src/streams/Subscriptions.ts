import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import { type Principal } from '@tributary/contracts/principal';
import type { Logger } from '@tributary/observability';
import type { ExecutionResult } from 'graphql';
import type { Engine } from '../upstream/Engine.js';
import type { OperationContext } from '../result/OperationContext.js';
import { Authority } from '../callers/Authority.js';
import type { Feed } from './shared/Feed.js';
import { sharedPrincipal, shareKey } from './shared/sharedOperation.js';
import { SharedStreams } from './shared/SharedStreams.js';
import type { ShareableOperation } from '../operations/shareableOperation.js';
import type { StreamOperation } from '../operations/streamOperation.js';
import type { GatewaySettings } from '../settings.js';
import { FormattedEvents } from './FormattedEvents.js';
import { formatError, formatRequestErrors } from '../result/formatError.js';
import { formatResult } from '../result/formatResult.js';
import { StreamFailure, type ClientEvents, type OperationOutcome } from '../result/operationOutcome.js';
import type { PreparedOperation } from '../upstream/PreparedOperation.js';
import type { OperationRequest } from '../operations/OperationRequest.js';

export interface SubscriptionsOptions {
  readonly engine: Engine;
  readonly settings: GatewaySettings;
  readonly logger: Logger;
}

/** Begins subscriptions, each from where its client stands: as a watcher of a shared execution where that is possible, else with one of its own. */
export class Subscriptions {
  private readonly shared: SharedStreams;
  private readonly unshared = new Set<FormattedEvents>();
  private draining = false;

  constructor(private readonly options: SubscriptionsOptions) {
    this.shared = new SharedStreams(options.settings.live.ringEvents);
  }

  /** Throws what the client asked for in vain. */
  async open(asked: PreparedOperation, request: OperationRequest): Promise<OperationOutcome> {
    const stream = asked.known.streamed;
    const prepared = stream ? startedAt(asked, stream, request.resumeFrom ?? null) : asked;
    const { context } = prepared;
    context.deadline = null;
    if (this.draining) return { kind: 'stream', events: this.endedByDrain(context) };
    if (stream?.share && this.options.settings.live.shared && context.principal)
      return { kind: 'stream', events: this.watch(prepared, stream.share, context.principal, request) };
    const events = await this.options.engine.subscribe(prepared);
    if (!(Symbol.asyncIterator in events))
      return { kind: 'refused', errors: formatResult(events, context).errors ?? [], cause: null };
    const ended = (): void => void this.unshared.delete(formatted);
    const formatted = this.formatted(events, context, authorityOf(request), ended);
    this.unshared.add(formatted);
    return { kind: 'stream', events: formatted };
  }

  /** Ends every subscription with a code that tells its client to come back with its cursor. */
  async end(): Promise<void> {
    this.draining = true;
    const drained = new Drained();
    this.shared.end(drained);
    for (const events of this.unshared) events.fail(drained);
    // Their readers write it in this turn of the event loop.
    await nextTurn();
  }

  private watch(
    prepared: PreparedOperation,
    operation: ShareableOperation,
    principal: Principal,
    request: OperationRequest,
  ): ClientEvents {
    const { [operation.afterVariable ?? '']: given, ...variables } = prepared.variables;
    const after = operation.afterVariable === null ? null : (given ?? null);
    // What is no cursor at all is for the graph to refuse.
    if (after !== null && typeof after !== 'string')
      throw new CodedError('INVALID_INPUT', '`after` must be a cursor.', { field: 'after' });
    const common = sharedPrincipal(principal);
    return this.shared.watch({
      key: shareKey(common, prepared.text, prepared.operationName, variables),
      operation,
      after,
      signal: request.signal,
      authority: authorityOf(request),
      failureOf: (error) => (error instanceof StreamFailure ? error : this.failureOf(error, request.requestId)),
      open: (cursor, ending) => {
        const from = operation.afterVariable === null ? {} : { [operation.afterVariable]: cursor };
        return this.openFeed({ ...prepared, variables: { ...variables, ...from } }, common, ending);
      },
    });
  }

  /** One execution of a shared operation, for nobody in particular. */
  private async openFeed(prepared: PreparedOperation, principal: Principal, ending: AbortSignal): Promise<Feed> {
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
      const answer = await this.options.engine.subscribe({ ...prepared, context });
      if (!(Symbol.asyncIterator in answer)) throw new StreamFailure(formatResult(answer, context).errors ?? []);
      const events = this.formatted(answer, context, null);
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
      throw new StreamFailure(formatRequestErrors(error, prepared.context, this.options.settings.suggestions));
    }
  }

  private endedByDrain(context: OperationContext): ClientEvents {
    const nothing = async function* (): AsyncGenerator<never> {};
    const events = this.formatted(nothing(), context, null);
    events.fail(new Drained());
    return events;
  }

  /** `authority`: null where whoever reads the events asks for it. */
  private formatted(
    events: AsyncIterable<ExecutionResult>,
    context: OperationContext,
    authority: Authority | null,
    onEnd: () => void = () => undefined,
  ): FormattedEvents {
    return new FormattedEvents({
      events,
      signal: context.signal,
      authority,
      onEnd,
      format: (event) => formatResult(event, context),
      cursorOf: () => context.position?.cursor ?? null,
      failureOf: (error) => this.failureOf(error, context.requestId),
    });
  }

  private failureOf(error: unknown, requestId: string): StreamFailure {
    const { logger } = this.options;
    return new StreamFailure([formatError(error, { requestId, logger })], error instanceof Drained);
  }
}

/** The subscription, to begin at `resumeFrom`, or where its own variables say. */
function startedAt(
  prepared: PreparedOperation,
  { document, operation, afterVariable }: StreamOperation,
  resumeFrom: string | null,
): PreparedOperation {
  const variables = resumeFrom ? { ...prepared.variables, [afterVariable]: resumeFrom } : prepared.variables;
  return { ...prepared, document, operation, variables };
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
