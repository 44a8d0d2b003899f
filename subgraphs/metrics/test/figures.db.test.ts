import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { figuresCommand, slidingFiguresCommand, spendCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { ask, codesOf, person, systemRequest } from '@tributary/kit/world';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

async function workspaceWith(traces: Record<string, unknown>[]): Promise<Principal> {
  const operator = person(newUuid());
  const { data } = await ask(world, operator, ingest, { traces });
  expect(data.ingestTraces.accepted).toBe(traces.length);
  return operator;
}

const kpis = `query ($from: DateTime!, $to: DateTime!, $filter: MetricFilter) {
  kpis(range: { from: $from, to: $to }, filter: $filter) {
    range { from to } freshAsOf latencyMs { p50 p95 p99 max }
    requests { ...all } errorRate { ...all } costUsd { ...all } inputTokens { ...all } outputTokens { ...all } activeAgents { ...all }
  }
}
fragment all on Kpi { value previous change }`;
const march = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' };

describe('kpis', () => {
  test('are what one computes by hand, with the period of the same length before', async () => {
    const today = (facts: object) => trace({ startedAt: '2026-03-02T10:00:00Z', ...facts });
    const yesterday = (facts: object) => trace({ startedAt: '2026-03-01T10:00:00Z', ...facts });
    const operator = await workspaceWith([
      today({ durationMs: 100, costUsd: 0.1, inputTokens: 10, outputTokens: 1 }),
      today({ durationMs: 200, costUsd: 0.2, inputTokens: 20, outputTokens: 2, agent: 'cleanser' }),
      today({ durationMs: 300, costUsd: 0.3, inputTokens: 30, outputTokens: 3, status: 'ERROR' }),
      today({ durationMs: 1_000, costUsd: 0, status: 'TIMEOUT', startedAt: march.from }),
      yesterday({ durationMs: 50, costUsd: 0.1, inputTokens: 6 }),
      yesterday({ status: 'ERROR', costUsd: 0.1, startedAt: '2026-03-01T00:00:00Z' }),
      // Outside of both periods: `to` itself, and before the earlier one.
      trace({ startedAt: march.to, costUsd: 99 }),
      trace({ startedAt: '2026-02-28T23:59:59.999Z', costUsd: 99 }),
    ]);
    const before = Date.now();
    const { data } = await ask(world, operator, kpis, march);
    const { freshAsOf, ...figures } = data.kpis;
    expect(Date.parse(freshAsOf)).toBeGreaterThanOrEqual(before);
    expect(figures).toEqual({
      range: march,
      requests: { value: 4, previous: 2, change: 1 },
      errorRate: { value: 0.5, previous: 0.5, change: 0 },
      // Linear between the nearest runs of 100, 200, 300, 1,000.
      latencyMs: { p50: 250, p95: expect.closeTo(895, 6), p99: expect.closeTo(979, 6), max: 1_000 },
      // Exact, as decimals: in binary floats 0.1 + 0.2 + 0.3 is another number.
      costUsd: { value: 0.6, previous: 0.2, change: expect.closeTo(2, 9) },
      inputTokens: { value: 60, previous: 6, change: 9 },
      outputTokens: { value: 6, previous: 0, change: null },
      activeAgents: { value: 2, previous: 1, change: 1 },
    });
  });

  test('without traffic counts are 0, and shares and quantiles null', async () => {
    const { data } = await ask(world, person(newUuid()), kpis, march);
    const none = { value: 0, previous: 0, change: null };
    expect(data.kpis).toMatchObject({
      requests: none,
      errorRate: { value: null, previous: null, change: null },
      latencyMs: { p50: null, p95: null, p99: null, max: null },
      costUsd: none,
      activeAgents: none,
    });
  });

  test('every part of the filter narrows', async () => {
    const flowId = `flow_${newUuid()}`;
    const fits = { agent: 'a', department: 'd', environment: 'e', model: 'm', version: 'v', flowId, status: 'ERROR' };
    const others = {
      agent: 'x',
      department: null,
      environment: 'x',
      model: 'x',
      version: 'x',
      flowId: null,
      status: 'OK',
    };
    const startedAt = march.from;
    const operator = await workspaceWith([
      trace({ startedAt, ...fits }),
      ...Object.keys(fits).map((field) => trace({ startedAt, ...fits, [field]: others[field as keyof typeof others] })),
    ]);
    const requests = async (filter: object) =>
      (await ask(world, operator, kpis, { ...march, filter })).data.kpis.requests.value;
    expect(await requests({})).toBe(8);
    for (const [field, value] of Object.entries(fits)) expect(await requests({ [field]: [value] })).toBe(7);
    const all = Object.fromEntries(Object.entries(fits).map(([field, value]) => [field, [value]]));
    expect(await requests(all)).toBe(1);
    expect(await requests({ agent: [] })).toBe(0);
  });

  test('another workspace’s traces do not count', async () => {
    await workspaceWith([trace({ startedAt: march.from })]);
    const { data } = await ask(world, person(newUuid()), kpis, march);
    expect(data.kpis.requests.value).toBe(0);
  });

  test('an empty, endless or reversed range is refused', async () => {
    const operator = person(newUuid());
    for (const range of [
      { from: march.from, to: march.from },
      { from: march.to, to: march.from },
      { from: '2000-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
    ]) {
      expect(codesOf(await ask(world, operator, kpis, range))).toEqual(['INVALID_INPUT']);
    }
  });
});

const series = `query ($metric: Metric!, $from: DateTime!, $to: DateTime!, $bucket: Bucket!, $groupBy: MetricDimension, $first: Int! = 10) {
  metricSeries(metric: $metric, range: { from: $from, to: $to }, bucket: $bucket, groupBy: $groupBy, first: $first) { key points { at value } }
}`;

describe('metricSeries', () => {
  test('points begin at whole UTC buckets, and only traces of the range count', async () => {
    const operator = await workspaceWith([
      trace({ startedAt: '2026-03-02T10:29:59Z' }), // before the range, inside its first bucket
      trace({ startedAt: '2026-03-02T10:30:00Z' }),
      trace({ startedAt: '2026-03-02T12:00:00Z', durationMs: 40 }),
      trace({ startedAt: '2026-03-02T12:59:59.999Z', durationMs: 60 }),
      trace({ startedAt: '2026-03-02T13:00:00Z' }), // `to` itself
    ]);
    const range = { from: '2026-03-02T10:30:00Z', to: '2026-03-02T13:00:00Z', bucket: 'HOUR' };
    const counts = await ask(world, operator, series, { metric: 'REQUESTS', ...range });
    expect(counts.data.metricSeries).toEqual([
      {
        key: null,
        points: [
          { at: '2026-03-02T10:00:00.000Z', value: 1 },
          { at: '2026-03-02T11:00:00.000Z', value: 0 },
          { at: '2026-03-02T12:00:00.000Z', value: 2 },
        ],
      },
    ]);
    const medians = await ask(world, operator, series, { metric: 'LATENCY_P50', ...range });
    expect(medians.data.metricSeries[0].points.map((point: { value: number }) => point.value)).toEqual([100, null, 50]);
    const rates = await ask(world, operator, series, { metric: 'ERROR_RATE', ...range });
    expect(rates.data.metricSeries[0].points.map((point: { value: number }) => point.value)).toEqual([0, null, 0]);
  });

  test('months are calendar months', async () => {
    const operator = await workspaceWith([
      trace({ startedAt: '2026-01-31T23:59:59Z', costUsd: 1.5 }),
      trace({ startedAt: '2026-03-01T00:00:00Z', costUsd: 2 }),
    ]);
    const { data } = await ask(world, operator, series, {
      metric: 'COST_USD',
      bucket: 'MONTH',
      from: '2026-01-15T00:00:00Z',
      to: '2026-04-01T00:00:00Z',
    });
    expect(data.metricSeries[0].points).toEqual([
      { at: '2026-01-01T00:00:00.000Z', value: 1.5 },
      { at: '2026-02-01T00:00:00.000Z', value: 0 },
      { at: '2026-03-01T00:00:00.000Z', value: 2 },
    ]);
  });

  test('groups come heaviest first, as many as asked for', async () => {
    const operator = await workspaceWith([
      trace({ model: 'cheap', costUsd: 0.1 }),
      trace({ model: 'cheap', costUsd: 0.1 }),
      trace({ model: 'dear', costUsd: 5 }),
      trace({ model: null, costUsd: 1 }),
    ]);
    const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z', bucket: 'DAY', groupBy: 'MODEL' };
    const keys = async (metric: string, first = 10) =>
      (await ask(world, operator, series, { metric, ...range, first })).data.metricSeries.map(
        (group: { key: string }) => group.key,
      );
    expect(await keys('COST_USD')).toEqual(['dear', null, 'cheap']);
    expect(await keys('COST_USD', 2)).toEqual(['dear', null]);
    expect(await keys('LATENCY_P95', 1)).toEqual(['cheap']);
    const { data } = await ask(world, operator, series, { metric: 'REQUESTS', ...range });
    expect(data.metricSeries[0]).toEqual({
      key: 'cheap',
      points: [
        { at: '2026-03-01T00:00:00.000Z', value: 2 },
        { at: '2026-03-02T00:00:00.000Z', value: 0 },
      ],
    });
    expect((await ask(world, person(newUuid()), series, { metric: 'REQUESTS', ...range })).data.metricSeries).toEqual(
      [],
    );
  });

  test('1,500 points are answered, 1,501 are refused', async () => {
    const operator = person(newUuid());
    const minutes = (count: number) => ({
      metric: 'REQUESTS',
      bucket: 'MINUTE',
      from: '2026-03-01T00:00:00Z',
      to: new Date(Date.parse('2026-03-01T00:00:00Z') + count * 60_000).toISOString(),
    });
    expect((await ask(world, operator, series, minutes(1_500))).data.metricSeries[0].points).toHaveLength(1_500);
    expect(codesOf(await ask(world, operator, series, minutes(1_501)))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await ask(world, operator, series, { ...minutes(5), first: 0 }))).toEqual(['INVALID_INPUT']);
  });
});

describe('metricBreakdown', () => {
  const breakdown = `query ($by: MetricDimension!, $first: Int! = 20) {
    metricBreakdown(by: $by, range: { from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" }, first: $first) {
      key requests errorRate latencyP95Ms costUsd share
    }
  }`;

  test('lists the dearest first, with their share of all cost', async () => {
    const operator = await workspaceWith([
      trace({ agent: 'a', costUsd: 1, durationMs: 10 }),
      trace({ agent: 'b', costUsd: 2, durationMs: 10, status: 'ERROR' }),
      trace({ agent: 'b', costUsd: 4, durationMs: 10 }),
      trace({ agent: 'c', costUsd: 1, durationMs: 10 }),
      trace({ agent: 'c', costUsd: 0, durationMs: 10 }),
    ]);
    const { data } = await ask(world, operator, breakdown, { by: 'AGENT', first: 2 });
    expect(data.metricBreakdown).toEqual([
      { key: 'b', requests: 2, errorRate: 0.5, latencyP95Ms: 10, costUsd: 6, share: 0.75 },
      { key: 'c', requests: 2, errorRate: 0, latencyP95Ms: 10, costUsd: 1, share: 0.125 },
    ]);
  });

  test('shares are 0 when nothing cost anything', async () => {
    const operator = await workspaceWith([trace({ agent: 'a' }), trace({ agent: 'b', status: 'TIMEOUT' })]);
    const { data } = await ask(world, operator, breakdown, { by: 'STATUS' });
    expect(data.metricBreakdown.map((group: { key: string; share: number }) => [group.key, group.share])).toEqual([
      ['OK', 0],
      ['TIMEOUT', 0],
    ]);
  });
});

describe('figures for alert rules', () => {
  test('agree with what people see', async () => {
    const operator = await workspaceWith([
      trace({ agent: 'a', status: 'ERROR' }),
      trace({ agent: 'a' }),
      trace({ agent: 'b' }),
    ]);
    const range = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-01T01:00:00Z') };
    const figures = (input: object) =>
      world.commands.call(
        figuresCommand,
        { metric: 'ERROR_RATE', groupBy: null, scope: null, ...range, ...input },
        systemRequest(operator.workspaceId),
      );
    expect(await figures({})).toEqual([{ key: null, value: expect.closeTo(1 / 3, 9) }]);
    expect(await figures({ groupBy: 'AGENT' })).toEqual([
      { key: 'a', value: 0.5 },
      { key: 'b', value: 0 },
    ]);
    expect(await figures({ scope: { agent: ['b'] }, metric: 'REQUESTS' })).toEqual([{ key: null, value: 1 }]);
    expect(await figures({ scope: { agent: ['nobody'] } })).toEqual([{ key: null, value: null }]);
  });

  test('sliding windows count each trace in every window that it falls in', async () => {
    const at = (seconds: number) =>
      trace({ startedAt: new Date(Date.parse('2026-03-01T00:00:00Z') + seconds * 1_000).toISOString() });
    const operator = await workspaceWith([at(0), at(59.999), at(60), at(150)]);
    const figures = await world.commands.call(
      slidingFiguresCommand,
      {
        metric: 'REQUESTS',
        groupBy: null,
        scope: null,
        firstEnd: new Date('2026-03-01T00:00:30Z'),
        count: 6,
        stepMs: 30_000,
        windowMs: 60_000,
      },
      systemRequest(operator.workspaceId),
    );
    // Windows end at 30, 60, 90, 120, 150 and 180 s, and hold the 60 s before.
    expect(figures.map(({ index, value }) => [index, value])).toEqual([
      [0, 1],
      [1, 2],
      [2, 2],
      [3, 1],
      [5, 1],
    ]);
  });
});

describe('the command spend', () => {
  const spend = (of: Principal, from: string, to: string, scope: object | null = null) =>
    world.commands.call(spendCommand, { scope, from: new Date(from), to: new Date(to) }, systemRequest(of.workspaceId));

  test('says what a period cost to the last digit, what of it has no price, and sees what has just come', async () => {
    const startedAt = '2026-03-02T10:00:00Z';
    const operator = await workspaceWith([
      trace({ startedAt, costUsd: 0.1, agent: 'a' }),
      trace({ startedAt, costUsd: 0.2, agent: 'b' }),
      trace({ startedAt, costUsd: null, model: 'of nobody', inputTokens: 1, agent: 'b' }),
      trace({ startedAt: march.to, costUsd: 5 }),
    ]);
    expect(await spend(operator, march.from, march.to)).toMatchObject({ costUsd: 0.3, unpricedRequests: 1 });
    expect(await spend(operator, march.from, march.to, { agent: ['b'] })).toMatchObject({ costUsd: 0.2 });
    expect(await spend(operator, '2026-03-04T00:00:00Z', '2026-03-05T00:00:00Z')).toMatchObject({
      costUsd: 0,
      unpricedRequests: 0,
    });
    await ask(world, operator, ingest, { traces: [trace({ startedAt, costUsd: 0.03 })] });
    const { costUsd, freshAsOf } = await spend(operator, march.from, march.to);
    expect([costUsd, Date.now() - new Date(freshAsOf).getTime() < 10_000]).toEqual([0.33, true]);
    expect(await spend(person(newUuid()), march.from, march.to)).toMatchObject({ costUsd: 0 });
  });
});
