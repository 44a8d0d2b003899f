import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { ask, person } from '@tributary/kit/world';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

const [hour, day] = [3_600_000, 86_400_000];
const admin = person(newUuid(), 'ADMIN');
/** Two days of ten have passed. */
const now = Date.now();
const from = Math.floor((now - 2 * day) / hour) * hour;
const range = { from: new Date(from).toISOString(), to: new Date(from + 10 * day).toISOString() };
const passedDays = (now - from) / day;
let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
  const at = (ms: number, costUsd: number) => trace({ startedAt: new Date(ms).toISOString(), costUsd });
  const traces = [
    // One an hour, the hour that goes on among them: should it end meanwhile, it has one, too.
    ...[...Array(49).keys()].map((n) => at(from + n * hour + 60_000, 1)),
    // Of the ten days before: one in the two days that are compared, and one behind them.
    at(from - 10 * day + hour, 4),
    at(from - day, 100),
  ];
  expect((await ask(world, admin, ingest, { traces })).data.ingestTraces.accepted).toBe(51);
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const asked = async (fields: string) =>
  (await ask(world, admin, `query ($range: TimeRange!) { ${fields} }`, { range })).data;

test('a period that is not over costs a day what it cost in the days that have passed', async () => {
  const { cost, performance } = await asked(
    'cost(range: $range) { range { from to } totalUsd { value } perDayUsd projectedMonthUsd } performance(range: $range) { perMinute }',
  );
  expect(cost).toMatchObject({ range, totalUsd: { value: 49 } });
  expect(cost.perDayUsd).toBeCloseTo(49 / passedDays, 1);
  expect(cost.projectedMonthUsd).toBeCloseTo((30 * 49) / passedDays, 0);
  expect(performance.perMinute).toBeCloseTo(49 / (passedDays * 1_440), 3);
});

test('it is compared with as much of the period before', async () => {
  const { kpis } = await asked(
    'kpis(range: $range) { costUsd { value previous change } requests { value previous } activeAgents { previous } }',
  );
  expect(kpis).toEqual({
    costUsd: { value: 49, previous: 4, change: 11.25 },
    requests: { value: 49, previous: 1 },
    activeAgents: { previous: 1 },
  });
});

test('one that has not begun has nothing to be compared with, and costs nothing', async () => {
  const later = { from: range.to, to: new Date(from + 20 * day).toISOString() };
  const { data } = await ask(
    world,
    admin,
    `query ($range: TimeRange!) { kpis(range: $range) { costUsd { value previous change } } cost(range: $range) { perDayUsd projectedMonthUsd }
       performance(range: $range) { perMinute } }`,
    { range: later },
  );
  expect(data).toEqual({
    kpis: { costUsd: { value: 0, previous: null, change: null } },
    cost: { perDayUsd: 0, projectedMonthUsd: null },
    performance: { perMinute: 0 },
  });
});

test('what has not come yet is not 0', async () => {
  const { metricSeries } = await asked(
    'metricSeries(metric: REQUESTS, range: $range, bucket: DAY) { points { at value } }',
  );
  const [{ points }] = metricSeries;
  const coming = points.filter(({ at }: { at: string }) => Date.parse(at) > now);
  expect(coming.length).toBeGreaterThan(6);
  expect(coming.every(({ value }: { value: number | null }) => value === null)).toBe(true);
  expect(points.slice(0, 2).every(({ value }: { value: number | null }) => value !== null)).toBe(true);
});

test('a trend of counts is one of whole points: the hour that goes on is no fall', async () => {
  const { trend, latency } = await asked(
    'trend(metric: REQUESTS, range: $range, bucket: HOUR) { slopePerDay direction outliers } latency: trend(metric: LATENCY_P50, range: $range, bucket: HOUR) { direction }',
  );
  expect(trend).toEqual({ slopePerDay: 0, direction: 'FLAT', outliers: [] });
  expect(latency).toEqual({ direction: 'FLAT' });
  const days = await asked('trend(metric: REQUESTS, range: $range, bucket: MONTH) { slopePerDay changeShare }');
  expect(days.trend).toEqual({ slopePerDay: null, changeShare: null });
});
