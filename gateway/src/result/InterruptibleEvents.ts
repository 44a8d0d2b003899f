/**
 * What makes an async generator of a class that says for itself what comes next and what ends it. A real generator that waits
 * for its next event holds back `return` until that comes, and a quiet subscription would outlive its client.
 */
export abstract class InterruptibleEvents<T> implements AsyncGenerator<T, void, void> {
  abstract next(): Promise<IteratorResult<T, void>>;

  /** Ends it, whatever it waits for. */
  abstract return(): Promise<IteratorResult<T, void>>;

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
