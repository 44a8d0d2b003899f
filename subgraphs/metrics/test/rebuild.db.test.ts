import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeId } from '@tributary/contracts/ids';
import { ConsumerRunner } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { Random } from '@tributary/kit';
import { ask, person } from '@tributary/kit/world';
import pg from 'pg';
import { rebuildFigures } from '../src/domain/rollup/rebuildFigures.js';
import { sealDays } from '../src/domain/rollup/sealDays.js';
import { totalsOfFlows } from '../src/storage/flowTotals.js';
import { sessionTotals } from '../src/storage/sessionStatements.js';
import { breakdown, totals } from '../src/storage/figureStatements.js';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;
let admin: pg.Client;

beforeAll(async () => {
  world = await startMetricsWorld();
  for (const flow of flows) world.knownFlows.add(flow);
  admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

const dayMs = 86_400_000;
const start = Date.parse('2026-03-02T00:00:00Z');
const random = new Random(3);
const flows = [1, 2].map(() => encodeId('flow', newUuid()));
type Person = ReturnType<typeof person>;

async function send(operator: Person, number: number, withinMs = 4 * dayMs): Promise<void> {
  const traces = Array.from({ length: number }, () =>
    trace({
      startedAt: new Date(start + random.between(0, withinMs - 1)).toISOString(),
      durationMs: random.between(0, 5_000),
      agent: random.pick(['a', 'b', 'c']),
      model: random.pick(['m1', 'm2', null]),
      costUsd: random.between(0, 1000) / 1000,
      sessionId: random.pick(['s1', 's2', 's3', null]),
      userId: 'ada',
      flowId: random.pick([...flows, null]),
    }),
  );
  const { data } = await ask(world, operator, ingest, { traces });
  expect(data.ingestTraces.accepted).toBe(number);
}

async function rollUp(): Promise<void> {
  const [consumer] = world.definition.background(world).consumers;
  await using runner = new ConsumerRunner({ ...world, consumer: consumer! });
  await runner.catchUp();
}

/** Days that are rolled up in every way there is, one of them open, with traces that are not rolled up beside them. */
async function fourDays(): Promise<Person> {
  const operator = person(newUuid());
  await admin.query(
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
     values ($1, '2026-03-02', 0, 0, 'RAW'), ($1, '2026-03-03', 0, 0, 'NARROW'), ($1, '2026-03-04', 0, 0, 'HOUR'), ($1, '2026-03-05', 0, 0, 'FIVE_MINUTES')`,
    [operator.workspaceId],
  );
  await send(operator, 400);
  await rollUp();
  await sealDays(world.database, world.logger, new Date('2026-03-05T04:00:00Z'));
  return operator;
}

/** What is told of sessions and flows beside what their traces say. */
async function wholes(operator: Person): Promise<{ told: unknown; traces: unknown }> {
  const scope = { workspaceId: operator.workspaceId };
  const sessions = await Promise.all(['s1', 's2', 's3'].map((id) => world.database.read(scope, sessionTotals(id))));
  const ofFlows = await world.database.read(scope, totalsOfFlows(flows));
  const of = 'count(*)::float8 as n, sum(cost_nano)::float8 as cost, sum(input_tokens)::float8 as input';
  const { rows: bySession } = await admin.query(
    `select session_id as key, ${of}, min(trace_at(id)) as first, max(trace_at(id)) as last from trace
     where workspace_id = $1 and session_id is not null group by 1 order by 1`,
    [operator.workspaceId],
  );
  const { rows: byFlow } = await admin.query(
    `select flow_id as key, ${of}, max(duration_ms) as longest from trace where workspace_id = $1 and flow_id is not null group by 1 order by 1`,
    [operator.workspaceId],
  );
  const sums = ({ requests, costUsd, inputTokens }: { requests: number; costUsd: number; inputTokens: number }) => ({
    n: requests,
    cost: Math.round(costUsd * 1e9),
    input: inputTokens,
  });
  return {
    told: [
      sessions.flat().map((each) => ({ key: each.sessionId, ...sums(each), first: each.firstAt, last: each.lastAt })),
      ofFlows
        .map((each) => ({ key: each.flowId, ...sums(each), longest: each.latency.max }))
        .sort((one, other) => (one.key < other.key ? -1 : 1)),
    ],
    traces: [bySession, byFlow],
  };
}

/** What cells say beside what traces say. */
async function both(operator: Person): Promise<unknown[]> {
  const selection = { from: new Date(start - dayMs / 2), to: new Date(start + 4 * dayMs - 5_000_000), filter: {} };
  const narrow = { ...selection, filter: { agent: ['a'], model: ['m1'] } };
  const rows = await world.database.readBatch({ workspaceId: operator.workspaceId }, [
    totals(selection),
    totals(narrow),
    breakdown(selection, 'AGENT', 10),
    totals(selection, 'TRACE'),
    totals(narrow, 'TRACE'),
    breakdown(selection, 'AGENT', 10, 'TRACE'),
  ]);
  return rows.map((found) =>
    (found as any[]).map(({ latency, latencyP95Ms: _, ...sums }) => ({ ...sums, max: latency?.max })),
  );
}

async function expectRight(operator: Person): Promise<void> {
  const [one, two, three, ...traces] = await both(operator);
  expect([one, two, three]).toEqual(traces);
}

test('cells that were damaged are made anew from traces, each day as finely as it was, once for each run in the audit trail', async () => {
  const operator = await fourDays();
  await expectRight(operator);
  const of = [operator.workspaceId];
  await admin.query('update trace_cell set requests = requests + 1 where workspace_id = $1', of);
  await admin.query('delete from trace_day_cell where workspace_id = $1 and grouping = 1', of);
  await admin.query(`update trace_day set traces = 1 where workspace_id = $1 and day = '2026-03-03'`, of);
  await send(operator, 50);
  const [broken, , , fine] = await both(operator);
  expect(broken).not.toEqual(fine);
  const { days: rebuilt } = await rebuildFigures(world.database, operator, {});
  expect(rebuilt.map(({ day, isGone }) => [day, isGone])).toEqual(
    ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'].map((day) => [day, false]),
  );
  expect(rebuilt.filter(({ counted, traces }) => counted !== traces).map(({ day }) => day)).toEqual(['2026-03-03']);
  await expectRight(operator);
  await rollUp();
  await sealDays(world.database, world.logger, new Date('2026-03-06T04:00:00Z'));
  await expectRight(operator);
  const { rows: stored } = await admin.query(
    `select grain, is_sealed from trace_day where workspace_id = $1 order by day`,
    of,
  );
  expect(stored.map(({ grain }) => grain)).toEqual(['RAW', 'NARROW', 'HOUR', 'FIVE_MINUTES']);
  const { rows: entries } = await admin.query(
    `select after from audit_entry where workspace_id = $1 and action = 'metrics.rebuild'`,
    of,
  );
  expect(entries).toEqual([{ after: { from: '2026-03-02', to: '2026-03-05' } }]);
}, 60_000);

test('a day that came to more traces than it was begun for has cells of hours once it is sealed', async () => {
  const operator = person(newUuid());
  const of = [operator.workspaceId];
  for (const number of [900, 900, 300]) {
    await send(operator, number, dayMs);
    await rollUp();
  }
  const grains = `select grain, is_sealed from trace_day where workspace_id = $1`;
  expect((await admin.query(grains, of)).rows).toEqual([{ grain: 'RAW', is_sealed: false }]);
  await sealDays(world.database, world.logger);
  expect((await admin.query(grains, of)).rows).toEqual([{ grain: 'NARROW', is_sealed: true }]);
  await expectRight(operator);
  await send(operator, 10, dayMs);
  await rollUp();
  await expectRight(operator);
  await sealDays(world.database, world.logger);
  await expectRight(operator);
}, 60_000);

/** Grains of days, and how many cells of five minutes each has. */
async function fineCells(operator: Person): Promise<{ grain: string; cells: number }[]> {
  const { rows } = await admin.query<{ grain: string; cells: number }>(
    `select grain, (select count(*)::int from trace_cell c where c.workspace_id = d.workspace_id and level = 2 and at::date = day) as cells
     from trace_day d where workspace_id = $1 order by day`,
    [operator.workspaceId],
  );
  return rows;
}

test('a day that came to half a million traces has cells of five minutes once it is sealed, whatever it had before, for 65 days', async () => {
  for (const grain of ['NARROW', 'HOUR']) {
    const operator = person(newUuid());
    const of = [operator.workspaceId];
    await admin.query(
      `insert into trace_day (workspace_id, day, traces, longest_ms, grain) values ($1, '2026-03-02', 600000, 0, $2)`,
      [...of, grain],
    );
    await send(operator, 400, dayMs);
    await rollUp();
    const seal = (now: string) => sealDays(world.database, world.logger, new Date(now));
    await seal('2026-03-03T04:00:00Z');
    const [sealed] = await fineCells(operator);
    expect(sealed).toMatchObject({ grain: 'FIVE_MINUTES' });
    expect(sealed!.cells).toBeGreaterThan(400);
    await expectRight(operator);
    // What is late goes there, too.
    await send(operator, 20, dayMs);
    await rollUp();
    await expectRight(operator);
    await seal('2026-03-03T04:00:00Z');
    await expectRight(operator);
    // Another day is sealed when this one is old.
    await admin.query(
      `insert into trace_day (workspace_id, day, traces, longest_ms, grain) values ($1, '2026-05-05', 0, 0, 'RAW')`,
      of,
    );
    await seal('2026-05-06T04:00:00Z');
    expect((await fineCells(operator))[0]).toMatchObject({ grain: 'FIVE_MINUTES' });
    await admin.query(`update trace_day set is_sealed = false where workspace_id = $1 and day = '2026-05-05'`, of);
    await seal('2026-05-07T04:00:00Z');
    expect((await fineCells(operator))[0]).toEqual({ grain: 'HOUR', cells: 0 });
    await expectRight(operator);
    // Sealed anew, it stays so.
    await send(operator, 20, dayMs);
    await rollUp();
    await seal('2026-05-07T04:00:00Z');
    expect((await fineCells(operator))[0]).toEqual({ grain: 'HOUR', cells: 0 });
    await expectRight(operator);
  }
}, 60_000);

test('figures are right at each moment of it, also while others send', async () => {
  const operator = await fourDays();
  let over = false;
  const work = (async () => {
    for (let round = 0; round < 3; round += 1) {
      await send(operator, 30);
      await rebuildFigures(world.database, operator, {});
      await rollUp();
      await sealDays(world.database, world.logger);
    }
    over = true;
  })();
  let looks = 0;
  while (!over) {
    await expectRight(operator);
    looks += 1;
  }
  await work;
  expect(looks).toBeGreaterThan(3);
}, 60_000);

test('a day whose traces are gone stays as it is, and one whose traces were never there is forgotten', async () => {
  const operator = await fourDays();
  const of = [operator.workspaceId];
  await admin.query(`insert into trace_retention (workspace_id, traces_from) values ($1, '2026-03-03')`, of);
  await admin.query(
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain) values ($1, '2026-03-07', 9, 1, 'RAW')`,
    of,
  );
  await admin.query(`delete from trace where workspace_id = $1 and id < $2`, [
    operator.workspaceId,
    '019cb0fe-9400-0000-0000-000000000000',
  ]);
  const cells = async () =>
    (
      await admin.query(
        `select count(*)::int as n from trace_day_cell where workspace_id = $1 and at = '2026-03-02'`,
        of,
      )
    ).rows[0].n;
  const before = await cells();
  expect(before).toBeGreaterThan(0);
  const { days: rebuilt } = await rebuildFigures(world.database, operator, { from: '2026-03-01', to: '2026-03-09' });
  expect(rebuilt[0]).toMatchObject({ day: '2026-03-02', isGone: true });
  expect(rebuilt.at(-1)).toMatchObject({ day: '2026-03-07', counted: 9, traces: 0 });
  expect(await cells()).toBe(before);
  expect((await admin.query(`select from trace_day where workspace_id = $1 and day = '2026-03-07'`, of)).rowCount).toBe(
    0,
  );
}, 60_000);

test('totals of sessions and flows that were damaged are made anew, also those without traces; of a day those with traces on it', async () => {
  const operator = await fourDays();
  const of = [operator.workspaceId];
  const expectWholes = async () => {
    const { told, traces } = await wholes(operator);
    expect(told).toEqual(traces);
  };
  await expectWholes();
  const damage = async () => {
    await admin.query(`update trace_session set requests = 1 where workspace_id = $1 and session_id = 's1'`, of);
    await admin.query(`delete from trace_session where workspace_id = $1 and session_id = 's2'`, of);
    await admin.query(`update trace_session set session_id = 's9' where workspace_id = $1 and session_id = 's3'`, of);
    await admin.query('update trace_flow set cost_nano = 7, counts = bins::integer[] where workspace_id = $1', of);
    await send(operator, 40);
    const { told, traces } = await wholes(operator);
    expect(told).not.toEqual(traces);
  };
  await damage();
  const { sessions, flows: ofFlows } = await rebuildFigures(world.database, operator, {});
  expect([sessions, ofFlows]).toEqual([
    { rebuilt: 4, kept: 0 },
    { rebuilt: 2, kept: 0 },
  ]);
  await expectWholes();
  expect(
    (await admin.query(`select from trace_session where workspace_id = $1 and session_id = 's9'`, of)).rowCount,
  ).toBe(0);
  await rollUp();
  await expectWholes();
  await damage();
  await rebuildFigures(world.database, operator, { from: '2026-03-02', to: '2026-03-02' });
  await expectWholes();
}, 60_000);

test('totals that count traces that are no longer kept stay as they are, and those that count too few are made anew', async () => {
  const operator = await fourDays();
  const of = [operator.workspaceId];
  await admin.query(`insert into trace_retention (workspace_id, traces_from) values ($1, '2026-03-03')`, of);
  await admin.query(`delete from trace where workspace_id = $1 and trace_at(id) < '2026-03-03T00:00:00Z'`, of);
  const stored = async () =>
    (await admin.query('select session_id, requests from trace_session where workspace_id = $1 order by 1', of)).rows;
  const before = await stored();
  await admin.query(`update trace_session set requests = 1 where workspace_id = $1 and session_id = 's2'`, of);
  const { sessions } = await rebuildFigures(world.database, operator, {});
  expect(sessions).toEqual({ rebuilt: 1, kept: 2 });
  const after = await stored();
  expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  const kept = await admin.query(`select count(*) as n from trace where workspace_id = $1 and session_id = 's2'`, of);
  expect(after[1].requests).toBe(kept.rows[0].n);
}, 60_000);
