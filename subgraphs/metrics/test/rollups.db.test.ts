import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConsumerRunner } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { eventually, Random } from '@tributary/kit';
import { ask, person } from '@tributary/kit/world';
import { metricsText } from '@tributary/observability';
import pg from 'pg';
import { measureTail } from '../src/domain/rollup/measureTail.js';
import { sealDays } from '../src/domain/rollup/sealDays.js';
import { breakdown, countAgents, sums, tellsAgents, totals } from '../src/storage/figureStatements.js';
import { seriesOfMetric } from '../src/storage/seriesOfMetric.js';
import type { TraceFilter, TraceSelection } from '../src/storage/traceSelection.js';
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

const start = Date.parse('2026-03-01T00:00:00Z');
const hour = 3_600_000;
/** When days have just been over: they keep cells of five minutes. */
const soon = new Date(start + 6 * 24 * hour);
const random = new Random(14);

function anyTrace(days = 4): Record<string, unknown> {
  return trace({
    startedAt: new Date(start + random.between(0, days * 24 * hour)).toISOString(),
    durationMs: random.between(0, 20) === 0 ? 0 : Math.exp(random.between(0, 9_000) / 700),
    status: random.pick(['OK', 'OK', 'OK', 'ERROR', 'TIMEOUT']),
    agent: random.pick(['a', 'b', 'c']),
    department: random.pick(['IT', 'Sales', null]),
    environment: random.pick(['production', 'test', null]),
    model: random.pick(['m1', 'm2', null]),
    version: random.pick(['1', '2', null]),
    costUsd: random.between(0, 1_000_000) / 1e7,
    inputTokens: random.between(0, 1000),
    flowId: random.pick(['flow_x', null]),
  });
}

async function send(operator: ReturnType<typeof person>, traces: Record<string, unknown>[]): Promise<void> {
  const { data } = await ask(world, operator, ingest, { traces });
  expect(data.ingestTraces.rejected).toEqual([]);
}

/** Has the roll-up come to everything that is there. */
async function rollUp(workspaceId: string): Promise<void> {
  const [consumer] = world.definition.background(world).consumers;
  await using runner = new ConsumerRunner({ ...world, consumer: consumer!, pollMs: 20, gatherMs: 1 });
  runner.start();
  await eventually(async () => {
    const { rows } = await admin.query(
      `select h.last_seq = coalesce(p.seq, 0) as is_done from stream_head h left join consumer_position p using (workspace_id, stream_id)
       where h.workspace_id = $1 and h.stream_id = 'traces'`,
      [workspaceId],
    );
    expect(rows[0]?.is_done).toBe(true);
  });
}

const filterValues = {
  agent: ['a', 'b'],
  department: ['IT'],
  environment: ['production'],
  model: ['m1'],
  version: ['2', '1'],
  status: ['OK', 'TIMEOUT'],
} as const satisfies TraceFilter;

function anySelection(): TraceSelection {
  const from = start - 12 * hour + random.between(0, 4 * 24 * hour);
  const filter: Record<string, readonly string[]> = {};
  for (const name of ['agent', 'department', 'environment', 'model', 'version', 'status'] as const)
    if (random.between(0, 3) === 0) filter[name] = filterValues[name];
  const aligned = random.pick([1, hour, 24 * hour]);
  return {
    from: new Date(Math.floor(from / aligned) * aligned),
    to: new Date(Math.floor(from / aligned) * aligned + Math.max(aligned, random.between(1, 5 * 24 * hour))),
    filter,
  };
}

