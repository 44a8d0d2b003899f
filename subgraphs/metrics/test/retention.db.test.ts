import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dropPartitions, keepPartitions } from '@tributary/data';
import { ConsumerRunner } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { Random } from '@tributary/kit';
import { ask, person } from '@tributary/kit/world';
import pg from 'pg';
import { readFigures } from '../src/domain/figures.js';
import { retireTraces } from '../src/domain/retention/retireTraces.js';
import { readSpend } from '../src/domain/spend.js';
import type { Grain } from '../src/storage/rollup/grain.js';
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

const hour = 3_600_000;
const monday = '2026-03-02';
const start = Date.parse(`${monday}T00:00:00Z`);
const at = (hours: number) => new Date(start + hours * hour).toISOString();
type Person = ReturnType<typeof person>;

async function send(operator: Person, traces: Record<string, unknown>[]): Promise<any> {
  const { data } = await ask(world, operator, ingest, { traces });
  return data.ingestTraces;
}

async function rollUp(): Promise<void> {
  const [consumer] = world.definition.background(world).consumers;
  await using runner = new ConsumerRunner({ ...world, consumer: consumer! });
  await runner.catchUp();
  await sealDays(world.database, world.logger);
}

/** Gives up the traces of before a day, and drops them. */
async function retire(tracesFrom: string, hoursFrom = '1900-01-01'): Promise<void> {
  const edges = { tracesFrom, hoursFrom };
  await retireTraces(world.database, world.logger, edges);
  await retireTraces(world.database, world.logger, edges);
  await dropPartitions(world.testDatabase.workerUrl, edges, new Date(Date.now() + hour));
}

const stored = async (operator: Person) =>
  (await admin.query(`select count(*)::int as n from trace where workspace_id = $1`, [operator.workspaceId])).rows[0].n;

