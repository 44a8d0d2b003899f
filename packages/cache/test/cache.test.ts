import { describe, expect, test } from '@jest/globals';
import { Cache, RangeChanges, readCacheConfig } from '@tributary/cache';
import type { CacheRequest, RangeChange, SharedAnswer, SharedLevel } from '@tributary/cache';
import { CodedError } from '@tributary/contracts/errors';

const hourMs = 3_600_000;
const scope = { workspaceId: '01900000-0000-7000-8000-000000000001' };
const other = { workspaceId: '01900000-0000-7000-8000-000000000002' };
const dayAgo = Date.now() - 24 * hourMs;
const yesterday = { from: dayAgo - 24 * hourMs, to: dayAgo };
const outage = new CodedError('SERVICE_UNAVAILABLE', 'The database is away.');

/** A log that tests write. */
class Log {
  readonly changes: RangeChange[] = [];
  oldest = 1;
  reads = 0;

  touch(from: number, to: number): void {
    this.changes.push({ sequence: this.changes.length + 1, spans: [{ from, to }] });
  }

  ranges(): RangeChanges {
    return new RangeChanges((_, after, limit) => {
      this.reads += 1;
      const changes = this.changes.filter(({ sequence }) => sequence > after).slice(0, limit);
      return Promise.resolve({ last: this.changes.length, oldest: this.oldest, changes });
    });
  }
}

/** What Redis would keep. */
class SharedMap implements SharedLevel {
  readonly kept = new Map<string, SharedAnswer>();

  get(key: string): Promise<SharedAnswer | null> {
    return Promise.resolve(this.kept.get(key) ?? null);
  }

