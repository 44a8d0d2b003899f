import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { existingCommand } from '@tributary/contracts/commands';
import { encodeCursor, newUuid } from '@tributary/kernel';
import { ask, codesOf, person, systemRequest } from '@tributary/kit/world';
import { traceIdOf } from '../src/storage/traceId.js';
import { totals } from '../src/storage/figureStatements.js';
import { listTraces } from '../src/storage/traceStatements.js';
import { windowParts } from '../src/storage/windows/windowParts.js';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const list = `query ($first: Int! = 50, $after: Cursor, $filter: MetricFilter) {
  traces(range: { from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" }, first: $first, after: $after, filter: $filter) {
    edges { cursor node { id externalId } } nodes { externalId startedAt flowId costUsd attributes flow { id } }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`;

test('traces come newest first and page by page, also where many began in one millisecond', async () => {
  const operator = person(newUuid());
  const traces = Array.from({ length: 25 }, (_, index) =>
    trace({
      externalId: `t${index}`,
      startedAt: new Date(Date.parse('2026-03-01T08:00:00Z') + Math.floor(index / 10)).toISOString(),
    }),
  );
  await ask(world, operator, ingest, { traces: [...traces, trace({ startedAt: '2026-03-02T00:00:00Z' })] });
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 5; page += 1) {
    const { data }: { data?: any } = await ask(world, operator, list, { first: 7, after });
    seen.push(...data.traces.nodes.map((node: { externalId: string }) => node.externalId));
    expect(data.traces.pageInfo.hasPreviousPage).toBe(page > 0);
    expect(data.traces.pageInfo.startCursor).toBe(data.traces.edges[0].cursor);
    after = data.traces.pageInfo.endCursor;
    if (!data.traces.pageInfo.hasNextPage) break;
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen).size).toBe(25);
  expect(seen[0]).toMatch(/^t2\d$/);
  expect(seen.at(-1)).toMatch(/^t\d$/);
});

test('traces are ranked by duration and by cost, page by page, and a cursor belongs to its order', async () => {
  const operator = person(newUuid());
  await ask(world, operator, ingest, {
    traces: Array.from({ length: 9 }, (_, index) =>
      trace({ externalId: `t${index}`, durationMs: (index * 4) % 9, costUsd: ((index * 7) % 9) / 1000 }),
    ),
  });
  const ranked = `query ($orderBy: TraceOrder!, $after: Cursor) {
    traces(range: { from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" }, orderBy: $orderBy, first: 4, after: $after) {
      nodes { durationMs costUsd } pageInfo { endCursor hasNextPage } } }`;
  for (const [orderBy, field] of [
    ['DURATION_DESC', 'durationMs'],
    ['COST_DESC', 'costUsd'],
  ] as const) {
    const seen: number[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { data }: { data?: any } = await ask(world, operator, ranked, { orderBy, after });
      seen.push(...data.traces.nodes.map((node: Record<string, number>) => node[field]!));
      after = data.traces.pageInfo.endCursor;
      more = data.traces.pageInfo.hasNextPage;
    }
    expect(seen).toHaveLength(9);
    expect(seen).toEqual(seen.toSorted((one, other) => other - one));
    expect(codesOf(await ask(world, operator, ranked, { orderBy: 'STARTED_DESC', after }))).toEqual(['INVALID_INPUT']);
  }
});

