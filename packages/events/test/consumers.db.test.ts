import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Database } from '@tributary/data';
import { appendEvents, ConsumerRunner, InProcessBus } from '@tributary/events';
import type { Consumer, LoggedEvent } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { eventually, startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import { createLogger } from '@tributary/observability';

const logger = createLogger({ name: 'test', level: 'silent' });
const opened = new AsyncDisposableStack();
const never = 3_600_000;
let bus: InProcessBus;
let database: Database;
let superuserUrl: string;
let workspaceId: string;
let url: string;
let superuser: pg.Pool;

const asSuperuser = async (text: string, values: unknown[] = []): Promise<unknown[]> =>
  (await superuser.query(text, values)).rows as unknown[];

beforeAll(async () => {
  const facts = opened.use(await startTestDatabase());
  superuser = opened.adopt(new pg.Pool({ connectionString: facts.superuserUrl, max: 1 }), (pool) => pool.end());
  url = facts.appUrl;
  bus = opened.use(new InProcessBus());
  database = opened.use(await Database.open({ url: facts.appUrl, entities: [], logger, hints: bus }));
  superuserUrl = facts.superuserUrl;
  opened.use(giveRowsToWorkspaces(database, superuserUrl));
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
  await using _ = giveRowsToWorkspaces(silent, superuserUrl);
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

test('tries at its next look again what failed, although nothing new was written', async () => {
  let failures = 2;
  const { handed, runner } = remembering('test.again', ['wanted'], () => {
    if (failures-- > 0) throw new Error('not this time');
  });
  await write('wanted');
  await using consumer = runner({ pollMs: 20 });
  consumer.start();
  // As if it had been written long ago: no look at what is new finds it.
  await asSuperuser('update stream_head set changed_at = null where workspace_id = $1', [workspaceId]);
  await eventually(() => expect(handed).toEqual([[1]]), { timeoutMs: 5_000 });
});

test('reads all workspaces that have something new in one look, however many they are', async () => {
  const workspaces = Array.from({ length: 230 }, () => newUuid());
  const handedTo = new Set<string>();
  const consumer: Consumer = {
    name: 'test.many',
    stream: 'flows',
    types: ['wanted'],
    handle: async (transaction) => void handedTo.add(transaction.workspaceId),
  };
  for (const each of workspaces)
    await database.withWorkspace({ workspaceId: each }, async (transaction) =>
      appendEvents(transaction, 'flows', [{ type: 'wanted', payload: {} }]),
    );
  await new ConsumerRunner({ consumer, database, bus, logger }).catchUp();
  expect(workspaces.filter((each) => !handedTo.has(each))).toEqual([]);
});

test('a look for what is new reads an index of it, and not the heads of all workspaces', async () => {
  const [{ body }] = (await asSuperuser(`select prosrc as body from pg_proc where proname = 'streams_with_news'`)) as [
    { body: string },
  ];
  await asSuperuser(`insert into stream_head (workspace_id, stream_id, last_seq, changed_at)
    select gen_random_uuid(), 'flows', 1, now() - interval '1 hour' from generate_series(1, 5000)`);
  await asSuperuser('analyze stream_head');
  const text = body
    .replace(/^.*?\breturn query\b/s, '')
    .replace(/;\s*end\s*$/, '')
    .replace(/consumer_name/, `'alert.flows'`)
    .replace(/wanted_stream/, `'flows'`)
    .replace(/\bmost\b/, '100');
  const plan = JSON.stringify(await asSuperuser(`explain ${text}`));
  expect(plan).toContain('stream_head_news');
  expect(plan).not.toContain('Seq Scan on stream_head');
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
