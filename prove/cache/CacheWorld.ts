import {
  Cache,
  RangeChanges,
  readCacheConfig,
  type CacheRequest,
  type RangeChange,
  type SharedLevel,
} from '@tributary/cache';
import { newUuid } from '@tributary/kernel';
import type { Random } from '@tributary/kit';
import type { Break } from './brokenCaches.ts';

const hourMs = 3_600_000;
/** So many workspaces, each with so many questions: few enough that answers are found, many enough that keys could meet. */
const workspaces = 50;
const questions = 40;

interface Value {
  readonly workspaceId: string;
  readonly question: number;
  /** How much of the log was in it, and when it was read, by the clock of `performance`. */
  readonly seen: number;
  readonly at: number;
}

export interface Findings {
  probes: number;
  found: number;
  foreign: number;
  /** Answers over a period that is over which lacked a change that had been there before they were asked for. */
  stale: number;
  /** Older than the reader took. */
  tooOld: number;
}

/** Processes that share what they keep, over logs of many workspaces that grow while they ask. */
export class CacheWorld {
  readonly findings: Findings = { probes: 0, found: 0, foreign: 0, stale: 0, tooOld: 0 };
  readonly #random: Random;
  readonly #broken: Break | null;
  readonly #processes: { readonly cache: Cache; readonly changes: RangeChanges }[];
  readonly #logs = new Map<string, RangeChange[]>();
  readonly #ids = Array.from({ length: workspaces }, () => newUuid());
  readonly #now = Date.now();

  constructor(random: Random, shared: readonly SharedLevel[], broken: Break | null) {
    this.#random = random;
    this.#broken = broken;
    // Little is kept here, so that much is asked of what is shared.
    const config = { ...readCacheConfig({}), maxBytes: 100_000 };
    this.#processes = shared.map((level) => ({
      cache: new Cache(config, broken?.shared ? broken.shared(level) : level),
      changes: new RangeChanges((scope, after, limit) => {
        const log = this.#logs.get(scope.workspaceId) ?? [];
        return Promise.resolve({ last: log.length, oldest: 1, changes: log.slice(after, after + limit) });
      }),
    }));
  }

  /** Something comes late, into a day that is over. */
  touch(): void {
    const id = this.#random.pick(this.#ids);
    const log = this.#logs.get(id) ?? [];
    this.#logs.set(id, log);
    const { from } = this.#rangeOf(this.#random.between(0, questions - 1));
    log.push({ sequence: log.length + 1, spans: [{ from: from + hourMs, to: from + 2 * hourMs }] });
  }

  async probe(): Promise<void> {
    const { findings } = this;
    const { cache, changes } = this.#random.pick(this.#processes);
    const workspaceId = this.#random.pick(this.#ids);
    const question = this.#random.between(0, questions - 1);
    const maxAgeMs = this.#random.pick([0, 50, 1_000, 60_000, null, null, null]);
    const range = this.#rangeOf(question);
    const asked = { question };
    const plain: CacheRequest = {
      ...{ domain: 'proof', scope: 'probe', asked, kind: 'COLD', range, changes, maxAgeMs },
    };
    const request = this.#broken?.request?.(plain) ?? plain;
    const scope = this.#broken?.scope?.({ workspaceId }) ?? { workspaceId };
    const log = this.#logs.get(workspaceId) ?? [];
    const [before, begun] = [log.length, performance.now()];
    const { answer } = await cache.cached(scope, request, async (): Promise<Value> => {
      const at = performance.now();
      return Promise.resolve({ workspaceId, question, seen: this.#logs.get(workspaceId)?.length ?? 0, at });
    });
    findings.probes += 1;
    if (answer.at < begun) findings.found += 1;
    if (answer.workspaceId !== workspaceId || answer.question !== question) findings.foreign += 1;
    else if (
      log
        .slice(answer.seen, before)
        .some(({ spans }) => spans.some((span) => span.from < range.to && span.to > range.from))
    )
      findings.stale += 1;
    // A millisecond is what two clocks of one process may differ by, and what Redis counts in.
    if (maxAgeMs !== null && begun - answer.at > maxAgeMs + 2) findings.tooOld += 1;
  }

  #rangeOf(question: number): { readonly from: number; readonly to: number } {
    const to = this.#now - (2 + question) * 24 * hourMs;
    return { from: to - 24 * hourMs, to };
  }
}