test('a flow has its traces, whenever they began, in one statement for all flows', async () => {
  const operator = person(newUuid());
  await ask(world, operator, ingest, {
    traces: Array.from({ length: 6 }, (_, index) =>
      trace({
        externalId: `t${index}`,
        flowId: `flow_${index % 2}`,
        durationMs: index,
        startedAt: new Date(Date.parse('2026-03-01T00:00:00Z') - index * 86_400_000).toISOString(),
      }),
    ),
  });
  const query = `query ($these: [_Any!]!, $orderBy: TraceOrder!, $first: Int!, $after: Cursor) { _entities(representations: $these) {
    ... on Flow { traces(orderBy: $orderBy, first: $first, after: $after) { nodes { externalId } pageInfo { endCursor hasNextPage } } } } }`;
  const these = ['flow_0', 'flow_1', 'flow_2'].map((id) => ({ __typename: 'Flow', id }));
  const namesOf = (data: any) =>
    data._entities.map((flow: any) => flow.traces.nodes.map((node: { externalId: string }) => node.externalId));
  world.statements.length = 0;
  const { data } = await ask(world, operator, query, { these, orderBy: 'DURATION_DESC', first: 2 });
  expect(namesOf(data)).toEqual([['t4', 't2'], ['t5', 't3'], []]);
  expect(world.statements).toEqual(['metrics.tracesOfFlows']);
  const first = await ask(world, operator, query, { these: these.slice(0, 1), orderBy: 'STARTED_DESC', first: 2 });
  expect(namesOf(first.data)).toEqual([['t0', 't2']]);
  const after = first.data['_entities'][0].traces.pageInfo.endCursor as string;
  const rest = await ask(world, operator, query, {
    these: these.slice(0, 1),
    orderBy: 'STARTED_DESC',
    first: 2,
    after,
  });
  expect(namesOf(rest.data)).toEqual([['t4']]);
  const stranger = await ask(world, person(newUuid(), 'OWNER'), query, { these, orderBy: 'COST_DESC', first: 2 });
  expect(namesOf(stranger.data)).toEqual([[], [], []]);
});

test('a cursor of another list and a size out of bounds are refused', async () => {
  const operator = person(newUuid());
  for (const variables of [
    { after: 'nonsense' },
    { after: Buffer.from('["trace","x","y"]').toString('base64url') },
    { after: Buffer.from(`["trace",1e300,"${newUuid()}"]`).toString('base64url') },
    { after: Buffer.from(`["trace",1,"${'-'.repeat(36)}"]`).toString('base64url') },
    { first: 101 },
  ]) {
    expect(codesOf(await ask(world, operator, list, variables))).toEqual(['INVALID_INPUT']);
  }
});

test('personal data in attributes is masked for who may not read it, in lists and one by one', async () => {
  const owner = person(newUuid(), 'OWNER');
  const attributes = { note: 'ask jane@acme.example', cores: 8 };
  await ask(world, owner, ingest, { traces: [trace({ externalId: 'told', attributes })] });
  const listed = async (principal: typeof owner) => (await ask(world, principal, list)).data.traces.nodes[0].attributes;
  expect(await listed(owner)).toEqual(attributes);
  const masked = { note: 'ask j***@acme.example', cores: 8 };
  const { id } = (await ask(world, owner, list)).data.traces.edges[0].node;
  for (const role of ['OPERATOR', 'VIEWER'] as const) {
    const other = { ...owner, role };
    expect(await listed(other)).toEqual(masked);
    const { data } = await ask(world, other, `query ($id: ID!) { trace(id: $id) { attributes } }`, { id });
    expect(data.trace.attributes).toEqual(masked);
  }
});

test('a filter that no trace can fit finds none', async () => {
  const operator = person(newUuid());
  await ask(world, operator, ingest, { traces: [trace()] });
  const { data, errors } = await ask(world, operator, list, { filter: { agent: ['mapper\0'] } });
  expect(errors).toBeUndefined();
  expect(data.traces.nodes).toEqual([]);
});

test('trace(id) answers what was sent; another workspace’s is null, what is no id is refused', async () => {
  const operator = person(newUuid());
  const sent = trace({
    externalId: 'whole',
    model: 'gpt',
    department: 'IT',
    inputTokens: 7,
    costUsd: 0.0000123,
    attributes: { nested: { list: [1] } },
  });
  await ask(world, operator, ingest, { traces: [sent] });
  const id: string = (await ask(world, operator, list)).data.traces.edges[0].node.id;
  const one = `query ($id: ID!) { trace(id: $id) { externalId startedAt durationMs status agent operation model department environment version inputTokens outputTokens costUsd attributes flowId flow { id } } }`;
  expect((await ask(world, operator, one, { id })).data.trace).toEqual({
    ...sent,
    environment: null,
    version: null,
    outputTokens: 0,
    flowId: null,
    flow: null,
  });
  expect((await ask(world, person(newUuid()), one, { id })).data).toEqual({ trace: null });
  expect((await ask(world, operator, one, { id: `flow_${newUuid()}` })).data).toEqual({ trace: null });
  expect(codesOf(await ask(world, operator, one, { id: 'nonsense' }))).toEqual(['INVALID_INPUT']);
});

