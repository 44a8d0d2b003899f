import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { figuresCommand, slidingFiguresCommand } from '@tributary/contracts/commands';
import type { InputOf, WindowFigure } from '@tributary/contracts/commands';
import { ConsumerRunner } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { eventually, Random } from '@tributary/kit';
import { ask, person, systemRequest } from '@tributary/kit/world';
import pg from 'pg';
import { sealDays } from '../src/domain/rollup/sealDays.js';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;
let admin: pg.Client;

beforeAll(async () => {
  world = await startMetricsWorld();
  admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 60_000);

afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

type Person = ReturnType<typeof person>;
type Sliding = InputOf<typeof slidingFiguresCommand>;
const begin = Date.parse('2026-03-01T00:00:00Z');
const hour = 3_600_000;
const [second, minute] = [1_000, 60_000];

async function workspaceWith(traces: readonly Record<string, unknown>[]): Promise<Person> {
  const operator = person(newUuid());
  await send(operator, traces);
  return operator;
}

async function send(to: Person, traces: readonly Record<string, unknown>[]): Promise<void> {
  const { data } = await ask(world, to, ingest, { traces });
  expect(data.ingestTraces.rejected).toEqual([]);
}

function sliding(of: Person, input: Partial<Sliding>): Promise<WindowFigure[]> {
  const plain = { metric: 'REQUESTS', groupBy: null, scope: null, firstEnd: new Date(begin), count: 1 } as const;
  const all = { ...plain, stepMs: minute, windowMs: minute, ...input };
  return world.commands.call(slidingFiguresCommand, all, systemRequest(of.workspaceId));
}

function figures(of: Person, input: Partial<InputOf<typeof figuresCommand>>) {
  const range = { from: new Date(begin), to: new Date(begin + hour) };
  const all = { metric: 'REQUESTS', groupBy: null, scope: null, ...range, ...input } as const;
  return world.commands.call(figuresCommand, all, systemRequest(of.workspaceId));
}

const at = (ms: number, facts: Record<string, unknown> = {}) =>
  trace({ startedAt: new Date(begin + ms).toISOString(), ...facts });

test('a run longer than the window is seen when it ends, and by when it began where that is asked for', async () => {
  const operator = await workspaceWith([at(0, { durationMs: 20 * minute, status: 'TIMEOUT' })]);
  const ticks = { firstEnd: new Date(begin + 5 * minute), count: 6, stepMs: 5 * minute, windowMs: 5 * minute };
  const indexes = async (timeBasis?: 'STARTED' | 'ENDED') =>
    (await sliding(operator, { ...ticks, timeBasis })).map(({ index }) => index);
  expect(await indexes()).toEqual([0]);
  expect(await indexes('STARTED')).toEqual([0]);
  expect(await indexes('ENDED')).toEqual([4]);
});

test('by when they came in, only what came lately counts', async () => {
  const before = Date.now();
  const operator = await workspaceWith([at(0), at(hour)]);
  const window = { firstEnd: new Date(before + minute), windowMs: 2 * minute, timeBasis: 'INGESTED' } as const;
  expect(await sliding(operator, window)).toEqual([{ key: null, index: 0, value: 2 }]);
  expect(await sliding(operator, { ...window, firstEnd: new Date(before - minute) })).toEqual([]);
});

describe('of groups are answered', () => {
  test('those that meet the condition, worst first, however many are busier, and those that are asked for', async () => {
    const busy = Array.from({ length: 900 }, (_, n) => at(0, { agent: `busy ${n % 450}` }));
    const few = [
      at(0, { agent: 'rare', status: 'ERROR' }),
      at(0, { agent: 'half', status: 'ERROR' }),
      at(0, { agent: 'half' }),
      at(0, { agent: 'healed' }),
    ];
    const operator = await workspaceWith([...busy, ...few]);
    const condition = { comparison: 'ABOVE', threshold: 0.2 } as const;
    const rates = { metric: 'ERROR_RATE', groupBy: 'AGENT' } as const;
    expect(await figures(operator, { ...rates, condition, keys: ['rare', 'healed', 'gone'] })).toEqual([
      { key: 'rare', value: 1 },
      { key: 'half', value: 0.5 },
      { key: 'healed', value: 0 },
    ]);
    expect(await figures(operator, { ...rates, keys: ['half'] })).toEqual([{ key: 'half', value: 0.5 }]);
    expect(
      await figures(operator, { groupBy: 'AGENT', condition: { comparison: 'BELOW', threshold: 2 } }),
    ).toHaveLength(2);
    expect(await figures(operator, rates)).toHaveLength(453);
  });

  test('all windows of a group that meets the condition in one of them', async () => {
    const operator = await workspaceWith([
      at(0, { agent: 'bad', status: 'ERROR' }),
      at(minute, { agent: 'bad' }),
      at(0, { agent: 'good' }),
    ]);
    const input = {
      metric: 'ERRORS',
      groupBy: 'AGENT',
      firstEnd: new Date(begin + minute),
      count: 3,
      condition: { comparison: 'ABOVE', threshold: 0 },
    } as const;
    expect(await sliding(operator, input)).toEqual([
      { key: 'bad', index: 0, value: 1 },
      { key: 'bad', index: 1, value: 0 },
    ]);
    expect(await sliding(operator, { ...input, condition: null, keys: ['good'] })).toEqual([
      { key: 'good', index: 0, value: 0 },
    ]);
  });
});

test('what is too much is refused', async () => {
  const operator = person(newUuid());
  await expect(sliding(operator, { count: 10_001 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

describe('windows of any length are what one computes by hand, by start and by end', () => {
  const random = new Random(16);
  const lasting = () => (random.between(0, 12) === 0 ? random.between(0, 30 * hour) : random.between(0, 40 * minute));
  const traces = (count: number) =>
    Array.from({ length: count }, () => ({
      startedAt: new Date(begin + random.between(0, 72 * hour)).toISOString(),
      durationMs: lasting(),
      status: random.pick(['OK', 'OK', 'ERROR']),
      agent: random.pick(['a', 'b']),
      model: random.pick(['m', null]),
      costUsd: random.between(0, 1_000_000) / 1e7,
    }));
  type Sent = ReturnType<typeof traces>[number];

  /** Counts by hand; costs are exact in units of 10⁻⁷. */
  function byHand(sent: readonly Sent[], { firstEnd, count, stepMs, windowMs }: Sliding, basis: 'STARTED' | 'ENDED') {
    const rows: { key: string; index: number; requests: number; errors: number; cost: number; durations: number[] }[] =
      [];
    for (let index = 0; index < count; index += 1) {
      const end = firstEnd.getTime() + index * stepMs;
      for (const key of ['a', 'b']) {
        const held = sent.filter(({ startedAt, durationMs, agent }) => {
          const moment = Date.parse(startedAt) + (basis === 'ENDED' ? durationMs : 0);
          return agent === key && moment >= end - windowMs && moment < end;
        });
        const errors = held.filter(({ status }) => status !== 'OK').length;
        const cost = held.reduce((sum, { costUsd }) => sum + Math.round(costUsd * 1e7), 0);
        const durations = held.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
        if (held.length > 0) rows.push({ key, index, requests: held.length, errors, cost, durations });
      }
    }
    return rows;
  }

  async function compare(operator: Person, sent: readonly Sent[], times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      const windowMs = random.pick([minute, 10 * minute, 7 * hour + 1, 30 * hour]);
      const windows = {
        firstEnd: new Date(begin + random.between(0, 80 * hour)),
        count: random.pick([1, 5, 40]),
        stepMs: random.pick([10 * second, 5 * minute, 2 * hour + 17]),
        windowMs,
      };
      for (const timeBasis of ['STARTED', 'ENDED'] as const) {
        const input = { ...windows, groupBy: 'AGENT', timeBasis } as const;
        const expected = byHand(sent, { ...windows, metric: 'REQUESTS', groupBy: null, scope: null }, timeBasis);
        const [requests, errors, costs, p95] = await Promise.all(
          (['REQUESTS', 'ERRORS', 'COST_USD', 'LATENCY_P95'] as const).map((metric) =>
            sliding(operator, { ...input, metric }),
          ),
        );
        expect(requests).toEqual(expected.map(({ key, index, requests: value }) => ({ key, index, value })));
        expect(errors).toEqual(expected.map(({ key, index, errors: value }) => ({ key, index, value })));
        expect(costs!.map(({ value }) => Math.round(value! * 1e7))).toEqual(expected.map(({ cost }) => cost));
        p95!.forEach(({ value }, place) => {
          const exact = percentile(expected[place]!.durations, 0.95);
          expect(Math.abs(value! - exact)).toBeLessThanOrEqual(exact * 0.01);
        });
      }
    }
  }

  function percentile(sorted: readonly number[], share: number): number {
    const rank = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
    return low + (high - low) * (rank - Math.floor(rank));
  }

  test('before and after they are rolled up and sealed, and of what comes late then', async () => {
    const sent = traces(600);
    const operator = await workspaceWith(sent.map((each) => trace(each)));
    await compare(operator, sent, 4);
    await rollUp(operator.workspaceId);
    await compare(operator, sent, 4);
    expect(await sealDays(world.database, world.logger)).toBeGreaterThanOrEqual(3);
    await compare(operator, sent, 8);
    const late = traces(100);
    await send(
      operator,
      late.map((each) => trace(each)),
    );
    sent.push(...late);
    await compare(operator, sent, 6);
  }, 120_000);

  test('a window is answered the same alone and among others', async () => {
    const operator = await workspaceWith(traces(400).map((each) => trace(each)));
    await rollUp(operator.workspaceId);
    const input = { metric: 'LATENCY_P95', groupBy: 'AGENT', timeBasis: 'ENDED' } as const;
    const windows = { firstEnd: new Date(begin + 30 * hour), stepMs: 5 * minute, windowMs: 26 * hour };
    const together = await sliding(operator, { ...input, ...windows, count: 20 });
    await sealDays(world.database, world.logger);
    const [first, tenth] = await Promise.all(
      [0, 10].map((index) => {
        const firstEnd = new Date(windows.firstEnd.getTime() + index * windows.stepMs);
        return sliding(operator, { ...input, ...windows, firstEnd });
      }),
    );
    const alone = (figuresOf: WindowFigure[]) => figuresOf.map(({ key, value }) => [key, value]);
    const among = (index: number) => alone(together.filter((each) => each.index === index));
    expect(alone(first!)).toEqual(among(0));
    expect(alone(tenth!)).toEqual(among(10));
  }, 60_000);
});

async function rollUp(workspaceId: string): Promise<void> {
  const [consumer] = world.definition.background(world).consumers;
  await using runner = new ConsumerRunner({ ...world, consumer: consumer!, pollMs: 20, gatherMs: 1 });
  runner.start();
  await eventually(async () => {
    const { rows } = await admin.query(
      `select h.last_seq = p.seq as is_done from stream_head h join consumer_position p using (workspace_id, stream_id)
       where h.workspace_id = $1 and h.stream_id = 'traces'`,
      [workspaceId],
    );
    expect(rows[0]?.is_done).toBe(true);
  });
}