/** Compares what cells say with what traces say, of one snapshot. */
async function compare(workspaceId: string, times: number): Promise<{ rounded: number }> {
  let rounded = 0;
  for (let n = 0; n < times; n += 1) {
    const selection = anySelection();
    const by = random.pick(['AGENT', 'DEPARTMENT', 'ENVIRONMENT', 'MODEL', 'VERSION', 'STATUS'] as const);
    const bucket = random.pick(['HOUR', 'DAY', 'MONTH'] as const);
    const [cells, raw, agents, rawAgents, sumsAlone, groups, rawGroups, points, rawPoints] =
      await world.database.readBatch({ workspaceId }, [
        totals(selection, 'DAY', true),
        totals(selection, 'TRACE', true),
        countAgents(selection),
        countAgents(selection, 'TRACE'),
        sums(selection, true),
        breakdown(selection, by, 100),
        breakdown(selection, by, 100, 'TRACE'),
        seriesOfMetric(selection, 'INPUT_TOKENS', bucket, by, 100),
        seriesOfMetric(selection, 'INPUT_TOKENS', bucket, by, 100, true),
      ]);
    const near = (value: number | null, exact: number | null) =>
      value === exact || (value !== null && exact !== null && Math.abs(value / exact - 1) <= 0.01);
    const { latency = null, agents: agentsTold, ...added } = cells[0] ?? { agents: 0 };
    const { latency: rawLatency = null, agents: rawAgentsTold, ...rawAdded } = raw[0] ?? { agents: 0 };
    expect(added).toEqual(rawAdded);
    expect(rawAgentsTold).toBe(rawAgents[0]);
    // Where one reading tells totals and agents, both are told alike.
    expect([rawAgents[0], null]).toContain(agentsTold);
    if (tellsAgents(selection.filter))
      expect([agentsTold, sumsAlone[0]?.agents ?? 0]).toEqual([rawAgents[0], rawAgents[0]]);
    expect(latency?.max).toBe(rawLatency?.max);
    for (const name of ['p50', 'p95', 'p99'] as const)
      expect([
        name,
        latency?.[name],
        rawLatency?.[name],
        near(latency?.[name] ?? null, rawLatency?.[name] ?? null),
      ]).toEqual([name, latency?.[name], rawLatency?.[name], true]);
    if (latency && latency.relativeError > 0) rounded += 1;
    expect(agents).toEqual(rawAgents);
    const sorted = (rows: typeof groups) =>
      rows
        .map(({ latencyP95Ms: _, ...row }) => row)
        .sort((one, other) => ((one.key ?? '') < (other.key ?? '') ? -1 : 1));
    expect(sorted(groups)).toEqual(sorted(rawGroups));
    expect(points).toEqual(rawPoints);
  }
  return { rounded };
}

describe('figures from cells are those from traces', () => {
  test('before, while and after days are rolled up, sealed, and reached by what is late', async () => {
    const operator = person(newUuid());
    const { workspaceId } = operator;
    const batch = (size: number) => Array.from({ length: size }, () => anyTrace());
    await send(operator, batch(800));
    expect((await compare(workspaceId, 4)).rounded).toBe(0);
    await rollUp(workspaceId);
    await compare(workspaceId, 4);
    await send(operator, batch(500));
    await compare(workspaceId, 4);
    await rollUp(workspaceId);
    expect(await sealDays(world.database, world.logger)).toBeGreaterThanOrEqual(4);
    expect((await compare(workspaceId, 8)).rounded).toBeGreaterThan(0);
    await send(operator, batch(300));
    await compare(workspaceId, 8);
    await rollUp(workspaceId);
    const { rows } = await admin.query(
      `select count(*)::int as n from trace_day where workspace_id = $1 and is_sealed`,
      [workspaceId],
    );
    expect(rows).toEqual([{ n: 0 }]);
    await compare(workspaceId, 8);
    expect(await sealDays(world.database, world.logger)).toBeGreaterThanOrEqual(4);
    await compare(workspaceId, 8);
  }, 120_000);

  test.each(['HOUR', 'NARROW', 'FIVE_MINUTES'])(
    'also of days that are rolled up meanwhile (%s), and of groupings that were dropped',
    async (grain) => {
      const operator = person(newUuid());
      const { workspaceId } = operator;
      for (let day = 0; day < 4; day += 1)
        await admin.query(
          `insert into trace_day (workspace_id, day, traces, longest_ms, grain) values ($1, '2026-03-01'::date + $2::integer, 0, 0, $3)`,
          [workspaceId, day, grain],
        );
      const batch = (size: number) => Array.from({ length: size }, () => anyTrace());
      await send(operator, batch(1_000));
      await rollUp(workspaceId);
      await send(operator, batch(200));
      expect((await compare(workspaceId, 5)).rounded).toBeGreaterThan(0);
      await rollUp(workspaceId);
      expect(await sealDays(world.database, world.logger, soon)).toBeGreaterThanOrEqual(4);
      await compare(workspaceId, 5);
      await admin.query(
        `update trace_day set dropped = '{4,9}' where workspace_id = $1 and day in ('2026-03-01', '2026-03-03')`,
        [workspaceId],
      );
      for (const table of ['trace_cell', 'trace_day_cell'])
        await admin.query(
          `delete from ${table} where workspace_id = $1 and grouping in (4, 9) and at::date in ('2026-03-01', '2026-03-03')`,
          [workspaceId],
        );
      await compare(workspaceId, 7);
      await send(operator, batch(200));
      await rollUp(workspaceId);
      await compare(workspaceId, 5);
      expect(await sealDays(world.database, world.logger, soon)).toBeGreaterThanOrEqual(4);
      await compare(workspaceId, 5);
    },
    120_000,
  );
});

