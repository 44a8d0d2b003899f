import { RangeChanges, type CacheRequest, type SharedAnswer, type SharedLevel } from '@tributary/cache';
import type { TenantScope } from '@tributary/data';

/** A cache with one rule taken away. The proof must find foreign values, or older ones than were asked for. */
export interface Break {
  readonly name: string;
  readonly scope?: (scope: TenantScope) => TenantScope;
  readonly request?: (request: CacheRequest) => CacheRequest;
  readonly shared?: (shared: SharedLevel) => SharedLevel;
}

const oneForAll = '01900000-0000-7000-8000-000000000000';
const nothingChanges = new RangeChanges(() => Promise.resolve({ last: 0, oldest: 1, changes: [] }));

/** What lies in Redis counts as new, whenever it was computed. */
class Ageless implements SharedLevel {
  readonly #shared: SharedLevel;

  constructor(shared: SharedLevel) {
    this.#shared = shared;
  }

  async get(key: string): Promise<SharedAnswer | null> {
    const found = await this.#shared.get(key);
    return found && { ...found, bornAt: performance.now() };
  }

  put(key: string, answer: SharedAnswer, lifeMs: number): void {
    this.#shared.put(key, answer, lifeMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shared[Symbol.asyncDispose]();
  }
}

export const brokenCaches: readonly Break[] = [
  { name: 'the workspace in a key', scope: (scope) => ({ ...scope, workspaceId: oneForAll }) },
  { name: 'what is asked in a key', request: (request) => ({ ...request, asked: 'anything' }) },
  { name: 'what has changed', request: (request) => ({ ...request, changes: nothingChanges }) },
  { name: 'how old the reader takes it', request: (request) => ({ ...request, maxAgeMs: null }) },
  { name: 'the age of what others computed', shared: (shared) => new Ageless(shared) },
];