test('a trace answers to the id that it had before ids were made of the time, and so does a cursor on it', async () => {
  const operator = person(newUuid());
  const traces = [1, 2, 3].map((n) => trace({ externalId: `t${n}`, startedAt: `2026-03-01T0${n}:00:00.000Z` }));
  await ask(world, operator, ingest, { traces });
  const oldId = newUuid();
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  await admin.query('insert into trace_alias (workspace_id, old_id, id) values ($1, $2, $3)', [
    operator.workspaceId,
    oldId,
    traceIdOf(new Date('2026-03-01T02:00:00.000Z'), 't2'),
  ]);
  await admin.end();
  const one = `query ($id: ID!) { trace(id: $id) { externalId } }`;
  expect((await ask(world, operator, one, { id: `trace_${oldId}` })).data.trace).toEqual({ externalId: 't2' });
  expect((await ask(world, person(newUuid()), one, { id: `trace_${oldId}` })).data.trace).toBeNull();
  const ids = [`trace_${oldId}`];
  expect(await world.commands.call(existingCommand.metrics, { ids }, systemRequest(operator.workspaceId))).toEqual(ids);
  const after = encodeCursor('trace', [Date.parse('2026-03-01T02:00:00.000Z'), oldId]);
  const { data } = await ask(world, operator, list, { after });
  expect(data.traces.nodes.map((node: { externalId: string }) => node.externalId)).toEqual(['t1']);
});

test('a page of 100 traces with their flows is one statement and one question, and unknown flows are null', async () => {
  const operator = person(newUuid());
  const [known, unknown] = [`flow_${newUuid()}`, `flow_${newUuid()}`];
  world.knownFlows.add(known);
  const flowIds = [known, unknown, 'partner run 7', null];
  await ask(world, operator, ingest, {
    traces: Array.from({ length: 100 }, (_, index) => trace({ flowId: flowIds[index % 4] })),
  });
  world.statements.length = 0;
  world.questions.length = 0;
  const { data, errors } = await ask(world, operator, list, { first: 100 });
  expect(errors).toBeUndefined();
  expect(world.statements).toEqual(['metrics.listTraces']);
  expect(world.questions).toHaveLength(1);
  expect(new Set(world.questions[0])).toEqual(new Set([known, unknown]));
  for (const node of data.traces.nodes) expect(node.flow).toEqual(node.flowId === known ? { id: known } : null);
});

