import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { ask, codesOf, person } from '@tributary/kit/world';
import type { Principal } from '@tributary/contracts/principal';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;
const admin: Principal = person(newUuid(), 'ADMIN');

beforeAll(async () => {
  world = await startMetricsWorld();
  const model = {
    model: 'gpt-4o',
    kind: 'MODEL',
    version: '1',
    sessionId: 'talk-1',
    userId: 'u-1',
    department: 'sales',
  };
  const traces = [
    trace({
      externalId: 'a',
      startedAt: '2026-03-02T00:00:00Z',
      durationMs: 300,
      inputTokens: 10,
      outputTokens: 5,
      costUsd: 3,
      ...model,
    }),
    trace({
      externalId: 'b',
      startedAt: '2026-03-03T00:00:00Z',
      durationMs: 100,
      inputTokens: 20,
      cachedInputTokens: 4,
      costUsd: 1,
      ...model,
      agent: 'writer',
    }),
    trace({
      externalId: 'c',
      startedAt: '2026-03-04T00:00:00Z',
      durationMs: 200,
      status: 'ERROR',
      inputTokens: 1,
      model: 'nobody-knows-me',
      agent: 'writer',
      sessionId: 'talk-2',
    }),
    trace({
      externalId: 'd',
      startedAt: '2026-01-04T00:00:00Z',
      durationMs: 50,
      costUsd: 0,
      agent: 'writer',
      version: '0',
      sessionId: 'talk-1',
    }),
  ];
  const sent = await ask(world, admin, ingest, { traces });
  expect(sent.data.ingestTraces.accepted).toBe(4);
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const march = 'range: { from: "2026-03-01T00:00:00Z", to: "2026-03-11T00:00:00Z" }';
const answer = async (fields: string, principal = admin) => (await ask(world, principal, `query { ${fields} }`)).data;

test('usage adds tokens up, the groups with the most first', async () => {
  const { usage } = await answer(`usage(${march}, by: AGENT) {
    requests { value } inputTokens { value previous } outputTokens { value } cachedInputTokens { value }
    groups { key requests inputTokens outputTokens cachedInputTokens share } }`);
  expect(usage).toEqual({
    requests: { value: 3 },
    inputTokens: { value: 31, previous: 0 },
    outputTokens: { value: 5 },
    cachedInputTokens: { value: 4 },
    groups: [
      { key: 'writer', requests: 2, inputTokens: 21, outputTokens: 0, cachedInputTokens: 4, share: 21 / 36 },
      { key: 'mapper', requests: 1, inputTokens: 10, outputTokens: 5, cachedInputTokens: 0, share: 15 / 36 },
    ],
  });
});

test('cost is told for a run, a day and a month, with what nobody has a price for', async () => {
  const { cost } = await answer(`cost(${march}, by: AGENT, first: 1) {
    totalUsd { value } unpricedRequests perRequestUsd perDayUsd projectedMonthUsd groups { key requests costUsd unpricedRequests share } }`);
  expect(cost).toEqual({
    totalUsd: { value: 4 },
    unpricedRequests: 1,
    perRequestUsd: 4 / 3,
    perDayUsd: 0.4,
    projectedMonthUsd: 12,
    groups: [{ key: 'mapper', requests: 1, costUsd: 3, unpricedRequests: 0, share: 0.75 }],
  });
  const short = 'range: { from: "2026-03-02T00:00:00Z", to: "2026-03-02T12:00:00Z" }';
  expect((await answer(`cost(${short}) { projectedMonthUsd groups { key } }`)).cost).toEqual({
    projectedMonthUsd: null,
    groups: [],
  });
});

test('performance tells how long it took, how it ended and what was slowest', async () => {
  const { performance } = await answer(`performance(${march}, by: STATUS) {
    latencyMs { p50 max } errorRate { value } perMinute slowest { externalId } groups { key requests errorRate latencyMs { max } } }`);
  expect(performance).toEqual({
    latencyMs: { p50: 200, max: 300 },
    errorRate: { value: 1 / 3 },
    perMinute: 3 / 14_400,
    slowest: [{ externalId: 'a' }, { externalId: 'c' }, { externalId: 'b' }],
    groups: [
      { key: 'OK', requests: 2, errorRate: 0, latencyMs: { max: 300 } },
      { key: 'ERROR', requests: 1, errorRate: 1, latencyMs: { max: 200 } },
    ],
  });
});

test('a trend of a month has a point for each day', async () => {
  const { trend } = await answer(
    `trend(metric: COST_USD, ${march}, bucket: DAY) { points { value } slopePerDay direction outliers }`,
  );
  expect(trend.points.map(({ value }: { value: number }) => value)).toEqual([0, 3, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(trend).toMatchObject({ direction: 'DOWN', outliers: [] });
});

test('a month’s report adds up to its days and its groups', async () => {
  const { monthlyReport } =
    await answer(`monthlyReport(month: "2026-03") { month isClosed kpis { range { from to } costUsd { value } }
    days { value } byAgent { key costUsd } byModel { key } byDepartment { key requests } byEnvironment { key } }`);
  expect(monthlyReport).toMatchObject({
    month: '2026-03',
    isClosed: true,
    kpis: { range: { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' }, costUsd: { value: 4 } },
    byAgent: [
      { key: 'mapper', costUsd: 3 },
      { key: 'writer', costUsd: 1 },
    ],
    byDepartment: [
      { key: 'sales', requests: 2 },
      { key: null, requests: 1 },
    ],
    byEnvironment: [{ key: null }],
  });
  expect(monthlyReport.days).toHaveLength(31);
  for (const month of ['2026-13', '2026-3', 'march', '1900-01'])
    expect(codesOf(await ask(world, admin, `query { monthlyReport(month: "${month}") { month } }`))).toEqual([
      'INVALID_INPUT',
    ]);
});

test('agents and departments of a period are listed by name, with what is known of them', async () => {
  const { agents, departments } =
    await answer(`agents(${march}) { nodes { name versions models departments firstSeenAt lastSeenAt
    kpis(${march}) { requests { value } } } pageInfo { hasNextPage } } departments(${march}) { name agents models }`);
  expect(agents.nodes).toEqual([
    {
      name: 'mapper',
      versions: ['1'],
      models: ['gpt-4o'],
      departments: ['sales'],
      firstSeenAt: '2026-03-02T00:00:00.000Z',
      lastSeenAt: '2026-03-02T00:00:00.000Z',
      kpis: { requests: { value: 1 } },
    },
    {
      name: 'writer',
      versions: ['0', '1'],
      models: ['gpt-4o', 'nobody-knows-me'],
      departments: ['sales'],
      firstSeenAt: '2026-01-04T00:00:00.000Z',
      lastSeenAt: '2026-03-04T00:00:00.000Z',
      kpis: { requests: { value: 2 } },
    },
  ]);
  expect(departments).toEqual([{ name: 'sales', agents: ['mapper', 'writer'], models: ['gpt-4o'] }]);
  const page = `query ($after: Cursor) { agents(${march}, first: 1, after: $after) { nodes { name } pageInfo { endCursor } } }`;
  const first = (await ask(world, admin, page)).data.agents;
  expect((await ask(world, admin, page, { after: first.pageInfo.endCursor })).data.agents.nodes).toEqual([
    { name: 'writer' },
  ]);
});

test('sessions of a period have the totals of their whole life, and hide for whom they were', async () => {
  const fields =
    'nodes { sessionId user firstAt lastAt requests errors costUsd unpricedRequests inputTokens outputTokens traces(first: 2) { nodes { externalId } } }';
  const { agentSessions } = await answer(`agentSessions(${march}) { ${fields} }`);
  const talk1 = {
    sessionId: 'talk-1',
    user: 'u-1',
    firstAt: '2026-01-04T00:00:00.000Z',
    lastAt: '2026-03-03T00:00:00.000Z',
    requests: 3,
    errors: 0,
    costUsd: 4,
    unpricedRequests: 0,
    inputTokens: 30,
    outputTokens: 5,
    traces: { nodes: [{ externalId: 'b' }, { externalId: 'a' }] },
  };
  expect(agentSessions.nodes.map(({ sessionId }: { sessionId: string }) => sessionId)).toEqual(['talk-2', 'talk-1']);
  expect(agentSessions.nodes[1]).toEqual(talk1);
  const viewer = { ...admin, role: 'VIEWER' } as const;
  const one = 'query { agentSession(sessionId: "talk-1") { user requests } }';
  expect((await ask(world, viewer, one)).data.agentSession).toEqual({ user: '***', requests: 3 });
  expect(
    (await answer(`agentSessions(${march}, search: "ALK-1") { nodes { sessionId } }`)).agentSessions.nodes,
  ).toHaveLength(1);
  expect(
    (await answer(`agentSessions(${march}, user: "u-1") { nodes { sessionId } }`)).agentSessions.nodes,
  ).toHaveLength(1);
  const byUser = `query { agentSessions(${march}, user: "u-1") { nodes { sessionId } } }`;
  expect(codesOf(await ask(world, viewer, byUser))).toEqual(['INSUFFICIENT_PERMISSIONS']);
  const page = `query ($after: Cursor) { agentSessions(${march}, first: 1, after: $after) { nodes { sessionId } pageInfo { endCursor } } }`;
  const first = (await ask(world, admin, page)).data.agentSessions;
  expect((await ask(world, admin, page, { after: first.pageInfo.endCursor })).data.agentSessions.nodes).toEqual([
    { sessionId: 'talk-1' },
  ]);
  expect((await ask(world, person(newUuid()), one)).data.agentSession).toBeNull();
});

test('a range is its two ends or the last so long', async () => {
  await ask(world, admin, ingest, { traces: [trace({ startedAt: new Date(Date.now() - 120_000).toISOString() })] });
  expect((await answer('kpis(range: { last: HOUR }) { requests { value } }')).kpis.requests.value).toBe(1);
  for (const range of ['{}', '{ from: "2026-03-01T00:00:00Z" }', '{ last: DAY, from: "2026-03-01T00:00:00Z" }'])
    expect(codesOf(await ask(world, admin, `query { kpis(range: ${range}) { requests { value } } }`))).toEqual([
      'INVALID_INPUT',
    ]);
});
