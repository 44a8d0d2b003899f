import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { existingCommand, recordTracesCommand } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { ask, codesOf, person, systemRequest } from '@tributary/kit/world';
import { KnownSeries } from '../src/domain/KnownSeries.js';
import { storeBatch } from '../src/domain/storeBatch.js';
import { ingest, newTrace, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const count = `query { kpis(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { requests { value } } }`;

test('traces are stored once, however often and in whatever company they are sent', async () => {
  const operator = person(newUuid());
  const traces = [trace({ externalId: 'a' }), trace({ externalId: 'b' }), trace({ externalId: 'a' })];
  const first = await ask(world, operator, ingest, { traces });
  expect(first.data.ingestTraces).toEqual({ accepted: 2, duplicates: 1, rejected: [] });
  const second = await ask(world, operator, ingest, { traces: [...traces, trace({ externalId: 'c' })] });
  expect(second.data.ingestTraces).toEqual({ accepted: 1, duplicates: 3, rejected: [] });
  expect((await ask(world, operator, count)).data.kpis.requests.value).toBe(3);
});

test('the same external id at another time is another trace', async () => {
  const operator = person(newUuid());
  const traces = [
    trace({ externalId: 'again' }),
    trace({ externalId: 'again', startedAt: '2026-03-01T00:00:00.001Z' }),
    trace({ externalId: 'again', durationMs: 7 }),
  ];
  const { data } = await ask(world, operator, ingest, { traces });
  expect(data.ingestTraces).toEqual({ accepted: 2, duplicates: 1, rejected: [] });
});

test('a series whose transaction was rolled back is stored with the next traces of it', async () => {
  const operator = person(newUuid());
  const known = new KnownSeries();
  const store = (fails: boolean) =>
    world.database.withWorkspace({ workspaceId: operator.workspaceId }, async (transaction) => {
      await storeBatch(transaction, known, [newTrace({ agent: 'unlucky' })]);
      if (fails) throw new Error('rolled back');
    });
  await expect(store(true)).rejects.toThrow('rolled back');
  await store(false);
  const byAgent = `query { metricBreakdown(by: AGENT, range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { key requests } }`;
  expect((await ask(world, operator, byAgent)).data.metricBreakdown).toEqual([{ key: 'unlucky', requests: 1 }]);
});

test('small calls that come at once share commits, and each is answered for what it brought', async () => {
  const [operator, stranger] = [person(newUuid()), person(newUuid())];
  const calls = Array.from({ length: 20 }, (_, n) => [
    trace({ externalId: `of-call-${n}`, agent: `agent ${n % 3}` }),
    trace({ externalId: 'of-all' }),
    ...(n === 7 ? [trace({ externalId: 'white space' })] : []),
  ]);
  const answers = await Promise.all([
    ...calls.map((traces) => ask(world, operator, ingest, { traces })),
    ask(world, stranger, ingest, { traces: [trace({ externalId: 'of-all' })] }),
  ]);
  const told = answers.map(({ data }) => data.ingestTraces);
  expect(told.pop()).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(told.map(({ accepted, duplicates }) => accepted + duplicates)).toEqual(calls.map(() => 2));
  expect(told.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(21);
  expect(told.map(({ rejected }) => rejected.length)).toEqual(calls.map((_, n) => (n === 7 ? 1 : 0)));
  expect((await ask(world, operator, count)).data.kpis.requests.value).toBe(21);
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  const { rows } = await admin.query(
    `select (select count(*)::integer from event where workspace_id = $1 and stream_id = 'traces') as batches,
       (select count(*)::integer from audit_entry where workspace_id = $1 and action = 'trace.ingest') as audited,
       (select count(distinct batch_id)::integer from trace where workspace_id = $2) as foreign`,
    [operator.workspaceId, stranger.workspaceId],
  );
  await admin.end();
  expect(rows[0]).toMatchObject({ audited: 20, foreign: 1 });
  expect(rows[0].batches).toBeLessThan(15);
});

test('a faulty trace is rejected alone, with its index, code and reason', async () => {
  const operator = person(newUuid());
  const traces = [
    trace({ externalId: 'white space' }),
    trace({ externalId: 'fine' }),
    trace({ durationMs: -1 }),
    trace({ agent: ' ' }),
    trace({ model: 'nul\0' }),
    trace({ attributes: { deep: { lone: '\ud800' } } }),
    trace({ inputTokens: -5 }),
    trace({ costUsd: -0.01 }),
    trace({ startedAt: '0001-01-01T00:00:00Z' }),
    trace({ attributes: { large: 'x'.repeat(20_000) } }),
    trace({ externalId: 'fine' }),
  ];
  const { data } = await ask(world, operator, ingest, { traces });
  const { accepted, duplicates, rejected } = data.ingestTraces;
  expect({ accepted, duplicates }).toEqual({ accepted: 1, duplicates: 1 });
  expect(rejected.map((item: { index: number; code: string }) => [item.index, item.code])).toEqual([
    [0, 'INVALID_INPUT'],
    [2, 'INVALID_INPUT'],
    [3, 'MISSING_REQUIRED_FIELD'],
    [4, 'INVALID_INPUT'],
    [5, 'INVALID_INPUT'],
    [6, 'INVALID_INPUT'],
    [7, 'INVALID_INPUT'],
    [8, 'INVALID_INPUT'],
    [9, 'QUOTA_EXCEEDED'],
  ]);
});

test('1,000 traces are one statement and one event, more are refused whole', async () => {
  const operator = person(newUuid());
  const startedAt = new Date().toISOString();
  const traces = Array.from({ length: 1_000 }, () => trace({ startedAt }));
  // From the first trace of its kind on, its series is known.
  await ask(world, operator, ingest, { traces: [trace()] });
  world.statements.length = 0;
  const { data } = await ask(world, operator, ingest, { traces });
  expect(data.ingestTraces.accepted).toBe(1_000);
  expect(world.statements).toEqual(['metrics.insertTraces', 'event.append', 'audit.append']);
  const refused = await ask(world, operator, ingest, { traces: [...traces, trace()] });
  expect(codesOf(refused)).toEqual(['INVALID_INPUT']);
});

test('senders of the same traces at once, in opposite order, store each once and do not deadlock', async () => {
  const operator = person(newUuid());
  const traces = Array.from({ length: 300 }, () => trace());
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, sender) =>
      ask(world, operator, ingest, { traces: sender % 2 ? traces : [...traces].reverse() }),
    ),
  );
  const accepted = answers.map((answer) => answer.data.ingestTraces.accepted as number);
  expect(accepted.reduce((sum, value) => sum + value, 0)).toBe(300);
});

