import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import type { Principal } from '@tributary/contracts/principal';
import { failLostFlows } from '../src/domain/runners/failLostFlows.js';
import { ask, codesOf, person, tell } from '@tributary/kit/world';
import { eventTypes, flowOf, startFlowWorld } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;
let ann: Principal;

beforeAll(async () => {
  world = await startFlowWorld();
}, 60_000);

beforeEach(() => {
  ann = person();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const create = `mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id status progress } } }`;
const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id status progress version currentPhase { name status progress attempts summary } failure { code message phase retryable } } } }`;
const act = (field: string) => `mutation ($id: ID!) { ${field}(input: { flowId: $id }) { flow { status } } }`;

async function createFlow(phases = ['plan', 'act']): Promise<string> {
  return (await tell(world, ann, create, { input: { kind: 'crew', name: 'A crew', phases } })).createFlow.flow.id;
}

async function tellOf(id: string, phase: string, status: string, progress: number, more: Record<string, unknown> = {}) {
  return (await tell(world, ann, report, { input: { flowId: id, phase, status, progress, ...more } }))
    .reportFlowProgress.flow;
}

describe('a flow of an outside runner', () => {
  test('goes as its reports say, and succeeds when every phase is done', async () => {
    const id = await createFlow();
    expect(await tellOf(id, 'plan', 'RUNNING', 0)).toMatchObject({
      status: 'RUNNING',
      progress: 0,
      currentPhase: { name: 'plan', attempts: 1 },
    });
    expect(await tellOf(id, 'plan', 'RUNNING', 0.5, { message: 'halfway', data: { tasks: 3 } })).toMatchObject({
      progress: 0.25,
      currentPhase: { summary: { tasks: 3 } },
    });
    expect(await tellOf(id, 'plan', 'SUCCEEDED', 1)).toMatchObject({ status: 'RUNNING', progress: 0.5 });
    expect(await tellOf(id, 'act', 'SKIPPED', 0)).toMatchObject({
      status: 'SUCCEEDED',
      progress: 1,
      currentPhase: null,
    });
    expect(await eventTypes(world, ann, id)).toEqual([
      'flow.created',
      'flow.started plan',
      'phase.started plan',
      'phase.progressed plan',
      'phase.finished plan',
      'phase.finished act',
      'flow.finished',
    ]);
    expect((await flowOf(world, ann, id)).discovery).toBeNull();
  });

  test('an older report changes nothing and succeeds', async () => {
    const id = await createFlow();
    const now = await tellOf(id, 'plan', 'RUNNING', 0.5);
    expect(await tellOf(id, 'plan', 'RUNNING', 0.2)).toEqual(now);
    expect(await tellOf(id, 'plan', 'RUNNING', 0.5)).toEqual(now);
    expect(await tellOf(id, 'plan', 'PENDING', 0)).toEqual(now);
    const done = await tellOf(id, 'plan', 'SUCCEEDED', 1);
    expect(await tellOf(id, 'plan', 'FAILED', 0.7, { failure: { code: 'X', message: 'late' } })).toEqual(done);
    expect(await eventTypes(world, ann, id)).toHaveLength(4);
  });

  test('fails when a phase fails, with the runner’s own words', async () => {
    const id = await createFlow();
    await tellOf(id, 'plan', 'RUNNING', 0.4);
    const failure = { code: 'NO_BUDGET', message: 'The budget is used up.', retryable: true };
    expect(await tellOf(id, 'plan', 'FAILED', 0.4, { failure })).toMatchObject({
      status: 'FAILED',
      failure: { ...failure, phase: 'plan' },
    });
    const refused = await ask(world, ann, report, {
      input: { flowId: id, phase: 'act', status: 'RUNNING', progress: 0 },
    });
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'RESOURCE_CONFLICT',
      details: { reason: 'FLOW_ENDED' },
    });
    expect((await tell(world, ann, act('retryFlow'), { id })).retryFlow.flow.status).toBe('RUNNING');
    expect(await tellOf(id, 'plan', 'RUNNING', 0.1)).toMatchObject({
      status: 'RUNNING',
      failure: null,
      currentPhase: { attempts: 2, progress: 0.1 },
    });
  });

  test('a paused one takes reports and tells the runner to stop', async () => {
    const id = await createFlow();
    await tellOf(id, 'plan', 'RUNNING', 0.1);
    await tell(world, ann, act('pauseFlow'), { id });
    expect(await tellOf(id, 'plan', 'RUNNING', 0.2)).toMatchObject({ status: 'PAUSED', progress: 0.1 });
    expect((await tell(world, ann, act('resumeFlow'), { id })).resumeFlow.flow.status).toBe('RUNNING');
  });

  test('waits for an approval as long as its runner says so', async () => {
    const id = await createFlow();
    await tellOf(id, 'plan', 'RUNNING', 0.3);
    expect(await tellOf(id, 'plan', 'AWAITING_APPROVAL', 0.3)).toMatchObject({ status: 'AWAITING_APPROVAL' });
    // The report from before it waited, late.
    expect(await tellOf(id, 'plan', 'RUNNING', 0.3)).toMatchObject({ status: 'AWAITING_APPROVAL' });
    expect(await tellOf(id, 'plan', 'RUNNING', 0.4)).toMatchObject({ status: 'RUNNING' });
  });

  test.each([
    ['an unknown phase', { phase: 'dream' }],
    ['progress above 1', { progress: 1.5 }],
    ['a failure without status FAILED', { failure: { code: 'X', message: 'y' } }],
  ])('refuses a report with %s', async (_, wrong) => {
    const id = await createFlow();
    const input = { flowId: id, phase: 'plan', status: 'RUNNING', progress: 0.1, ...wrong };
    expect(codesOf(await ask(world, ann, report, { input }))).toEqual(['INVALID_INPUT']);
  });

  test.each([
    ['the product’s own kind', { kind: 'discovery' }, 'INVALID_INPUT'],
    ['no phases', { phases: [] }, 'MISSING_REQUIRED_FIELD'],
    ['the same phase twice', { phases: ['a', 'a'] }, 'INVALID_INPUT'],
    ['a blank name', { name: ' ' }, 'MISSING_REQUIRED_FIELD'],
  ])('cannot be created with %s', async (_, wrong, code) => {
    expect(
      codesOf(await ask(world, ann, create, { input: { kind: 'crew', name: 'x', phases: ['a'], ...wrong } })),
    ).toEqual([code]);
  });

  test('leaves one audit entry for its reports a minute, and one for its end', async () => {
    const id = await createFlow(['only']);
    for (const progress of [0.1, 0.2, 0.3, 0.4]) await tellOf(id, 'only', 'RUNNING', progress);
    await tellOf(id, 'only', 'SUCCEEDED', 1);
    expect(
      await column(`select action from audit_entry where workspace_id = '${ann.workspaceId}' order by number`),
    ).toEqual(['flow.create', 'flow.report', 'flow.report']);
  });
});

describe('a runner that falls silent', () => {
  test('fails its flow with RUNNER_LOST, and a retry gives it another chance', async () => {
    const id = await createFlow();
    await tellOf(id, 'plan', 'RUNNING', 0.3);
    expect(await failLostFlows(world.database)).toBe(0);
    await passTime(id);
    expect(await failLostFlows(world.database)).toBe(1);
    expect(await failLostFlows(world.database)).toBe(0);
    const lost = await flowOf(world, ann, id);
    expect(lost).toMatchObject({ status: 'FAILED', failure: { code: 'RUNNER_LOST', phase: 'plan', retryable: true } });
    await tell(world, ann, act('retryFlow'), { id });
    expect(await tellOf(id, 'plan', 'RUNNING', 0.1)).toMatchObject({ status: 'RUNNING' });
    expect(await failLostFlows(world.database)).toBe(0);
  });

  test('an old report shows that it lives', async () => {
    const id = await createFlow();
    await tellOf(id, 'plan', 'RUNNING', 0.3);
    await passTime(id);
    await tellOf(id, 'plan', 'RUNNING', 0.3);
    expect(await failLostFlows(world.database)).toBe(0);
  });

  test('a paused flow owes no report', async () => {
    const id = await createFlow();
    await tellOf(id, 'plan', 'RUNNING', 0.3);
    await tell(world, ann, act('pauseFlow'), { id });
    await passTime(id);
    expect(await failLostFlows(world.database)).toBe(0);
  });

  test('is given the time that the workspace’s setting says', async () => {
    world.neighbours.settings['runnerLostAfterMinutes'] = 60;
    const id = await createFlow();
    delete world.neighbours.settings['runnerLostAfterMinutes'];
    const [minutes] = await column(
      `select round(extract(epoch from report_due_at - now()) / 60)::int as minutes from flow where id = '${id.slice(5)}'`,
    );
    expect(minutes).toBe(60);
  });
});

async function passTime(id: string): Promise<void> {
  await column(`update flow set report_due_at = report_due_at - interval '16 minutes' where id = '${id.slice(5)}'`);
}

async function column(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}
