import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  InProcessCounters,
  RedisCounters,
  type Claim,
  type Counters,
  type RedisCountersOptions,
} from '@tributary/limits';
import { createLogger } from '@tributary/observability';
import { eventually, startTestRedis, type TestRedis } from '@tributary/kit';

let redis: TestRedis;
const logger = createLogger({ name: 'test', level: 'silent' });
const workspaceId = '01900000-0000-7000-8000-000000000001';
const other = '01900000-0000-7000-8000-000000000002';

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

let made = 0;
/** Each test has budgets of its own, because Redis is one for all. */
const claimOf = (points: number, seconds = 60, spent = 1): Claim => ({
  budget: { name: `test-${(made += 1)}`, points, seconds },
  workspaceId,
  identifier: 'key-1',
  points: spent,
});

const openRedis = async (options: Partial<RedisCountersOptions> = {}): Promise<RedisCounters> => {
  const counters = new RedisCounters({ url: redis.url, logger, pauseMs: 100, ...options });
  await eventually(() => expect(counters.isConnected()).toBe(true));
  return counters;
};

const stores: [string, () => Promise<Counters>][] = [
  ['in process', () => Promise.resolve(new InProcessCounters())],
  ['in Redis', () => openRedis()],
];

describe.each(stores)('counters %s', (_title, open) => {
  test('let through as many points as the budget has, and refuse the next until the window ends', async () => {
    await using counters = await open();
    const claim = claimOf(3, 1);
    const budgetStates = [];
    for (let n = 0; n < 4; n += 1) budgetStates.push(...(await counters.take([claim])));
    expect(budgetStates.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    expect(budgetStates[3]!.resetSeconds).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await counters.take([claim]))[0]).toMatchObject({ allowed: true, remaining: 2 });
  });

  test('never let through more than the budget, however many ask at once', async () => {
    await using counters = await open();
    const claim = claimOf(25);
    const budgetStates = await Promise.all(Array.from({ length: 200 }, () => counters.take([claim])));
    expect(budgetStates.flat().filter(({ allowed }) => allowed)).toHaveLength(25);
  });

  test('spend several budgets in one call, and tell of each', async () => {
    await using counters = await open();
    const [wide, narrow] = [claimOf(1_000, 60, 40), claimOf(10, 60, 40)];
    expect(await counters.take([wide, narrow])).toMatchObject([
      { budget: wide.budget, allowed: true, remaining: 960 },
      { budget: narrow.budget, allowed: false, remaining: 0 },
    ]);
  });

  test('keep workspaces, identifiers and budgets apart', async () => {
    await using counters = await open();
    const claim = claimOf(1);
    const others = [{ ...claim, workspaceId: other }, { ...claim, identifier: 'key-2' }, claimOf(1)];
    expect((await counters.take([claim, claim, ...others])).map(({ allowed }) => allowed)).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  test('only look when no points are claimed', async () => {
    await using counters = await open();
    const claim = claimOf(2);
    await counters.take([claim]);
    expect((await counters.take([{ ...claim, points: 0 }]))[0]).toMatchObject({ allowed: true, remaining: 1 });
    expect((await counters.take([claim]))[0]).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('begin a budget anew when it is forgotten', async () => {
    await using counters = await open();
    const claim = claimOf(1);
    await counters.take([claim]);
    await counters.take([claim]);
    await counters.forget(claim);
    expect((await counters.take([claim]))[0]).toMatchObject({ allowed: true });
  });
});

describe('counters in Redis', () => {
  test('count for all processes together', async () => {
    await using one = await openRedis();
    await using two = await openRedis();
    const claim = claimOf(2);
    await one.take([claim]);
    await two.take([claim]);
    expect((await one.take([claim]))[0]!.allowed).toBe(false);
    expect((await two.take([claim]))[0]!.allowed).toBe(false);
  });

  test('answer within the time limit, and count on in this process, while Redis is frozen or dead', async () => {
    await using broken = await startTestRedis();
    await using counters = await openRedis({ url: broken.url, timeoutMs: 200, pauseMs: 300 });
    broken.freeze();
    const claim = claimOf(3);
    const started = performance.now();
    const frozen = [];
    for (let n = 0; n < 20; n += 1) frozen.push((await counters.take([claim]))[0]!.allowed);
    expect(frozen).toEqual([true, true, true, ...Array<boolean>(17).fill(false)]);
    // One wait for Redis, not one for each.
    expect(performance.now() - started).toBeLessThan(700);
    await broken.kill();
    expect((await counters.take([claim]))[0]!.allowed).toBe(false);
    await broken.restart();
    await eventually(() => expect(counters.isConnected()).toBe(true));
    expect((await counters.take([claim]))[0]).toMatchObject({ allowed: true, remaining: 2 });
  });
});
