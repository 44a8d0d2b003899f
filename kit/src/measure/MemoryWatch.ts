import { memoryByPart } from './processes.js';

/** Bytes by what holds them. */
type Memory = Record<string, number>;

/**
 * Looks at the memory of the system once a second, or at what `look` sees each `everyMs`, and keeps the most of each part. `total` is
 * the most of all at one moment.
 */
export class MemoryWatch {
  readonly #peak: Memory = {};
  readonly #look: () => Memory;
  readonly #timer: NodeJS.Timeout;

  constructor(look: () => Memory = memoryByPart, everyMs = 1_000) {
    this.#look = look;
    this.#timer = setInterval(() => this.now(), everyMs);
  }

  now(): Memory {
    const memory = this.#look();
    for (const [part, bytes] of Object.entries(memory)) this.#peak[part] = Math.max(this.#peak[part] ?? 0, bytes);
    return memory;
  }

  stop(): Memory {
    clearInterval(this.#timer);
    return this.#peak;
  }
}
