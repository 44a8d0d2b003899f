import { CodedError, errorRegister, isCodedError, type ErrorCode } from '@tributary/contracts/errors';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { ResumableDocument } from '../../operations/resumableDocument.js';
import type { StreamPosition } from '../../result/StreamPosition.js';

type Answer = ExecutionResult | AsyncIterable<ExecutionResult>;

export interface ResumedStreamOptions {
  readonly document: ResumableDocument;
  /** Subscribes upstream behind a cursor; null: as the client asked. */
  readonly open: (after: string | null) => Promise<Answer>;
  /** Told of each event before it is handed out. */
  readonly onPosition: (position: StreamPosition) => void;
  /** Told each time that upstream was lost. */
  readonly onLost: (reason: unknown) => void;
}

/**
 * How long an event whose parts its own subgraph could not read is asked for again. They lie in one database with the stream, so nothing
 * queues up behind it: while that is away there are no further events either. It outlasts a restart of PostgreSQL behind a pooler.
 */
const completeMs = 30_000;
const firstWaitMs = 50;
const longestWaitMs = 1_000;
/** Failures in a row, without an event between them, after which an error that is nobody's outage ends the stream. */
const patience = 5;

/**
 * One subscription to a stream, over any number of subscriptions upstream: whatever ends one of them, the next goes on
 * behind the last event that was handed out, for as long as the reader stays. Only a refusal ends it: an error that
 * trying again cannot change.
 */
export class ResumedStream implements AsyncIterableIterator<ExecutionResult> {
  private source: AsyncIterator<ExecutionResult> | null = null;
  private last: string | null = null;
  private failures = 0;
  private incompleteSince: number | null = null;
  private ended = false;
  private stopWaiting: (() => void) | null = null;

  constructor(private readonly options: ResumedStreamOptions) {}

  /** Subscribes upstream once. Answers the refusal when there is one; an outage is left to `next`. */
  async begin(): Promise<ExecutionResult | null> {
    return this.connect();
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    while (!this.ended) {
      if (!this.source) {
        if (this.failures > 0) await this.wait();
        if (this.ended) break;
        const refusal = await this.connect();
        if (refusal) return this.refuse(refusal);
        continue;
      }
      const step = await this.read(this.source);
      // A refusal is the last thing that is told, so it comes although nothing follows.
      if (step) return { value: step, done: false };
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.ended = true;
    this.stopWaiting?.();
    await this.leave();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async connect(): Promise<ExecutionResult | null> {
    let answer: Answer;
    try {
      answer = await this.options.open(this.last);
    } catch (error) {
      answer = { errors: [asGraphqlError(error)] };
    }
    if (!(Symbol.asyncIterator in answer)) {
      if (this.isFinal(answer)) return answer;
      this.lost(answer.errors);
      return null;
    }
    const source = answer[Symbol.asyncIterator]();
    // Whoever left while upstream was being opened must not keep it.
    if (this.ended) void source.return?.();
    else this.source = source;
    return null;
  }

  /** The next event; null: upstream was lost, or there is none. */
  private async read(source: AsyncIterator<ExecutionResult>): Promise<ExecutionResult | null> {
    let event: ExecutionResult;
    try {
      const step = await source.next();
      if (this.ended) return null;
      // A stream has no end of its own.
      if (step.done) {
        this.lost('ended');
        return null;
      }
      event = step.value;
    } catch (error) {
      this.lost(error);
      return null;
    }
    const data = event.data;
    const parts = data ? this.options.document.split(data) : null;
    if (!parts) {
      if (this.isFinal(event)) {
        await this.leave();
        this.ended = true;
        return event;
      }
      await this.leave();
      this.lost(event.errors);
      return null;
    }
    const { position } = parts;
    const follows = position.previousCursor === null || this.last === null || position.previousCursor === this.last;
    if (!follows || this.isToBeCompleted(event)) {
      await this.leave();
      this.lost(follows ? event.errors : 'an event did not follow the one before');
      return null;
    }
    this.last = position.cursor;
    this.failures = 0;
    if (!event.errors) this.incompleteSince = null;
    this.options.onPosition(position);
    return event.errors
      ? { ...event, data: parts.data, errors: event.errors.map(asUnavailable) }
      : { ...event, data: parts.data };
  }

  /** An event with parts that could not be read just now is asked for again, for a while; after it each event comes once, as it is. */
  private isToBeCompleted(event: ExecutionResult): boolean {
    if (!event.errors?.some((error) => isOutage(codeOf(error)))) return false;
    this.incompleteSince ??= performance.now();
    return performance.now() - this.incompleteSince < completeMs;
  }

  private isFinal({ errors }: ExecutionResult): boolean {
    if (!errors || errors.length === 0) return false;
    const code = codeOf(errors[0]);
    if (code === null || code === 'INTERNAL_ERROR') return this.last === null || this.failures >= patience;
    return !isOutage(code);
  }

  private refuse(refusal: ExecutionResult): IteratorResult<ExecutionResult, undefined> {
    this.ended = true;
    return { value: refusal, done: false };
  }

  private lost(reason: unknown): void {
    this.source = null;
    this.failures += 1;
    this.options.onLost(reason);
  }

  private async leave(): Promise<void> {
    const { source } = this;
    this.source = null;
    await Promise.resolve(source?.return?.()).catch(() => undefined);
  }

  /** Longer after each failure, and never two readers in step. */
  private async wait(): Promise<void> {
    const most = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.failures, 10));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, most * (0.5 + Math.random() / 2));
      timer.unref();
      this.stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.stopWaiting = null;
  }
}

function isOutage(code: ErrorCode | null): boolean {
  return code !== null && errorRegister[code].retryable && code !== 'RATE_LIMIT_EXCEEDED' && code !== 'BUDGET_EXCEEDED';
}

function codeOf(error: unknown): ErrorCode | null {
  for (let inner: unknown = error; typeof inner === 'object' && inner !== null;) {
    if (isCodedError(inner)) return inner.code;
    const { extensions, originalError } = inner as { extensions?: { code?: unknown } | null; originalError?: unknown };
    const code = extensions?.code;
    if (typeof code === 'string' && Object.hasOwn(errorRegister, code)) return code as ErrorCode;
    inner = originalError;
  }
  return null;
}

/** A part that was not to be had for a while is unavailable to the client, whatever failed behind it. */
export function asUnavailable(error: GraphQLError): GraphQLError {
  const code = codeOf(error);
  if (!isOutage(code) || code === 'SERVICE_UNAVAILABLE') return error;
  const unavailable = new CodedError(
    'SERVICE_UNAVAILABLE',
    'A part of this event could not be read. Ask for it later.',
    { reason: code },
  );
  return new GraphQLError(unavailable.message, { path: error.path, originalError: unavailable });
}

/** Whether an answer says that something cannot be had just now. */
export function tellsOfOutage(errors: readonly GraphQLError[] | undefined): boolean {
  return errors?.some((error) => isOutage(codeOf(error))) ?? false;
}

function asGraphqlError(error: unknown): GraphQLError {
  return new GraphQLError(error instanceof Error ? error.message : String(error), { originalError: error as Error });
}
