import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { ask, codesOf, person } from '@tributary/kit/world';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const setPrice = `mutation ($input: SetModelPriceInput!) { setModelPrice(input: $input) { modelPrice {
  model provider validFrom inputUsdPerMillion outputUsdPerMillion cachedInputUsdPerMillion cacheWriteUsdPerMillion } } }`;
const range = '{ from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }';
const costs = `query { kpis(range: ${range}) { costUsd { value } unpricedRequests }
  traces(range: ${range}) { nodes { externalId costUsd costSource } } }`;
const usage = { inputTokens: 1_000, outputTokens: 100, cachedInputTokens: 200 };
const price = {
  model: 'House-Model',
  inputUsdPerMillion: 3,
  outputUsdPerMillion: 12,
  validFrom: '2026-01-01T00:00:00.000Z',
};

async function costsOf(traces: Record<string, unknown>[], prices: Record<string, unknown>[] = []) {
  const admin = person(newUuid(), 'ADMIN');
  for (const input of prices) expect(codesOf(await ask(world, admin, setPrice, { input }))).toEqual([]);
  await ask(world, admin, ingest, { traces });
  const { kpis, traces: list } = (await ask(world, admin, costs)).data;
  return {
    kpis,
    nodes: (list.nodes as { externalId: string }[]).sort((a, b) => a.externalId.localeCompare(b.externalId)),
  };
}

test('a trace without a cost is priced, one that nobody has a price for says so, and none is taken for a saving', async () => {
  const { kpis, nodes } = await costsOf([
    trace({ externalId: 'a-sent', model: 'gpt-4o', costUsd: 0.5, ...usage }),
    trace({ externalId: 'b-priced', model: 'gpt-4o', provider: 'openai', ...usage }),
    trace({ externalId: 'c-unknown', model: 'nobody-knows-me', ...usage }),
    trace({ externalId: 'd-no-model', ...usage }),
    trace({ externalId: 'e-no-tokens', model: 'nobody-knows-me' }),
  ]);
  expect(nodes).toEqual([
    { externalId: 'a-sent', costUsd: 0.5, costSource: 'SENT' },
    { externalId: 'b-priced', costUsd: 0.00325, costSource: 'PRICED' },
    { externalId: 'c-unknown', costUsd: 0, costSource: 'UNPRICED' },
    { externalId: 'd-no-model', costUsd: 0, costSource: 'UNPRICED' },
    { externalId: 'e-no-tokens', costUsd: 0, costSource: 'PRICED' },
  ]);
  expect(kpis).toEqual({ costUsd: { value: 0.50325 }, unpricedRequests: 2 });
});

test('wherever costs or usage are shown, it is said how many runs are without a price', async () => {
  const admin = person(newUuid(), 'ADMIN');
  const flowId = `flow_${newUuid()}`;
  await ask(world, admin, ingest, {
    traces: [
      trace({ model: 'nobody-knows-me', flowId, ...usage }),
      trace({ model: 'gpt-4o', costUsd: 0.5, flowId, ...usage }),
    ],
  });
  const { data } = await ask(
    world,
    admin,
    `query { usage(range: ${range}) { unpricedRequests }
      metricBreakdown(range: ${range}, by: MODEL) { key costUsd unpricedRequests }
      _entities(representations: [{ __typename: "Flow", id: "${flowId}" }]) { ... on Flow { metrics { costUsd unpricedRequests } } } }`,
  );
  expect(data).toEqual({
    usage: { unpricedRequests: 1 },
    metricBreakdown: [
      { key: 'gpt-4o', costUsd: 0.5, unpricedRequests: 0 },
      { key: 'nobody-knows-me', costUsd: 0, unpricedRequests: 1 },
    ],
    _entities: [{ metrics: { costUsd: 0.5, unpricedRequests: 1 } }],
  });
});

