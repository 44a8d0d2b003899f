const everyMs = 500;

/**
 * What a process keeps, apart from garbage that waits for its collection: the lowest heap in use of a while, read from
 * its `/metrics`. Its memory as a whole tells more of when V8 collects than of what is kept.
 */
export class LiveHeap {
  readonly #samples: number[] = [];
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;

  constructor(origin: string) {
    this.#url = `${origin}/metrics`;
    this.#timer = setInterval(() => void this.#sample(), everyMs);
  }

  /** Bytes: the lowest of the first half and of the second. */
  stop(): { readonly first: number; readonly second: number } {
    clearInterval(this.#timer);
    const middle = this.#samples.length / 2;
    return { first: Math.min(...this.#samples.slice(0, middle)), second: Math.min(...this.#samples.slice(middle)) };
  }

  async #sample(): Promise<void> {
    const text = await fetch(this.#url)
      .then((response) => response.text())
      .catch(() => '');
    const bytes = /^tributary_nodejs_heap_size_used_bytes\S* (\S+)/m.exec(text)?.[1];
    if (bytes) this.#samples.push(Number(bytes));
  }
}
