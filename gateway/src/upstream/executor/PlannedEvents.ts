import type { ExecutionResult } from 'graphql';

/** The events of a subscription, each completed by what its plan joins to it. */
export class PlannedEvents implements AsyncIterableIterator<ExecutionResult, undefined> {
  private readonly source: AsyncIterator<ExecutionResult>;

  constructor(
    events: AsyncIterable<ExecutionResult>,
    private readonly complete: (event: ExecutionResult) => Promise<ExecutionResult>,
  ) {
    this.source = events[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const step = await this.source.next();
    if (step.done) return { value: undefined, done: true };
    return { value: await this.complete(step.value), done: false };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    await this.source.return?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