test('a workspace’s own price counts before the table, from its moment on, and for nobody else', async () => {
  const traces = [
    trace({ externalId: 'a-before', model: 'house-model', startedAt: '2025-12-31T00:00:00.000Z', ...usage }),
    trace({ externalId: 'b-after', model: 'house-model-2026-02-01', ...usage }),
    trace({ externalId: 'c-known', model: 'gpt-4o', ...usage }),
  ];
  const { nodes } = await costsOf(traces, [
    price,
    { ...price, model: 'gpt-4o', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
  ]);
  expect(nodes).toEqual([
    { externalId: 'b-after', costUsd: 0.0042, costSource: 'PRICED' },
    { externalId: 'c-known', costUsd: 0, costSource: 'PRICED' },
  ]);
  expect((await costsOf(traces)).nodes.map((node) => (node as unknown as { costSource: string }).costSource)).toEqual([
    'UNPRICED',
    'PRICED',
  ]);
});

test('a changed price leaves what is stored as it was', async () => {
  const admin = person(newUuid(), 'ADMIN');
  await ask(world, admin, setPrice, { input: price });
  await ask(world, admin, ingest, { traces: [trace({ model: 'house-model', ...usage })] });
  const before = (await ask(world, admin, costs)).data.kpis;
  await ask(world, admin, setPrice, { input: { ...price, inputUsdPerMillion: 300 } });
  expect((await ask(world, admin, costs)).data.kpis).toEqual(before);
});

test('prices are listed, the newest first, over pages', async () => {
  const admin = person(newUuid(), 'ADMIN');
  for (const [model, year] of [
    ['b', 2024],
    ['a', 2025],
    ['a', 2026],
  ] as const)
    await ask(world, admin, setPrice, { input: { ...price, model, validFrom: `${year}-01-01T00:00:00.000Z` } });
  const page = `query ($after: Cursor) { modelPrices(first: 2, after: $after) { nodes { model provider validFrom } pageInfo { endCursor hasNextPage } } }`;
  const first = (await ask(world, admin, page)).data.modelPrices;
  const second = (await ask(world, admin, page, { after: first.pageInfo.endCursor })).data.modelPrices;
  expect([...first.nodes, ...second.nodes]).toEqual([
    { model: 'a', provider: null, validFrom: '2026-01-01T00:00:00.000Z' },
    { model: 'a', provider: null, validFrom: '2025-01-01T00:00:00.000Z' },
    { model: 'b', provider: null, validFrom: '2024-01-01T00:00:00.000Z' },
  ]);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test('a price is set once for a key, by an admin, and the audit trail says from what to what', async () => {
  const admin = person(newUuid(), 'ADMIN');
  const keyed = { ...price, idempotencyKey: 'one' };
  const first = (await ask(world, admin, setPrice, { input: keyed })).data.setModelPrice;
  expect(first.modelPrice).toEqual({
    model: 'house-model',
    provider: null,
    validFrom: '2026-01-01T00:00:00.000Z',
    inputUsdPerMillion: 3,
    outputUsdPerMillion: 12,
    cachedInputUsdPerMillion: null,
    cacheWriteUsdPerMillion: null,
  });
  expect((await ask(world, admin, setPrice, { input: keyed })).data.setModelPrice).toEqual(first);
  await ask(world, admin, setPrice, { input: { ...price, outputUsdPerMillion: 15 } });
  const operator = { ...admin, role: 'OPERATOR' } as const;
  expect(codesOf(await ask(world, operator, setPrice, { input: price }))).toEqual(['INSUFFICIENT_PERMISSIONS']);
  const client = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  const { rows } = await client.query(
    `select action, before ->> 'output' as before, after ->> 'output' as after from audit_entry where workspace_id = $1 order by number`,
    [admin.workspaceId],
  );
  await client.end();
  expect(rows).toEqual([
    { action: 'price.update', before: null, after: '12' },
    { action: 'price.update', before: '12', after: '15' },
  ]);
});

test.each([
  [{ model: ' ' }],
  [{ model: 'x'.repeat(201) }],
  [{ provider: '' }],
  [{ inputUsdPerMillion: -1 }],
  [{ outputUsdPerMillion: 2_000_000 }],
  [{ cachedInputUsdPerMillion: -0.1 }],
  [{ validFrom: '1980-01-01T00:00:00.000Z' }],
])('%j is refused', async (fault) => {
  const admin = person(newUuid(), 'ADMIN');
  expect(codesOf(await ask(world, admin, setPrice, { input: { ...price, ...fault } }))).toEqual(['INVALID_INPUT']);
});
