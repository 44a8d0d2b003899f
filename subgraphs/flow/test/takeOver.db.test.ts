import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { endConnections, eventually } from '@tributary/kit';
import { person } from '@tributary/kit/world';
import { discover, eventTypes, flowOf, startFlowWorld, until } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;

beforeAll(async () => {
  world = await startFlowWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const rows = (count: number) =>
  `name,host\n${Array.from({ length: count }, (_, index) => `web-${index},hv-${index % 7}`).join('\n')}\n`;
/** A worker that says nothing after its first word, as one that was stopped or killed. */
const silent = { beatEveryMs: 3_600_000, concurrency: 1 };
const watchful = { beatEveryMs: 100, silenceMs: 600, pollEveryMs: 100, concurrency: 1 };

describe('a worker that falls silent in mid-phase', () => {
  test.each([
    ['inventory', 1],
    ['dependencies', 1_000_001],
  ])(
    'loses %s to another one, which goes on from the checkpoint; what the first still does changes nothing',
    async (phase, heldChunk) => {
      const ann = person();
      let letGo = () => undefined as void;
      const gone = new Promise<void>((resolve) => (letGo = resolve));
      let held = 0;
      world.neighbours.beforeChunk = async (chunk) => {
        if (chunk !== heldChunk || held > 0) return;
        held += 1;
        await gone;
      };
      const first = await world.startWorker(silent);
      const id = await discover(world, ann, rows(9_000));
      await eventually(() => expect(held).toBe(1), { timeoutMs: 15_000 });
      const second = await world.startWorker(watchful);
      const done = await until(world, ann, id, 'SUCCEEDED', 'FAILED');
      expect(done.failure).toBeNull();
      letGo();
      await first.stop();
      await second.stop();
      const after = await flowOf(world, ann, id);
      expect(after).toEqual(done);
      expect(after.discovery).toMatchObject({
        rowsTotal: 9_000,
        rowsValid: 9_000,
        assetsCreated: 9_000,
        assetsUpdated: 0,
        dependenciesFound: 9_000,
      });
      expect(after.phases.find((known: { name: string }) => known.name === phase).attempts).toBe(2);
      const types = await eventTypes(world, ann, id);
      expect(types.filter((type) => type === `phase.started ${phase}`)).toHaveLength(1);
      expect(types.filter((type) => type === 'flow.finished')).toHaveLength(1);
      // Chunks that were counted before are not asked for again.
      expect(
        world.neighbours.repeated.filter((key) => key.endsWith(`/${heldChunk - 1}`) && key.startsWith(id.slice(5))),
      ).toEqual([]);
    },
  );
});

describe('a worker that is the only one', () => {
  test('takes over at once what a dead one has left', async () => {
    const ann = person();
    let letGo = () => undefined as void;
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    let held = 0;
    world.neighbours.beforeChunk = async (chunk) => {
      if (chunk !== 1 || held > 0) return;
      held += 1;
      await gone;
    };
    const first = await world.startWorker(silent);
    const id = await discover(world, ann, rows(9_000));
    await eventually(() => expect(held).toBe(1), { timeoutMs: 15_000 });
    const second = await world.startWorker({ isOnly: true, silenceMs: 3_600_000, pollEveryMs: 100, concurrency: 1 });
    const done = await until(world, ann, id, 'SUCCEEDED', 'FAILED');
    expect(done.discovery).toMatchObject({ rowsValid: 9_000, assetsCreated: 9_000, dependenciesFound: 9_000 });
    letGo();
    await first.stop();
    await second.stop();
  });
});

describe('a worker that is stopped in good order', () => {
  test('hands its phase over at once, without a retry or a lost row', async () => {
    const ann = person();
    let seen = 0;
    world.neighbours.beforeChunk = async () => {
      seen += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const first = await world.startWorker({ concurrency: 1 });
    const id = await discover(world, ann, rows(9_000));
    await eventually(() => expect(seen).toBeGreaterThan(1), { timeoutMs: 15_000 });
    await first.stop();
    expect((await flowOf(world, ann, id)).status).toBe('RUNNING');
    await world.startWorker({ concurrency: 1 });
    const done = await until(world, ann, id, 'SUCCEEDED', 'FAILED');
    expect(done.discovery).toMatchObject({ assetsCreated: 9_000, assetsUpdated: 0, dependenciesFound: 9_000 });
    await eventTypes(world, ann, id);
  });
});

describe('many flows and several workers', () => {
  test('share the queue: each flow is run once', async () => {
    world.neighbours.beforeChunk = () => Promise.resolve();
    await world.startWorker({ concurrency: 2 });
    await world.startWorker({ concurrency: 2 });
    const people = Array.from({ length: 8 }, () => person());
    const flows = await Promise.all(
      people.map(async (someone) => ({ someone, id: await discover(world, someone, rows(50)) })),
    );
    for (const { someone, id } of flows) {
      const done = await until(world, someone, id, 'SUCCEEDED', 'FAILED');
      expect(done.discovery.assetsCreated).toBe(50);
      expect(done.phases.every((phase: { attempts: number }) => phase.attempts === 1)).toBe(true);
    }
  });
});

describe('connections that break under a worker', () => {
  test('cost it nothing but time', async () => {
    const worker = await world.startWorker({ ...watchful, retryWaitsMs: [200, 400, 800] });
    const ann = person();
    let seen = 0;
    world.neighbours.beforeChunk = async () => {
      seen += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const id = await discover(world, ann, rows(9_000));
    await eventually(() => expect(seen).toBeGreaterThan(0), { timeoutMs: 15_000 });
    const admin = new Client({ connectionString: world.testDatabase.superuserUrl });
    await admin.connect();
    await endConnections(admin);
    await admin.end();
    const done = await eventually(
      async () => {
        const flow = await flowOf(world, ann, id);
        expect(flow.status).toBe('SUCCEEDED');
        return flow;
      },
      { timeoutMs: 20_000, intervalMs: 100 },
    );
    expect(done.discovery).toMatchObject({ assetsCreated: 9_000, assetsUpdated: 0, dependenciesFound: 9_000 });
    await eventTypes(world, ann, id);
    await worker.stop();
  });
});
