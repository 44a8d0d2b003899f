import type { ExecutionResult } from 'graphql';
import type { Authority } from '../callers/Authority.js';
import { endsStream } from '../upstream/repairs/markStreamEnds.js';
import { StreamFailure, type ClientEvents, type FormattedResult } from '../result/operationOutcome.js';
import { InterruptibleEvents } from '../result/InterruptibleEvents.js';

export interface FormattedEventsOptions {
  readonly events: AsyncIterable<ExecutionResult>;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  readonly format: (event: ExecutionResult) => FormattedResult;
  /** Of the event that is being formatted; null when it belongs to no stream. */
  readonly cursorOf: () => string | null;
  /** Whether this client may go on, asked right before each event is handed out. Null: whoever asks for them does that. */
  readonly authority: Authority | null;
  /** What a client is told when the stream itself broke. */
  readonly failureOf: (error: unknown) => StreamFailure;
  /** Called once, when it is over. */
  readonly onEnd: () => void;
}

/** The events of a subscription in their final form. */
export class FormattedEvents extends InterruptibleEvents<FormattedResult> implements ClientEvents {
  private readonly source: AsyncIterator<ExecutionResult>;
  private readonly onGone = (): void => void this.return();
  cursor: string | null = null;
  private ended = false;
  private failure: { readonly error: unknown } | null = null;
  private release: ((step: IteratorResult<FormattedResult, void>) => void) | null = null;

  constructor(private readonly options: FormattedEventsOptions) {
    super();
    this.source = options.events[Symbol.asyncIterator]();
    if (options.signal.aborted) queueMicrotask(this.onGone);
    else options.signal.addEventListener('abort', this.onGone, { once: true });
  }

  async next(): Promise<IteratorResult<FormattedResult, void>> {
    if (this.failure) throw this.fallen();
    if (this.ended) return { value: undefined, done: true };
    const stopped = new Promise<IteratorResult<FormattedResult, void>>((resolve) => (this.release = resolve));
    let step: IteratorResult<FormattedResult, void> = { value: undefined, done: true };
    try {
      step = await Promise.race([this.read(), stopped]);
    } catch (error) {
      if (!this.ended) {
        await this.return();
        throw error instanceof StreamFailure ? error : this.options.failureOf(error);
      }
    }
    if (this.failure) throw this.fallen();
    return step;
  }

  /** Ends it by force: its reader is told why. */
  fail(error: unknown): void {
    if (this.ended) return;
    this.failure = { error };
    void this.return();
  }

  async return(): Promise<IteratorResult<FormattedResult, void>> {
    const done = { value: undefined, done: true } as const;
    if (!this.ended) {
      this.end();
      this.release?.(done);
      // What upstream says to being told to stop is of no use to anyone.
      await Promise.resolve(this.source.return?.()).catch(() => undefined);
    }
    return done;
  }

  private async read(): Promise<IteratorResult<FormattedResult, void>> {
    const step = await this.source.next();
    if (step.done) {
      this.end();
      return { value: undefined, done: true };
    }
    const refusal = this.options.authority?.refusal();
    if (refusal) throw refusal;
    const result = this.options.format(step.value);
    if (result.data === undefined || result.data === null || step.value.errors?.some(endsStream))
      throw new StreamFailure(result.errors ?? []);
    this.cursor = this.options.cursorOf();
    return { value: result, done: false };
  }

  private fallen(): StreamFailure {
    const { error } = this.failure!;
    this.failure = null;
    return this.options.failureOf(error);
  }

  private end(): void {
    this.ended = true;
    this.options.onEnd();
    this.options.signal.removeEventListener('abort', this.onGone);
  }
}