test('the figures of 50 flows are one statement; a flow without traces has zeros and nulls', async () => {
  const operator = person(newUuid());
  const flows = Array.from({ length: 50 }, () => `flow_${newUuid()}`);
  await ask(world, operator, ingest, {
    traces: flows
      .slice(0, 49)
      .flatMap((flowId) => [
        trace({ flowId, costUsd: 0.25, inputTokens: 3 }),
        trace({ flowId, status: 'ERROR', durationMs: 300, costUsd: 0.5 }),
      ]),
  });
  world.statements.length = 0;
  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Flow {
    id metrics { requests errorRate latencyMs { p50 max } costUsd inputTokens outputTokens } } } }`;
  const representations = flows.map((id) => ({ __typename: 'Flow', id }));
  const { data } = await ask(world, operator, entities, { representations });
  expect(world.statements).toEqual(['metrics.totalsOfFlows']);
  expect(data._entities[0]).toEqual({
    id: flows[0],
    metrics: {
      requests: 2,
      errorRate: 0.5,
      latencyMs: { p50: 200, max: 300 },
      costUsd: 0.75,
      inputTokens: 3,
      outputTokens: 0,
    },
  });
  expect(data._entities[49].metrics).toEqual({
    requests: 0,
    errorRate: null,
    latencyMs: { p50: null, max: null },
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
  });
  const foreign = await ask(world, person(newUuid()), entities, { representations });
  expect(foreign.data._entities[0].metrics.requests).toBe(0);
});

test('as an entity a trace needs metrics.read too', async () => {
  const operator = person(newUuid());
  await ask(world, operator, ingest, { traces: [trace()] });
  const id: string = (await ask(world, operator, list)).data.traces.edges[0].node.id;
  const entities = `query ($id: ID!) { _entities(representations: [{ __typename: "Trace", id: $id }]) { ... on Trace { agent } } }`;
  expect((await ask(world, operator, entities, { id })).data._entities).toEqual([{ agent: 'mapper' }]);
  const key = { ...operator, actor: { kind: 'apiKey', id: newUuid() }, scopes: ['flow.read'] } as const;
  expect(codesOf(await ask(world, key, entities, { id }))).toEqual(['INSUFFICIENT_PERMISSIONS']);
});

test('under row-level security the lists read an index and not the table', async () => {
  const operator = person(newUuid());
  for (let batch = 0; batch < 10; batch += 1) {
    const traces = Array.from({ length: 1_000 }, (_, index) =>
      trace({
        startedAt: new Date(Date.parse('2026-03-01T00:00:00Z') + (batch * 1_000 + index) * 1_000).toISOString(),
        flowId: `flow_${index % 100}`,
        agent: `agent-${index % 200}`,
      }),
    );
    await ask(world, operator, ingest, { traces });
  }
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  await admin.query('analyze trace, trace_series');
  await admin.end();
  const app = new pg.Client({ connectionString: world.testDatabase.appUrl });
  await app.connect();
  try {
    await app.query('begin');
    await app.query(`select set_config('app.workspace_id', $1, true)`, [operator.workspaceId]);
    const plan = async (facts: { agent?: string[]; flowId?: string[] }, after: Date | null) => {
      const range = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };
      const position = after && { value: after.getTime(), id: traceIdOf(after, 'x') };
      const { text, values } = listTraces({ ...range, filter: facts }, 'STARTED_DESC', position, 51);
      const { rows } = await app.query(`explain ${text}`, [operator.workspaceId, ...values]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const newest = await plan({}, new Date('2026-03-01T01:00:00Z'));
    expect(newest).toMatch(/Index Scan Backward using trace_\w*pkey/);
    expect(newest).not.toContain('Sort');
    expect(await plan({ flowId: ['flow_7'] }, null)).toMatch(/trace_\w*flow_id/);
    expect(await plan({ agent: ['agent-7'] }, null)).toMatch(/trace_\w*series/);
    // What is not rolled up is found by its batches, also by a plan that is made once for all ranges: else each batch reads the whole range.
    const days = { from: new Date('2026-02-01T01:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };
    const plannedOnce = async ({ text }: { readonly text: string }) => {
      const { rows } = await app.query(`explain (generic_plan) ${text}`);
      return rows.map((row) => row['QUERY PLAN'] as string);
    };
    const reader = {
      metric: 'LATENCY_P95',
      groupBy: 'AGENT',
      timeBasis: 'ENDED',
      core: days,
      edges: [],
      bounds: [],
    } as const;
    const statements = [
      totals({ ...days, filter: {} }),
      totals({ ...days, filter: { agent: ['agent-7'], model: ['m'] } }),
      windowParts({ ...reader, filter: { environment: ['e'] } }, 100),
    ];
    for (const statement of statements) {
      const lines = await plannedOnce(statement);
      expect(lines.filter((line) => /Index Cond: .*batch_id = /.test(line)).length).toBeGreaterThan(0);
      // Nor by another index, whose rows are then looked at one by one.
      const others = lines.filter(
        (line, n) => /Filter: .*batch_id = /.test(line) && lines[n - 1]!.includes('Index Cond'),
      );
      expect(others).toEqual([]);
    }
    // Hours' cells of other keys are passed over in the index.
    const ofAgent = await plannedOnce(totals({ ...days, filter: { agent: ['agent-7'] } }));
    expect(ofAgent.join('\n')).toMatch(/Index Cond: .*level = 1.*key = ANY/);
  } finally {
    await app.end();
  }
});
