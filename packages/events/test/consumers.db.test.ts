import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '@tributary/data';
import { appendEvents, ConsumerRunner, InProcessBus } from '@tributary/events';
import type { Consumer, LoggedEvent } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { eventually, startTestDatabase } from '@tributary/kit';
import { createLogger } from '@tributary/observability';

const logger = createLogger({ name: 'test', level: 'silent' });
const opened = new AsyncDisposableStack();
const never = 3_600_000;
let bus: InProcessBus;
let database: Database;
let workspaceId: string;
let url: string;

beforeAll(async () => {
  const facts = opened.use(await startTestDatabase());
  url = facts.appUrl;
  bus = opened.use(new InProcessBus());
  database = opened.use(await Database.open({ url: facts.appUrl, entities: [], logger, hints: bus }));
});
afterAll(() => opened.disposeAsync());
beforeEach(() => {
  workspaceId = newUuid();
});

const write = (...types: string[]) =>
  database.withWorkspace({ workspaceId }, (transaction) => {
    appendEvents(
      transaction,
      'alerts',
      types.map((type) => ({ type, payload: {} })),
    );
    return Promise.resolve();
  });

/** A consumer that remembers what it was handed of this test's workspace. */
function remembering(name: string, types: readonly string[], handle?: (events: readonly LoggedEvent[]) => void) {
  const handed: number[][] = [];
  const consumer: Consumer = {
    name,
    stream: 'alerts',
    types,
    handle: (transaction, events) => {
      if (transaction.workspaceId !== workspaceId) return Promise.resolve();
      handle?.(events);
      handed.push(events.map(({ sequence }) => sequence));
      return Promise.resolve();
    },
  };
  const runner = ({ pollMs = never, gatherMs = 5 } = {}) =>
    new ConsumerRunner({ consumer, database, bus, logger, pollMs, gatherMs });
  return { handed, runner };
}

test('is handed the types that it names and no others, and its place moves past all', async () => {
  const { handed, runner } = remembering('test.types', ['wanted']);
  await write('wanted', 'other', 'wanted', 'other');
  await runner().catchUp();
  await runner().catchUp();
  expect(handed).toEqual([[1, 3]]);
});

test('acts on a hint, without a look at all workspaces', async () => {
  const { handed, runner } = remembering('test.hint', ['wanted']);
  await using consumer = runner();
  consumer.start();
  await delay(200);
  await write('wanted');
  await eventually(() => expect(handed).toEqual([[1]]), { timeoutMs: 5_000 });
});

test('takes a burst of hints as one', async () => {
  const { handed, runner } = remembering('test.burst', ['wanted']);
  await using consumer = runner({ gatherMs: 1_500 });
  consumer.start();
  await delay(200);
  await Promise.all(Array.from({ length: 10 }, () => write('wanted')));
  await eventually(() => expect(handed).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]));
});

test('finds at its next look what no hint told of', async () => {
  const { handed, runner } = remembering('test.look', ['wanted']);
  await using consumer = runner({ pollMs: 50 });
  consumer.start();
  await using silent = await Database.open({ url, entities: [], logger, hints: { publish: () => undefined } });
  await silent.withWorkspace({ workspaceId }, (transaction) => {
    appendEvents(transaction, 'alerts', [{ type: 'wanted', payload: {} }]);
    return Promise.resolve();
  });
  await eventually(() => expect(handed).toEqual([[1]]), { timeoutMs: 5_000 });
});

test('is handed the same events again when it failed, and nothing of what it did stays', async () => {
  let failures = 2;
  const { handed, runner } = remembering('test.fails', ['wanted'], () => {
    if (failures-- > 0) throw new Error('not this time');
  });
  await write('wanted', 'wanted');
  for (let round = 0; round < 3; round += 1) await runner().catchUp();
  expect(handed).toEqual([[1, 2]]);
});

test('one workspace whose events fail holds up no other', async () => {
  const { handed, runner } = remembering('test.apart', ['wanted']);
  const failing: string[] = [];
  const consumer: Consumer = {
    name: 'test.poison',
    stream: 'alerts',
    types: ['wanted'],
    handle: (transaction) => {
      failing.push(transaction.workspaceId);
      return transaction.workspaceId === workspaceId ? Promise.reject(new Error('poison')) : Promise.resolve();
    },
  };
  await write('wanted');
  const poisoned = workspaceId;
  await new ConsumerRunner({ consumer, database, bus, logger }).catchUp();
  expect(failing).toContain(poisoned);
  expect(failing.length).toBeGreaterThan(1);
  await runner().catchUp();
  expect(handed).toEqual([[1]]);
});
