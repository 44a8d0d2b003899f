import { backoffMs, Pause } from './backoff.js';
import type { Backoff } from './backoff.js';
import type { Connection, OperationResult } from './Connection.js';
import type { StreamEvent } from './events.js';
import type { SentDocument } from './operationDocument.js';
import { judgeErrors } from './refusals.js';
import { TributaryError } from './TributaryError.js';
import type { GraphqlError } from './TributaryError.js';

export interface SubscriptionRequest {
  /** Asked for once, before the first connection. */
  readonly document: () => Promise<SentDocument>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Where to go on; null begins with a snapshot. */
  readonly after: string | null;
  readonly retry: Backoff;
  /** Events that may wait to be read before the server is asked to stop. */
  readonly maxUnread: number;
  readonly signal?: AbortSignal;
  readonly onEnd: () => void;
}

/** Why one operation of a subscription is over; the subscription goes on with another unless it has ended. */
type Break =
  | { readonly because: 'lost' | 'completed' | 'gap' | 'unread' | 'ended' }
  | { readonly because: 'refused'; readonly errors: readonly GraphqlError[] };

/**
 * A subscription that outlives its connections. It holds a position, and takes an event only when that follows the
 * position, so whatever happens below, its reader gets each event once and in order.
 */
export class ResumingSubscription<Event extends StreamEvent> implements AsyncIterableIterator<
  Event,
  undefined,
  undefined
> {
  private position: string | null;
  private readonly unread: Event[] = [];
  private readonly readers: {
    resolve: (step: IteratorResult<Event, undefined>) => void;
    reject: (error: unknown) => void;
  }[] = [];
  private readonly backoff = new Pause();
  private readonly room = new Pause();
  private started = false;
  private ended = false;
  private error: TributaryError | null = null;
  private endOperation: (() => void) | null = null;
  /** Since something was taken last. */
  private breaksInARow = 0;
  private readonly abort = () => this.end();

  constructor(
    private readonly connection: Connection,
    private readonly request: SubscriptionRequest,
  ) {
    this.position = request.after;
    request.signal?.addEventListener('abort', this.abort);
    if (request.signal?.aborted) this.end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Nothing is sent before the first call. */
  next(): Promise<IteratorResult<Event, undefined>> {
    if (!this.started && !this.ended) {
      this.started = true;
      this.connection.acquire();
      void this.run();
    }
    const event = this.unread.shift();
    if (event) {
      if (this.unread.length === 0) this.room.wake();
      return Promise.resolve({ value: event, done: false });
    }
    if (this.error) {
      const { error } = this;
      this.error = null;
      return Promise.reject(error);
    }
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.readers.push({ resolve, reject }));
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    this.end();
    throw error;
  }

  /** Ends it for its reader, who is not owed what was not read. */
  end(): void {
    this.unread.length = 0;
    this.error = null;
    this.stop();
    for (const reader of this.readers.splice(0)) reader.resolve({ value: undefined, done: true });
  }

  /** Its reader gets what came before, then the error. */
  private fail(error: TributaryError): void {
    if (this.ended) return;
    const reader = this.readers.shift();
    if (reader) reader.reject(error);
    else this.error = error;
    this.stop();
    for (const other of this.readers.splice(0)) other.resolve({ value: undefined, done: true });
  }

  private stop(): void {
    if (this.ended) return;
    this.ended = true;
    this.request.signal?.removeEventListener('abort', this.abort);
    this.backoff.wake();
    this.room.wake();
    this.endOperation?.();
    if (this.started) this.connection.release();
    this.request.onEnd();
  }

  private async run(): Promise<void> {
    const document = await this.request.document().catch((error: unknown) => {
      this.fail(noDocument(error));
      return null;
    });
    while (document && !this.ended) {
      try {
        await this.connection.ready();
      } catch (error) {
        this.fail(error as TributaryError);
      }
      if (!this.ended) await this.recover(await this.operate(document));
    }
  }

  /** Reads until something breaks. */
  private operate(document: SentDocument): Promise<Break> {
    return new Promise((resolve) => {
      let over = false;
      let stop: (() => void) | null = null;
      const finish = (reason: Break) => {
        if (over) return;
        over = true;
        this.endOperation = null;
        stop?.();
        resolve(reason);
      };
      this.endOperation = () => finish({ because: 'ended' });
      stop = this.connection.subscribe(
        { ...document, variables: { ...this.request.variables, after: this.position } },
        {
          next: (result) => {
            const reason = over ? null : this.take(result);
            if (reason) finish(reason);
          },
          refused: (errors) => finish({ because: 'refused', errors }),
          // These streams have no end: it was a part of the server that ended.
          completed: () => finish({ because: 'completed' }),
          lost: () => finish({ because: 'lost' }),
          failed: (error) => {
            finish({ because: 'ended' });
            this.fail(error);
          },
        },
      );
      if (over) stop();
    });
  }

  private take(result: OperationResult): Break | null {
    // A subscription has one field.
    const answered = Object.values(result.data ?? {})[0] as Event | null | undefined;
    if (!answered) return { because: 'refused', errors: result.errors ?? [] };
    if (!isResumable(answered)) {
      this.fail(notResumable());
      return { because: 'ended' };
    }
    const event = result.errors?.length ? { ...answered, errors: result.errors } : answered;
    if (event.cursor === this.position) return null;
    if (!this.follows(event)) return { because: 'gap' };
    this.position = event.cursor;
    this.breaksInARow = 0;
    const reader = this.readers.shift();
    if (reader) reader.resolve({ value: event, done: false });
    else this.unread.push(event);
    return this.unread.length >= this.request.maxUnread ? { because: 'unread' } : null;
  }

  private follows(event: Event): boolean {
    if (event.type === 'stream.reset') return true;
    if (this.position === null) return event.type.startsWith('stream.');
    return event.previousCursor === this.position;
  }

  /** Waits as long as is due before the next operation. */
  private async recover(reason: Break): Promise<void> {
    switch (reason.because) {
      case 'ended':
      case 'lost':
        // The connection has a wait of its own.
        return;
      case 'unread':
        // graphql-ws cannot slow a server down: so what was not asked for is asked for again when there is room.
        if (this.unread.length > 0) await this.room.sleep(Infinity);
        return;
      case 'gap':
      case 'completed':
      case 'refused': {
        this.breaksInARow += 1;
        let retryAfterMs = 0;
        if (reason.because === 'refused') {
          const verdict = judgeErrors(reason.errors, this.breaksInARow);
          if ('error' in verdict) {
            this.fail(verdict.error);
            return;
          }
          ({ retryAfterMs } = verdict);
        } else if (this.breaksInARow === 1) {
          return;
        }
        await this.backoff.sleep(Math.max(retryAfterMs, backoffMs(this.breaksInARow, this.request.retry)));
      }
    }
  }
}

function isResumable(event: Partial<StreamEvent>): boolean {
  return typeof event.cursor === 'string' && typeof event.type === 'string' && event.previousCursor !== undefined;
}

function notResumable(): TributaryError {
  return new TributaryError(
    'INVALID_INPUT',
    'Events can be followed only when the document selects "cursor previousCursor type" and takes $after: Cursor.',
  );
}

function noDocument(error: unknown): TributaryError {
  if (error instanceof TributaryError) return error;
  return new TributaryError('INVALID_INPUT', `There is no document to send: ${String(error)}`);
}
