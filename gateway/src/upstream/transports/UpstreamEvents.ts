import { CodedError } from '@tributary/contracts/errors';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { InterruptibleEvents } from '../../result/InterruptibleEvents.js';

/** How many events of one subscription may wait for its reader. */
export const upstreamCredit = 256;

/**
 * The events of one upstream subscription on their way to one reader. graphql-ws has no flow control, so a reader that
 * falls `upstreamCredit` events behind gives up its upstream: it still gets what has arrived, in order, and then an error
 * that tells it to come back with its cursor. Nothing is skipped and memory is bounded.
 */
export class UpstreamEvents extends InterruptibleEvents<ExecutionResult> {
  private readonly unread: ExecutionResult[] = [];
  private waiting: ((step: IteratorResult<ExecutionResult, void>) => void)[] = [];
  private ended = false;

  /** `release` completes the subscription upstream. It is called at most once, and not after upstream has ended by itself. */
  constructor(private readonly release: () => void) {
    super();
  }

  push(event: ExecutionResult): void {
    if (this.ended) return;
    const reader = this.waiting.shift();
    if (reader) {
      reader({ value: event, done: false });
      return;
    }
    this.unread.push(event);
    if (this.unread.length >= upstreamCredit) this.giveUp();
  }

  /** The last thing that the reader gets, after all that is unread. */
  fail(error: CodedError): void {
    if (this.ended) return;
    this.push({ errors: [new GraphQLError(error.message, { originalError: error })] });
    this.end();
  }

  end(): void {
    this.ended = true;
    if (this.unread.length > 0) return;
    for (const reader of this.waiting) reader({ value: undefined, done: true });
    this.waiting = [];
  }

  private giveUp(): void {
    this.ended = true;
    const error = new CodedError(
      'SERVICE_UNAVAILABLE',
      'This subscription was read too slowly. Subscribe again from the last cursor that you got.',
      {
        reason: 'slow_reader',
      },
    );
    this.unread.push({ errors: [new GraphQLError(error.message, { originalError: error })] });
    this.release();
  }

  next(): Promise<IteratorResult<ExecutionResult, void>> {
    const event = this.unread.shift();
    if (event) return Promise.resolve({ value: event, done: false });
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.unread.length = 0;
    if (!this.ended) this.release();
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }
}
