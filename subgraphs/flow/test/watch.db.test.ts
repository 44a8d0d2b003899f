import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Principal } from '@tributary/contracts/principal';
import { person, tell, watch } from '@tributary/kit/world';
import { discover, startFlowWorld } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;

beforeAll(async () => {
  world = await startFlowWorld();
  await world.startWorker();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const fields =
  'sequence cursor previousCursor type phase status progress message data occurredAt flow { id status progress phases { name status } }';
const flowProgress = `subscription ($id: ID!, $after: Cursor) { flowProgress(flowId: $id, after: $after) { ${fields} } }`;
const flowUpdates = `subscription ($filter: FlowUpdatesFilter, $after: Cursor) { flowUpdates(filter: $filter, after: $after) { ${fields} } }`;
const createFlow = `mutation ($kind: String!) { createFlow(input: { kind: $kind, name: "x", phases: ["a"] }) { flow { id } } }`;

const csv = `name,ip address\n${Array.from({ length: 3_000 }, (_, index) => `web-${index},10.0.${index >> 8}.${index & 255}`).join('\n')}\n`;

// Events are looked into freely.

type Event = any;

async function next(events: AsyncIterator<unknown>, field: string): Promise<Event> {
  const { value } = (await events.next()) as { value: { data?: Record<string, Event>; errors?: unknown } };
  if (value.errors) throw new Error(JSON.stringify(value.errors));
  return value.data![field];
}

async function collect(principal: Principal, id: string, after: string | null = null): Promise<Event[]> {
  const events = await watch(world, principal, flowProgress, { id, after });
  const seen: Event[] = [];
  for (;;) {
    const event = await next(events, 'flowProgress');
    seen.push(event);
    if (
      ['flow.finished', 'flow.failed'].includes(event.type) ||
      (event.type === 'stream.snapshot' && event.status === 'SUCCEEDED')
    )
      break;
  }
  await events.return?.();
  return seen;
}

describe('flowProgress', () => {
  test('gives how the flow stands, then every event once and in order, each following the one before', async () => {
    const ann = person();
    const id = await discover(world, ann, csv);
    const seen = await collect(ann, id);
    expect(seen[0]).toMatchObject({ type: 'stream.snapshot', previousCursor: null, flow: { id } });
    expect(seen[0].status).not.toBeNull();
    seen.slice(1).forEach((event, index) => {
      expect(event.sequence).toBe(seen[0].sequence + 1 + index);
      expect(event.previousCursor).toBe(seen[index].cursor);
      expect(event.flow.phases).toHaveLength(6);
    });
    const progress = seen.map((event) => event.progress);
    expect([...progress].sort((left, right) => left - right)).toEqual(progress);
    expect(seen.at(-1)).toMatchObject({
      type: 'flow.finished',
      status: 'SUCCEEDED',
      progress: 1,
      flow: { status: 'SUCCEEDED' },
    });
  });

  test('goes on behind a cursor of the log without a gap', async () => {
    const ann = person();
    const id = await discover(world, ann, csv);
    await collect(ann, id);
    const { flow } = await tell(
      world,
      ann,
      'query ($id: ID!) { flow(id: $id) { events(first: 3) { edges { cursor node { sequence type } } } } }',
      { id },
    );
    const third = flow.events.edges[2];
    const seen = await collect(ann, id, third.cursor);
    expect(seen[0]).toMatchObject({ sequence: third.node.sequence + 1, previousCursor: third.cursor });
    expect(seen.at(-1).type).toBe('flow.finished');
  });

  test('of another workspace’s flow is refused', async () => {
    const id = await discover(world, person(), csv);
    await expect(watch(world, person(), flowProgress, { id })).rejects.toThrow('RESOURCE_NOT_FOUND');
  });

  test('is refused to a key without the scope', async () => {
    const ann = person();
    const id = await discover(world, ann, csv);
    const key = { ...ann, actor: { kind: 'apiKey' as const, id: ann.workspaceId }, scopes: ['alert.read'] };
    await expect(watch(world, key, flowProgress, { id })).rejects.toThrow('INSUFFICIENT_PERMISSIONS');
  });

  test('a cursor of another stream resets, a text that is no cursor is refused', async () => {
    const ann = person();
    const id = await discover(world, ann, csv);
    const { flows } = await tell(world, ann, '{ flows { streamCursor } }');
    const events = await watch(world, ann, flowProgress, { id, after: flows.streamCursor });
    expect(await next(events, 'flowProgress')).toMatchObject({
      type: 'stream.reset',
      data: { reason: 'POSITION_UNKNOWN' },
      flow: { id },
    });
    await events.return?.();
    await expect(watch(world, ann, flowProgress, { id, after: 'nonsense' })).rejects.toThrow('INVALID_INPUT');
  });
});

describe('how a flow ends', () => {
  const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { status } } }`;
  const runs: Record<string, (ann: Principal) => Promise<string>> = {
    'a discovery succeeds': (ann) => discover(world, ann, 'name,ip address\nweb,10.0.0.1\n'),
    'a discovery fails': (ann) =>
      discover(world, ann, '{"items": [', {
        source: { name: 'cut.json', format: 'JSON', content: '{"items": [' },
      }),
    'a runner’s flow succeeds by its first report': (ann) => reported(ann, { status: 'SUCCEEDED', progress: 1 }),
    'a runner’s flow fails by its first report': (ann) => reported(ann, { status: 'FAILED', progress: 0 }),
    'a flow is cancelled': async (ann) => {
      const { id } = (await tell(world, ann, createFlow, { kind: 'crew' })).createFlow.flow;
      await tell(world, ann, 'mutation ($id: ID!) { cancelFlow(input: { flowId: $id }) { flow { id } } }', { id });
      return id;
    },
  };

  async function reported(ann: Principal, input: Record<string, unknown>): Promise<string> {
    const { id } = (await tell(world, ann, createFlow, { kind: 'crew' })).createFlow.flow;
    await tell(world, ann, report, { input: { flowId: id, phase: 'a', ...input } });
    return id;
  }

  test.each(Object.keys(runs))(
    '%s: its status says so from the event that ends it on, and not before',
    async (name) => {
      const ann = person();
      const { flows } = await tell(world, ann, '{ flows { streamCursor } }');
      const events = await watch(world, ann, flowUpdates, { after: flows.streamCursor });
      const id = await runs[name]!(ann);
      const seen: Event[] = [];
      do seen.push(await next(events, 'flowUpdates'));
      while (!['flow.finished', 'flow.failed', 'flow.cancelled'].includes(seen.at(-1).type));
      await events.return?.();
      const endings = { 'flow.finished': 'SUCCEEDED', 'flow.failed': 'FAILED', 'flow.cancelled': 'CANCELLED' } as const;
      const { type } = seen.at(-1) as { type: keyof typeof endings };
      const log = (
        await tell(world, ann, 'query ($id: ID!) { flow(id: $id) { events(first: 100) { nodes { type status } } } }', {
          id,
        })
      ).flow.events.nodes;
      for (const stream of [seen, log]) {
        expect(stream.at(-1)).toMatchObject({ type, status: endings[type] });
        for (const before of stream.slice(0, -1)) expect(Object.values(endings)).not.toContain(before.status);
      }
    },
  );
});

describe('flowUpdates', () => {
  test('goes on where a list was read, and leaves progress within phases out', async () => {
    const ann = person();
    const { flows } = await tell(world, ann, '{ flows { streamCursor nodes { id } } }');
    const events = await watch(world, ann, flowUpdates, { after: flows.streamCursor });
    const id = await discover(world, ann, csv);
    const seen: Event[] = [];
    do seen.push(await next(events, 'flowUpdates'));
    while (seen.at(-1).type !== 'flow.finished');
    await events.return?.();
    expect(seen.map((event) => event.sequence)).toEqual(seen.map((_, index) => index + 1));
    expect(seen[0]).toMatchObject({ type: 'flow.created', flow: { id }, status: 'QUEUED' });
    expect(seen.map((event) => event.type)).not.toContain('phase.progressed');
  });

  test('lets through what the filter says', async () => {
    const ann = person();
    const events = await watch(world, ann, flowUpdates, { filter: { kind: ['crew'] } });
    expect(await next(events, 'flowUpdates')).toMatchObject({
      type: 'stream.snapshot',
      sequence: 0,
      flow: null,
      status: null,
    });
    await tell(world, ann, createFlow, { kind: 'other' });
    const { id } = (await tell(world, ann, createFlow, { kind: 'crew' })).createFlow.flow;
    expect(await next(events, 'flowUpdates')).toMatchObject({ type: 'flow.created', sequence: 2, flow: { id } });
    await events.return?.();

    const byId = await watch(world, ann, flowUpdates, { filter: { flowId: [id] } });
    await next(byId, 'flowUpdates');
    await tell(world, ann, createFlow, { kind: 'crew' });
    await tell(world, ann, 'mutation ($id: ID!) { cancelFlow(input: { flowId: $id }) { flow { id } } }', { id });
    expect(await next(byId, 'flowUpdates')).toMatchObject({
      type: 'flow.cancelled',
      flow: { id, status: 'CANCELLED' },
    });
    await byId.return?.();
  });
});