/** Two weeks of traces, 20 an hour; `grain` is how the days are rolled up. */
async function twoWeeks(grain: Grain): Promise<Person> {
  const operator = person(newUuid());
  const random = new Random(7);
  await admin.query(
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
     select $1, $2::date + n, 0, 0, $3 from generate_series(0, 13) n`,
    [operator.workspaceId, monday, grain],
  );
  const traces = Array.from({ length: 14 * 24 * 2 }, (_, n) =>
    trace({
      startedAt: new Date(start + n * (hour / 2) + random.between(0, hour / 2)).toISOString(),
      durationMs: random.between(1, 5_000),
      agent: random.pick(['a', 'b']),
      model: random.pick(['m1', 'm2']),
      costUsd: random.between(0, 1000) / 1000,
      sessionId: 'talk',
      userId: 'jo',
      flowId: 'flow_x',
    }),
  );
  expect((await send(operator, traces)).accepted).toBe(traces.length);
  await rollUp();
  return operator;
}

const kpis = `query ($from: DateTime!, $to: DateTime!, $filter: MetricFilter) { kpis(range: { from: $from, to: $to }, filter: $filter) {
  range { from to } requests { value previous } costUsd { value } latencyMs { p50 max } activeAgents { value previous } } }`;
const breakdown = `query ($from: DateTime!, $to: DateTime!) { metricBreakdown(by: MODEL, range: { from: $from, to: $to }) { key requests costUsd } }`;
const series = `query ($from: DateTime!, $to: DateTime!, $bucket: Bucket!) {
  metricSeries(metric: REQUESTS, bucket: $bucket, range: { from: $from, to: $to }) { points { at value } } }`;
const performance = `query ($from: DateTime!, $to: DateTime!) { performance(range: { from: $from, to: $to }, by: AGENT) {
  latencyMs { max } slowest { id } groups { key requests } } }`;

test.each(['RAW', 'NARROW', 'HOUR', 'FIVE_MINUTES'] as const)(
  'figures of days whose traces are gone stay what they were, of days that were rolled up as %s',
  async (grain) => {
    const operator = await twoWeeks(grain);
    const wholeDays = { from: at(24), to: at(10 * 24) };
    const questions = [
      [kpis, wholeDays],
      [kpis, { ...wholeDays, filter: { agent: ['a'] } }],
      [kpis, { ...wholeDays, filter: { agent: ['a'], model: ['m1'] } }],
      [breakdown, wholeDays],
      [series, { ...wholeDays, bucket: 'DAY' }],
      [kpis, { from: at(7 * 24 + 1.3), to: at(9 * 24 + 2.7) }],
    ] as const;
    const answers = () =>
      Promise.all(questions.map(([document, variables]) => ask(world, operator, document, variables)));
    const before = await answers();
    expect(before[0]!.data.kpis.requests.value).toBeGreaterThan(400);
    await retire('2026-03-09');
    expect(await stored(operator)).toBeLessThanOrEqual(7 * 48);
    expect((await answers()).map(({ data, errors }) => errors ?? data)).toEqual(
      before.map(({ data }, index) =>
        // What came before a range that begins in an hour's midst is told no more.
        index < 5 ? data : withoutPrevious(data),
      ),
    );
  },
  60_000,
);

function withoutPrevious({ kpis: told }: any): any {
  const { requests, activeAgents } = told;
  return {
    kpis: { ...told, requests: { ...requests, previous: null }, activeAgents: { ...activeAgents, previous: null } },
  };
}

test('a range that begins or ends within what is gone is answered from whole hours, or whole days, and says so', async () => {
  const ragged = { from: at(24 + 5.4), to: at(7 * 24 + 3.5) };
  for (const [grain, from] of [
    ['NARROW', at(24 + 5)],
    ['FIVE_MINUTES', at(24 + 5)],
    ['RAW', at(24)],
  ] as const) {
    const operator = await twoWeeks(grain);
    const whole = await ask(world, operator, kpis, { ...ragged, from });
    await retire('2026-03-09');
    const { data } = await ask(world, operator, kpis, ragged);
    expect(data.kpis.range).toEqual({ from, to: ragged.to });
    expect(data.kpis.requests.value).toBe(whole.data.kpis.requests.value);
    expect(data.kpis.costUsd).toEqual(whole.data.kpis.costUsd);
    // Several dimensions at once have days alone where hours are told by one.
    const filter = { agent: ['a'], model: ['m1'] };
    const several = await ask(world, operator, kpis, { ...ragged, filter });
    expect(several.data.kpis.range.from).toBe(grain === 'FIVE_MINUTES' ? from : at(24));
    const { data: told } = await ask(world, operator, performance, ragged);
    expect(told.performance.slowest).toBeNull();
    expect(told.performance.groups.reduce((sum: number, { requests }: any) => sum + requests, 0)).toBe(
      data.kpis.requests.value,
    );
  }
}, 60_000);

test('what only traces could tell of a time whose traces are gone is refused, never answered with less', async () => {
  const operator = await twoWeeks('RAW');
  await retire('2026-03-09');
  const touching = { from: at(6 * 24), to: at(8 * 24) };
  const refused = async (document: string, variables: Record<string, unknown>) => {
    const { errors } = await ask(world, operator, document, variables);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'range', reason: 'RAW_GONE', keptFrom: at(7 * 24) },
    });
  };
  await refused(kpis, { ...touching, filter: { flowId: ['flow_x'] } });
  await refused(series, { from: at(7 * 24 - 1), to: at(7 * 24 + 1), bucket: 'MINUTE' });
  await refused(series, { ...touching, bucket: 'HOUR' });
  const request = { metric: 'REQUESTS', groupBy: null, scope: null } as const;
  const window = { from: new Date(at(6 * 24 + 0.5)), to: new Date(at(8 * 24)) };
  const scope = { workspaceId: operator.workspaceId };
  for (const timeBasis of ['STARTED', 'ENDED'] as const)
    await expect(readFigures(world.database, scope, { ...request, ...window, timeBasis })).rejects.toMatchObject({
      details: { reason: 'RAW_GONE' },
    });
  await expect(readSpend(world.database, scope, { scope: null, ...window })).rejects.toMatchObject({
    details: { reason: 'RAW_GONE' },
  });
  const later = { from: new Date(at(7 * 24 + 1)), to: new Date(at(8 * 24)) };
  expect((await readFigures(world.database, scope, { ...request, ...later, timeBasis: 'ENDED' }))[0]!.value).toBe(46);
}, 60_000);

test('sessions and flows keep the totals of their whole life when their first traces are gone', async () => {
  const operator = await twoWeeks('NARROW');
  const sessions = `{ agentSessions(range: { from: "${at(0)}", to: "${at(14 * 24)}" }) { nodes { sessionId user firstAt lastAt requests errors costUsd } } }`;
  const flow = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Flow { metrics { requests costUsd latencyMs { max } } } } }`;
  const r = [{ __typename: 'Flow', id: 'flow_x' }];
  const before = [await ask(world, operator, sessions), await ask(world, operator, flow, { r })];
  expect(before[0]!.data.agentSessions.nodes).toHaveLength(1);
  await retire('2026-03-09');
  const after = [await ask(world, operator, sessions), await ask(world, operator, flow, { r })];
  expect(after.map(({ data }) => data)).toEqual(before.map(({ data }) => data));
}, 60_000);