  put(key: string, answer: SharedAnswer): void {
    this.kept.set(key, answer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function setUp({ times = { HOT: 30_000, WARM: 300_000, COLD: 1_800_000 }, shared = null as SharedLevel | null } = {}) {
  const log = new Log();
  const changes = log.ranges();
  const cache = new Cache({ maxBytes: 1_000_000, times }, shared);
  let computed = 0;
  const count = () => Promise.resolve((computed += 1));
  const ask = (more: Partial<CacheRequest> = {}, compute: () => Promise<unknown> = count, of = scope) =>
    cache.cached(
      of,
      { domain: 'test', scope: 'count', asked: 1, kind: 'COLD', range: yesterday, changes, maxAgeMs: null, ...more },
      compute,
    );
  return { log, cache, changes, ask, answer: async (...of: Parameters<typeof ask>) => (await ask(...of)).answer };
}

describe('an answer', () => {
  test('is given again to the same question, and to no other', async () => {
    const { answer } = setUp();
    expect([await answer(), await answer(), await answer({ asked: 2 }), await answer({ scope: 'sum' })]).toEqual([
      1, 1, 2, 3,
    ]);
  });

  test('is never given to another workspace', async () => {
    const { answer } = setUp({ shared: new SharedMap() });
    expect(await answer()).toBe(1);
    expect(await answer({}, undefined, other)).toBe(2);
  });

  test('is as old as the reader takes it, and new for one who takes none', async () => {
    const { answer } = setUp();
    expect(await answer()).toBe(1);
    expect(await answer({ maxAgeMs: 0 })).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await answer({ maxAgeMs: 20 })).toBe(3);
    expect(await answer({ maxAgeMs: 10_000 })).toBe(3);
  });

  test('is not kept for longer than its kind may be', async () => {
    const { answer } = setUp({ times: { HOT: 20, WARM: 300_000, COLD: 1_800_000 } });
    expect(await answer({ kind: 'HOT', maxAgeMs: 60_000 })).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await answer({ kind: 'HOT', maxAgeMs: 60_000 })).toBe(2);
  });

  test('is computed once for all who ask meanwhile', async () => {
    const { answer } = setUp();
    expect(await Promise.all(Array.from({ length: 20 }, () => answer()))).toEqual(Array(20).fill(1));
  });

  test('keeps its moments and its nulls on the way through what is shared', async () => {
    const shared = new SharedMap();
    const [here, there] = [setUp({ shared }), setUp({ shared })];
    const figures = { at: new Date(1_234), points: [{ at: new Date(0), value: null }], share: 0.1 };
    await here.answer({}, () => Promise.resolve(figures));
    expect(await there.answer({}, () => Promise.reject(new Error('It is there already.')))).toEqual(figures);
  });
});

describe('what changes', () => {
  test('ends the answers whose range it touches, and no others', async () => {
    const { answer, log } = setUp();
    const before = { from: yesterday.from - 24 * hourMs, to: yesterday.from };
    expect([await answer(), await answer({ asked: 'before', range: before })]).toEqual([1, 2]);
    log.touch(yesterday.from + hourMs, yesterday.from + 2 * hourMs);
    expect([await answer(), await answer({ asked: 'before', range: before })]).toEqual([3, 2]);
  });

  test('ends the answers of other processes too, and nothing computed behind it', async () => {
    const shared = new SharedMap();
    const [here, there] = [setUp({ shared }), setUp({ shared })];
    expect(await here.answer()).toBe(1);
    expect(await there.answer()).toBe(1);
    there.log.touch(yesterday.from, yesterday.to);
    expect(await there.answer()).toBe(1 /* its own first count */);
    expect(await there.answer()).toBe(1);
  });

  test('while an answer is computed ends it, though it was stored later', async () => {
    const { answer, log } = setUp();
    const late = await answer({}, () => {
      log.touch(yesterday.from, yesterday.to);
      return Promise.resolve('old');
    });
    expect([late, await answer()]).toEqual(['old', 1]);
  });

  test('all the time ends what reaches to the present once in 30 s, without a look at the log', async () => {
    const { answer, log } = setUp();
    const range = { from: dayAgo, to: Date.now() };
    expect(await answer({ kind: 'WARM', range })).toBe(1);
    const { reads } = log;
    log.touch(range.to - hourMs, range.to);
    expect(await answer({ kind: 'WARM', range })).toBe(1);
    expect(log.reads).toBe(reads);
  });

  test('and is not in the log any more, or too much to look through, ends everything', async () => {
    const { answer, log } = setUp();
    expect(await answer()).toBe(1);
    log.touch(0, 1);
    log.touch(0, 1);
    log.oldest = 2;
    expect(await answer()).toBe(2);
    for (let n = 0; n < 5_000; n += 1) log.touch(0, 1);
    expect(await answer()).toBe(3);
  });

  test('is remembered as a bounded number of spans; what is forgotten counts as changed', async () => {
    const { answer, log } = setUp();
    expect(await answer()).toBe(1);
    for (let n = 0; n < 1_500; n += 1) log.touch(n, n + 1);
    expect(await answer()).toBe(2);
    expect(await answer()).toBe(2);
  });
});

describe('when nothing can be computed', () => {
  const old = { HOT: 10, WARM: 10, COLD: 10 };

  test('an older answer serves, and says so', async () => {
    const { ask } = setUp({ times: { ...old, COLD: 20 } });
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await ask({}, () => Promise.reject(outage))).toEqual({ answer: 1, isDegraded: true });
  });

  test('whoever says how old it may be gets the failure', async () => {
    const { ask } = setUp({ times: { ...old, COLD: 20 } });
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 40));
    await expect(ask({ maxAgeMs: 20 }, () => Promise.reject(outage))).rejects.toBe(outage);
  });

  test('an answer of more than ten times its time does not serve', async () => {
    const { ask } = setUp({ times: old });
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await expect(ask({}, () => Promise.reject(outage))).rejects.toBe(outage);
  });

  test('since the question is wrong, no older answer serves', async () => {
    const { ask, log } = setUp();
    await ask();
    log.touch(yesterday.from, yesterday.to);
    const wrong = new CodedError('INVALID_INPUT', 'This is no question.', { field: 'range' });
    await expect(ask({}, () => Promise.reject(wrong))).rejects.toBe(wrong);
  });
});

test('a process that keeps nothing asks anew', async () => {
  const cache = new Cache({ ...readCacheConfig({}), maxBytes: 0 });
  const changes = new Log().ranges();
  const request: CacheRequest = {
    ...{ domain: 'test', scope: 'count', asked: 1, kind: 'COLD', range: yesterday, changes, maxAgeMs: null },
  };
  let computed = 0;
  for (let n = 0; n < 2; n += 1) await cache.cached(scope, request, () => Promise.resolve((computed += 1)));
  expect(computed).toBe(2);
});