test('one audit row tells of a batch of a person, none of our own agents', async () => {
  const workspaceId = newUuid();
  await ask(world, person(workspaceId), ingest, { traces: [trace({ externalId: 'x' }), trace({ externalId: '?' })] });
  const own = {
    ...trace({ externalId: 'own' }),
    startedAt: new Date(),
    model: null,
    department: null,
    environment: null,
    version: null,
  };
  const recorded = { ...own, inputTokens: 1, outputTokens: 2, costUsd: 0.5, flowId: null, attributes: {} };
  const input = { traces: [recorded, recorded] } as never;
  expect(await world.commands.call(recordTracesCommand, input, systemRequest(workspaceId))).toEqual({ accepted: 1 });
  expect(await world.commands.call(recordTracesCommand, input, systemRequest(workspaceId))).toEqual({ accepted: 0 });
  const client = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  const { rows } = await client.query('select action, after from audit_entry where workspace_id = $1', [workspaceId]);
  await client.end();
  expect(rows).toEqual([{ action: 'trace.ingest', after: { accepted: 1, duplicates: 0, rejected: 1 } }]);
});

test('a viewer may not send traces, and a key without the scope may not read them', async () => {
  const workspaceId = newUuid();
  expect(codesOf(await ask(world, person(workspaceId, 'VIEWER'), ingest, { traces: [trace()] }))).toEqual([
    'INSUFFICIENT_PERMISSIONS',
  ]);
  const key = {
    workspaceId,
    actor: { kind: 'apiKey', id: newUuid() },
    role: 'OPERATOR',
    scopes: ['trace.ingest'],
  } as const;
  expect((await ask(world, key, ingest, { traces: [trace()] })).data.ingestTraces.accepted).toBe(1);
  expect(codesOf(await ask(world, key, count))).toEqual(['INSUFFICIENT_PERMISSIONS']);
});

test('only traces of the workspace exist', async () => {
  const mine = person(newUuid());
  await ask(world, mine, ingest, { traces: [trace()] });
  const list = `query { traces(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { nodes { id } } }`;
  const id: string = (await ask(world, mine, list)).data.traces.nodes[0].id;
  const ids = [id, `trace_${newUuid()}`, `flow_${newUuid()}`];
  expect(await world.commands.call(existingCommand.metrics, { ids }, systemRequest(mine.workspaceId))).toEqual([id]);
  expect(await world.commands.call(existingCommand.metrics, { ids }, systemRequest(newUuid()))).toEqual([]);
});
