import { memoryByPart } from './processes.ts';

const everyMs = 1_000;

/** Looks at the memory of the system once a second and keeps the most of each part. `total` is the most of all at one moment. */
export class MemoryWatch {
  readonly #peak: Record<string, number> = {};
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.now(), everyMs);
  }

  now(): Record<string, number> {
    const memory = memoryByPart();
    for (const [part, bytes] of Object.entries(memory)) this.#peak[part] = Math.max(this.#peak[part] ?? 0, bytes);
    return memory;
  }

  stop(): Record<string, number> {
    clearInterval(this.#timer);
    return this.#peak;
  }
}
