import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import { eventually } from '@tributary/kit';
import { ask, codesOf, person, tell } from '@tributary/kit/world';
import { discover, eventTypes, flowOf, startFlowWorld, until } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;

beforeAll(async () => {
  world = await startFlowWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const act = (field: string) =>
  `mutation ($id: ID!, $key: String) { ${field}(input: { flowId: $id, idempotencyKey: $key }) { flow { id status progress } } }`;

/** A source of so many rows: three chunks need 5,000. */
function rows(count: number): string {
  return `name,ip address\n${Array.from({ length: count }, (_, index) => `web-${index},10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`).join('\n')}\n`;
}

/** Holds chunk `held` up until it is let go. */
function hold(held: number): { reached: Promise<void>; letGo: () => void } {
  let letGo = () => undefined as void;
  let reach = () => undefined as void;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  world.neighbours.beforeChunk = async (chunk) => {
    if (chunk !== held) return;
    reach();
    await gone;
  };
  return {
    reached,
    letGo: () => {
      world.neighbours.beforeChunk = () => Promise.resolve();
      letGo();
    },
  };
}

describe('pausing', () => {
  test('stops a flow at once and resuming goes on from its checkpoint, with every effect once', async () => {
    await using _ = await world.startWorker();
    const ann = person();
    const { reached, letGo } = hold(1);
    const id = await discover(world, ann, rows(7_000));
    await reached;
    await tell(world, ann, act('pauseFlow'), { id });
    letGo();
    // The worker that held the flow finds out at its next write.
    await eventually(() => expect(world.neighbours.chunks.length).toBeGreaterThan(1));
    const paused = await flowOf(world, ann, id);
    expect(paused.status).toBe('PAUSED');
    await tell(world, ann, act('resumeFlow'), { id });
    const done = await until(world, ann, id, 'SUCCEEDED', 'FAILED');
    expect(done.discovery).toMatchObject({
      rowsTotal: 7_000,
      rowsValid: 7_000,
      assetsCreated: 7_000,
      assetsUpdated: 0,
    });
    const types = await eventTypes(world, ann, id);
    expect(types.filter((type) => type.startsWith('flow.'))).toEqual([
      'flow.created',
      'flow.started import',
      'flow.paused inventory',
      'flow.resumed inventory',
      'flow.finished',
    ]);
    expect(done.phases.find((phase: { name: string }) => phase.name === 'inventory').attempts).toBe(2);
  });

  test('a flow that nobody has begun waits, and is queued again', async () => {
    const ann = person();
    const id = await discover(world, ann, rows(2));
    expect((await tell(world, ann, act('pauseFlow'), { id })).pauseFlow.flow.status).toBe('PAUSED');
    await using _ = await world.startWorker();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await flowOf(world, ann, id)).status).toBe('PAUSED');
    expect((await tell(world, ann, act('resumeFlow'), { id })).resumeFlow.flow.status).toBe('QUEUED');
    await until(world, ann, id, 'SUCCEEDED');
  });
});

describe('cancelling', () => {
  test('ends a flow for good and keeps what it found', async () => {
    await using _ = await world.startWorker();
    const ann = person();
    const { reached, letGo } = hold(1);
    const id = await discover(world, ann, rows(5_000));
    await reached;
    expect((await tell(world, ann, act('cancelFlow'), { id })).cancelFlow.flow.status).toBe('CANCELLED');
    letGo();
    const cancelled = await flowOf(world, ann, id);
    expect(cancelled.finishedAt).not.toBeNull();
    expect(cancelled.phases.slice(-3).map((phase: { status: string }) => phase.status)).toEqual([
      'SKIPPED',
      'SKIPPED',
      'SKIPPED',
    ]);
    expect((await eventTypes(world, ann, id)).at(-1)).toBe('flow.cancelled inventory');
  });
});

describe('the states of a flow', () => {
  test.each([
    ['resumeFlow', 'FLOW_QUEUED'],
    ['retryFlow', 'FLOW_QUEUED'],
  ])('%s is refused while it is queued', async (field, reason) => {
    const ann = person();
    const id = await discover(world, ann, rows(1));
    const refused = await ask(world, ann, act(field), { id });
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'RESOURCE_CONFLICT',
      details: { reason, status: 'QUEUED' },
    });
  });

  test.each(['pauseFlow', 'resumeFlow', 'cancelFlow', 'retryFlow'])(
    '%s is refused once it is cancelled',
    async (field) => {
      const ann = person();
      const id = await discover(world, ann, rows(1));
      await tell(world, ann, act('cancelFlow'), { id });
      const refused = await ask(world, ann, act(field), { id });
      expect(refused.errors?.[0]?.extensions).toMatchObject({
        code: 'RESOURCE_CONFLICT',
        details: { reason: 'FLOW_ENDED' },
      });
    },
  );

  test('another workspace’s flow does not exist', async () => {
    const id = await discover(world, person(), rows(1));
    const bob = person();
    expect((await tell(world, bob, 'query ($id: ID!) { flow(id: $id) { id } }', { id })).flow).toBeNull();
    expect(codesOf(await ask(world, bob, act('cancelFlow'), { id }))).toEqual(['RESOURCE_NOT_FOUND']);
  });

  test('a viewer may look and not touch', async () => {
    const ann = person();
    const id = await discover(world, ann, rows(1));
    const viewer = person(ann.workspaceId, 'VIEWER');
    expect((await flowOf(world, viewer, id)).id).toBe(id);
    for (const field of ['pauseFlow', 'resumeFlow', 'cancelFlow', 'retryFlow']) {
      expect(codesOf(await ask(world, viewer, act(field), { id }))).toEqual(['INSUFFICIENT_PERMISSIONS']);
    }
  });

  test('an action is done once for an idempotencyKey', async () => {
    const ann = person();
    const id = await discover(world, ann, rows(1));
    await tell(world, ann, act('pauseFlow'), { id, key: 'p' });
    await tell(world, ann, act('resumeFlow'), { id });
    expect((await tell(world, ann, act('pauseFlow'), { id, key: 'p' })).pauseFlow.flow.status).toBe('PAUSED');
    expect((await flowOf(world, ann, id)).status).toBe('QUEUED');
  });
});

describe('a neighbour that is away', () => {
  test('is asked again, and then the flow fails in a way that can be retried', async () => {
    await using _ = await world.startWorker();
    const ann = person();
    const chunks: string[] = [];
    world.neighbours.beforeChunk = async (_, flowId) => {
      chunks.push(`flow_${flowId}`);
      throw new CodedError('SERVICE_UNAVAILABLE', 'The asset part cannot be reached right now. Try again.');
    };
    const id = await discover(world, ann, rows(10));
    const failed = await until(world, ann, id, 'FAILED');
    world.neighbours.beforeChunk = () => Promise.resolve();
    expect(chunks.filter((flow) => flow === id)).toHaveLength(3);
    expect(failed.failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE', phase: 'inventory', retryable: true });
    await tell(world, ann, act('retryFlow'), { id });
    const done = await until(world, ann, id, 'SUCCEEDED');
    expect(done.failure).toBeNull();
    expect(done.finishedAt).not.toBeNull();
    expect(done.discovery.assetsCreated).toBe(10);
    expect((await eventTypes(world, ann, id)).filter((type) => type.startsWith('flow.'))).toEqual([
      'flow.created',
      'flow.started import',
      'flow.failed inventory',
      'flow.retried inventory',
      'flow.finished',
    ]);
  });
});