test('a flow has the figures of all its traces, rolled up or not', async () => {
  const operator = person(newUuid());
  const of = `query { _entities(representations: [{ __typename: "Flow", id: "flow_y" }]) { ... on Flow {
    metrics { requests errorRate latencyMs { p50 max } costUsd inputTokens } } } }`;
  const figuresNow = async () => (await ask(world, operator, of)).data._entities[0].metrics;
  const flow = { flowId: 'flow_y', inputTokens: 5, costUsd: 0.25 };
  await send(operator, [trace({ ...flow, durationMs: 100 }), trace({ ...flow, durationMs: 100, status: 'ERROR' })]);
  const before = await figuresNow();
  await rollUp(operator.workspaceId);
  await send(operator, [trace({ ...flow, durationMs: 200 }), trace({ ...flow, durationMs: 200 })]);
  const after = await figuresNow();
  expect(before).toEqual({
    requests: 2,
    errorRate: 0.5,
    latencyMs: { p50: 100, max: 100 },
    costUsd: 0.5,
    inputTokens: 10,
  });
  expect(after).toMatchObject({ requests: 4, errorRate: 0.25, costUsd: 1, inputTokens: 20 });
  expect(after.latencyMs.max).toBe(200);
  expect(Math.abs(after.latencyMs.p50 / 150 - 1)).toBeLessThan(0.01);
});

test('a batch that cannot be rolled up alone keeps no other from being so, and figures stay right', async () => {
  const operator = person(newUuid());
  const { workspaceId } = operator;
  await send(operator, [trace({ durationMs: 5 })]);
  const [consumer] = world.definition.background(world).consumers;
  const sizes: number[] = [];
  const failing = {
    ...consumer!,
    handle: async (...[transaction, events]: Parameters<NonNullable<typeof consumer>['handle']>) => {
      if (transaction.workspaceId === workspaceId) sizes.push(events.length);
      if (events.length > 1) throw new Error('too much at once');
      await consumer!.handle(transaction, events);
    },
  };
  for (let n = 0; n < 3; n += 1) await send(operator, [trace({ durationMs: n })]);
  await using runner = new ConsumerRunner({ ...world, consumer: failing, pollMs: 10, gatherMs: 1 });
  runner.start();
  await eventually(async () => {
    const { rows } = await admin.query(
      `select seq from consumer_position where workspace_id = $1 and consumer = 'rollup' and stream_id = 'traces'`,
      [workspaceId],
    );
    expect(Number(rows[0].seq)).toBe(4);
  });
  expect(sizes[0]).toBe(4);
  const range = { from: new Date(start), to: new Date(start + 24 * hour), filter: {} };
  expect((await world.database.read({ workspaceId }, totals(range)))[0]?.requests).toBe(4);
});

test('how far the roll-up is behind is told to those who operate', async () => {
  const operator = person(newUuid());
  await send(operator, [trace(), trace()]);
  await measureTail(world.database);
  const before = await metricsText();
  expect(Number(/^tributary_rollup_tail_rows (\d+)/m.exec(before)?.[1])).toBeGreaterThanOrEqual(2);
  expect(Number(/^tributary_rollup_lag_seconds ([\d.e-]+)/m.exec(before)?.[1])).toBeGreaterThan(0);
  await rollUp(operator.workspaceId);
  await measureTail(world.database);
  expect(await metricsText()).toMatch(/^tributary_rollup_tail_rows 0$/m);
});