test('a trace of before what is kept is refused by itself, whatever the process was told, and its day stays as it is', async () => {
  const operator = await twoWeeks('RAW');
  await retire('2026-03-09');
  const range = { from: at(0), to: at(14 * 24) };
  const before = (await ask(world, operator, kpis, range)).data.kpis.requests.value;
  const sent = await send(operator, [
    trace({ startedAt: at(3) }),
    trace({ startedAt: at(7 * 24) }),
    trace({ startedAt: at(7 * 24 - 0.001) }),
  ]);
  expect(sent).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(sent.rejected.map(({ index, code }: any) => [index, code])).toEqual([
    [0, 'INVALID_INPUT'],
    [2, 'INVALID_INPUT'],
  ]);
  await rollUp();
  expect((await ask(world, operator, kpis, range)).data.kpis.requests.value).toBe(before + 1);
}, 60_000);

test('nothing is given up of a week with a day that is not sealed, or with traces that are not rolled up', async () => {
  const operator = await twoWeeks('RAW');
  await send(operator, [trace({ startedAt: at(2 * 24) })]);
  await retire('2026-03-09');
  expect(await stored(operator)).toBe(14 * 48 + 1);
  const from = { from: at(0), to: at(3 * 24 + 0.5) };
  expect((await ask(world, operator, kpis, from)).data.kpis.range).toEqual(from);
  await rollUp();
  await retire('2026-03-09');
  expect(await stored(operator)).toBe(7 * 48);
}, 60_000);

test('partitions of weeks and months that everybody has given up are dropped, and nothing before', async () => {
  const operator = await twoWeeks('HOUR');
  for (const day of ['2026-03-03', '2026-03-10', '2026-04-10'])
    await keepPartitions(world.testDatabase.workerUrl, new Date(day));
  const partitions = async () =>
    (
      await admin.query<{ name: string }>(
        `select relname as name from pg_class where relname in ('trace_20260302', 'trace_20260309', 'trace_cell_202603', 'trace_cell_202604') order by 1`,
      )
    ).rows.map(({ name }) => name);
  const all = ['trace_20260302', 'trace_20260309', 'trace_cell_202603', 'trace_cell_202604'];
  expect(await partitions()).toEqual(all);
  const edges = { tracesFrom: '2026-03-09', hoursFrom: '2026-04-01' };
  // Nobody has given them up yet.
  await dropPartitions(world.testDatabase.workerUrl, edges, new Date(Date.now() + hour));
  expect(await partitions()).toEqual(all);
  const hours = { from: at(8 * 24), to: at(9 * 24), bucket: 'HOUR' };
  const before = await ask(world, operator, series, hours);
  await retireTraces(world.database, world.logger, edges);
  await retireTraces(world.database, world.logger, edges);
  // Readers who began a moment ago may look at them still.
  await dropPartitions(world.testDatabase.workerUrl, edges);
  expect(await partitions()).toEqual(all);
  await dropPartitions(world.testDatabase.workerUrl, edges, new Date(Date.now() + hour));
  expect(await partitions()).toEqual(['trace_20260309', 'trace_cell_202604']);
  // Where traces are kept they tell the hours.
  expect((await ask(world, operator, series, hours)).data).toEqual(before.data);
}, 60_000);
