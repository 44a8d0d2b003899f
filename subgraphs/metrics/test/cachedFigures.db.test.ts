import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import pg from 'pg';
import type { Principal } from '@tributary/contracts/principal';
import { ask, codesOf, person, requestOf } from '@tributary/kit/world';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

const hourMs = 3_600_000;
let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const kpis = `query ($range: TimeRange!, $filter: MetricFilter, $exact: Boolean! = false, $age: Int) {
  kpis(range: $range, filter: $filter, exact: $exact, maxAgeSeconds: $age) {
    range { from to } freshAsOf computedAt requests { value previous } latencyMs { p50 p95 relativeError }
  }
}`;

async function send(operator: Principal, ...startedAt: Date[]): Promise<void> {
  const traces = startedAt.map((at) => trace({ startedAt: at.toISOString() }));
  const { data } = await ask(world, operator, ingest, { traces });
  expect(data.ingestTraces.accepted).toBe(startedAt.length);
}

async function kpisOf(operator: Principal, variables: Record<string, unknown>) {
  const { data, errors } = await ask(world, operator, kpis, variables);
  expect(errors).toBeUndefined();
  return data.kpis;
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * hourMs);
const day = { range: { last: 'DAY' } };

describe('figures of the last day', () => {
  test('are computed once for all who look meanwhile, and say when; with maxAgeSeconds 0 they are new', async () => {
    const [one, other] = [person(), person()].map((each, _, all) => ({ ...each, workspaceId: all[0]!.workspaceId }));
    await send(one!, hoursAgo(2));
    // Until both ask within the same half minute.
    let [first, second] = [await kpisOf(one!, day), await kpisOf(other!, day)];
    if (first.range.to !== second.range.to) [first, second] = [await kpisOf(one!, day), await kpisOf(other!, day)];
    expect(second).toEqual(first);
    expect(Date.parse(first.freshAsOf)).toBeLessThanOrEqual(Date.parse(first.computedAt));
    await send(one!, hoursAgo(3));
    const fresh = await kpisOf(one!, { ...day, age: 0 });
    expect(fresh.requests.value).toBe(2);
    expect(Date.parse(fresh.computedAt)).toBeGreaterThan(Date.parse(first.computedAt));
  });

  test('of two workspaces are never those of the other', async () => {
    const [one, other] = [person(newUuid()), person(newUuid())];
    await send(one, hoursAgo(2), hoursAgo(3));
    await send(other, hoursAgo(2));
    for (let n = 0; n < 2; n += 1) {
      expect((await kpisOf(one, day)).requests.value).toBe(2);
      expect((await kpisOf(other, day)).requests.value).toBe(1);
    }
  });
});

describe('figures of a period that is over', () => {
  const range = { from: hoursAgo(72).toISOString(), to: hoursAgo(48).toISOString() };
  const remembered = { range, age: 600 };

  test('are given again until something of it or of the period before comes, and then not once more', async () => {
    const operator = person(newUuid());
    await send(operator, hoursAgo(60));
    const first = await kpisOf(operator, remembered);
    await send(operator, hoursAgo(1));
    expect(await kpisOf(operator, remembered)).toEqual(first);
    await send(operator, hoursAgo(61));
    expect((await kpisOf(operator, remembered)).requests.value).toBe(2);
    await send(operator, hoursAgo(90));
    expect((await kpisOf(operator, remembered)).requests.previous).toBe(1);
  });

  test('named by their moments are computed anew each time', async () => {
    const operator = person(newUuid());
    await send(operator, hoursAgo(60));
    const [first, second] = [await kpisOf(operator, { range }), await kpisOf(operator, { range })];
    expect(Date.parse(second.computedAt)).toBeGreaterThan(Date.parse(first.computedAt));
  });

  test('are the same answer for a filter in another order, and another for another filter', async () => {
    const operator = person(newUuid());
    await send(operator, hoursAgo(60));
    const asked = (filter: object) => kpisOf(operator, { ...remembered, filter });
    const first = await asked({ agent: ['mapper', 'nobody'] });
    expect(await asked({ agent: ['nobody', 'mapper', 'mapper'], model: null })).toEqual(first);
    expect((await asked({ agent: ['nobody'] })).requests.value).toBe(0);
  });

  test('are not given to whoever may not read metrics, though they are there', async () => {
    const operator = person(newUuid());
    await send(operator, hoursAgo(60));
    await kpisOf(operator, remembered);
    const key: Principal = { ...operator, actor: { kind: 'apiKey', id: newUuid() }, scopes: ['trace.ingest'] };
    const answer = await ask(world, key, kpis, remembered);
    expect([answer.data?.kpis, codesOf(answer)]).toEqual([null, ['INSUFFICIENT_PERMISSIONS']]);
  });
});

test('figures that cannot be computed are given as they were, and the answer says so; not to whoever said how old they may be', async () => {
  const operator = person(newUuid());
  const report = `query ($age: Int) {
    monthlyReport(month: "2026-01", maxAgeSeconds: $age) { freshAsOf kpis { requests { value } } }
  }`;
  await send(operator, new Date('2026-01-10T10:00:00Z'));
  const { data: before } = await ask(world, operator, report);
  await send(operator, new Date('2026-01-11T10:00:00Z'));
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  await admin.query('revoke select on trace from app');
  try {
    expect(await ask(world, operator, report)).toEqual({ data: before, extensions: { stale: true } });
    expect(codesOf(await ask(world, operator, report, { age: 600 }))).toEqual(['DATABASE_ERROR']);
    expect(codesOf(await ask(world, operator, report, { age: 0 }))).toEqual(['DATABASE_ERROR']);
  } finally {
    await admin.query('grant select on trace to app');
    await admin.end();
  }
  const { data: after, extensions } = await ask(world, operator, report);
  expect([after.monthlyReport.kpis.requests.value, extensions]).toEqual([2, undefined]);
});

test('maxAgeSeconds is 0 to a day', async () => {
  for (const age of [-1, 86_401]) {
    const answer = await ask(world, person(newUuid()), kpis, { ...day, age });
    expect(codesOf(answer)).toEqual(['INVALID_INPUT']);
  }
});

describe('exact', () => {
  test('quantiles are those of each run, and say so', async () => {
    const operator = person(newUuid());
    const context = requestOf(operator);
    const traces = Array.from({ length: 9 }, (_, n) =>
      trace({ startedAt: '2026-01-10T10:00:00Z', durationMs: 101 + n }),
    );
    await ask(world, operator, ingest, { traces }, context);
    const range = { from: '2026-01-10T00:00:00Z', to: '2026-01-11T00:00:00Z' };
    const { latencyMs } = await kpisOf(operator, { range, exact: true });
    expect(latencyMs).toEqual({ p50: 105, p95: expect.closeTo(108.6, 6), relativeError: 0 });
  });
});
