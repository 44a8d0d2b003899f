import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database } from '@tributary/data';
import { appendEvents, eventPage, EventStreams, InProcessBus } from '@tributary/events';
import { flowStream } from '@tributary/contracts/events';
import type { StreamEvent } from '@tributary/events';
import type { StreamId } from '@tributary/contracts/events';
import { eventually, startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';

let cluster: Awaited<ReturnType<typeof startTestDatabase>>;
let database: Database;
let databaseRows: AsyncDisposable;
let unheardRows: AsyncDisposable;
/** Its commits are told to nobody. */
let unheard: Database;
const bus = new InProcessBus();
const logger = createLogger({ name: 'test', level: 'silent' });
const workspaceId = newUuid();
const scope = { workspaceId };

beforeAll(async () => {
  cluster = await startTestDatabase();
  const options = { url: cluster.appUrl, entities: [], logger, poolSize: 8 };
  database = await Database.open({ ...options, hints: bus });
  databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
  unheard = await Database.open({ ...options, hints: { publish: () => undefined } });
  unheardRows = giveRowsToWorkspaces(unheard, cluster.superuserUrl);
}, 60_000);
afterAll(async () => {
  await databaseRows[Symbol.asyncDispose]();
  await database.close();
  await unheardRows[Symbol.asyncDispose]();
  await unheard.close();
  await cluster[Symbol.asyncDispose]();
});

function open(options: { hints?: boolean; safetyPollMs?: number; bookmarkMs?: number } = {}) {
  const writer = options.hints === false ? unheard : database;
  const streams = new EventStreams({
    database,
    bus,
    logger,
    safetyPollMs: options.safetyPollMs ?? 60_000,
    bookmarkMs: options.bookmarkMs ?? 60_000,
  });
  const append = (stream: StreamId, count: number, type = 'tick', workspace = workspaceId) =>
    writer.withWorkspace({ workspaceId: workspace }, async (tx) => {
      appendEvents(
        tx,
        stream,
        Array.from({ length: count }, (_, n) => ({ type, payload: { n } })),
      );
      await Promise.resolve();
    });
  return { streams, append };
}

async function take(events: AsyncIterableIterator<StreamEvent>, count: number): Promise<StreamEvent[]> {
  const taken: StreamEvent[] = [];
  while (taken.length < count) {
    const step = await events.next();
    if (step.done) break;
    taken.push(step.value);
  }
  return taken;
}

const sequences = (events: readonly StreamEvent[]) => events.map((event) => event.sequence);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('a new subscriber gets a snapshot of where the stream stands, then each event once and in order', async () => {
  const { streams, append } = open();
  const stream = flowStream(newUuid());
  await append(stream, 3);
  const events = streams.subscribe(scope, stream, { after: null });
  const [snapshot] = await take(events, 1);
  expect(snapshot).toMatchObject({ type: 'stream.snapshot', sequence: 3, previousCursor: null });
  await append(stream, 2);
  const live = await take(events, 2);
  expect(sequences(live)).toEqual([4, 5]);
  expect(live[0]!.previousCursor).toBe(snapshot!.cursor);
  expect(live[1]!.previousCursor).toBe(live[0]!.cursor);
  await streams.close();
});

test('the snapshot of an empty stream is sequence 0, and its cursor resumes from the very start', async () => {
  const { streams, append } = open();
  const stream = flowStream(newUuid());
  const [snapshot] = await take(streams.subscribe(scope, stream, { after: null }), 1);
  expect(snapshot).toMatchObject({ type: 'stream.snapshot', sequence: 0 });
  await append(stream, 2);
  expect(sequences(await take(streams.subscribe(scope, stream, { after: snapshot!.cursor }), 2))).toEqual([1, 2]);
  await streams.close();
});

test('a cursor resumes exactly behind its event, from far behind and while writers write', async () => {
  const { streams, append } = open();
  const stream = flowStream(newUuid());
  const [start] = await take(streams.subscribe(scope, stream, { after: null }), 1);
  await append(stream, 700);
  const writing = (async () => {
    for (let n = 0; n < 20; n += 1) await append(stream, 5);
  })();
  const all = await take(streams.subscribe(scope, stream, { after: start!.cursor }), 800);
  await writing;
  expect(sequences(all)).toEqual(range(1, 800));
  const resumed = await take(streams.subscribe(scope, stream, { after: all[399]!.cursor }), 400);
  expect(resumed.map((event) => event.cursor)).toEqual(all.slice(400).map((event) => event.cursor));
  expect(resumed[0]!.previousCursor).toBe(all[399]!.cursor);
  await streams.close();
}, 60_000);

test('writers that race and roll back leave no gap', async () => {
  const { streams, append } = open();
  const stream = flowStream(newUuid());
  const events = streams.subscribe(scope, stream, { after: null });
  await take(events, 1);
  const failing = () =>
    database
      .withWorkspace(scope, async (tx) => {
        appendEvents(tx, stream, [{ type: 'never', payload: {} }]);
        await Promise.resolve();
        throw new Error('no');
      })
      .catch(() => undefined);
  await Promise.all(range(1, 60).map((n) => (n % 3 === 0 ? failing() : append(stream, 1))));
  const got = await take(events, 40);
  expect(sequences(got)).toEqual(range(1, 40));
  expect(got.every((event) => event.type === 'tick')).toBe(true);
  await streams.close();
}, 60_000);

test('without any hint the safety poll brings the events', async () => {
  const { streams, append } = open({ hints: false, safetyPollMs: 50 });
  const stream = flowStream(newUuid());
  const events = streams.subscribe(scope, stream, { after: null });
  await take(events, 1);
  await append(stream, 3);
  expect(sequences(await take(events, 3))).toEqual([1, 2, 3]);
  await streams.close();
});

test('a cursor of another stream or workspace, or of an event that never was, gives one reset and goes on from now', async () => {
  const { streams, append } = open();
  const [stream, other] = [flowStream(newUuid()), flowStream(newUuid())];
  const foreign = newUuid();
  await append(stream, 2);
  await append(other, 2);
  await append(stream, 2, 'secret', foreign);
  const cursorOf = async (id: StreamId, workspace = workspaceId) =>
    (await take(streams.subscribe({ workspaceId: workspace }, id, { after: null }), 1))[0]!.cursor;
  const forged = Buffer.from(await cursorOf(stream), 'base64url');
  forged[forged.length - 1]! ^= 1;
  for (const after of [await cursorOf(other), await cursorOf(stream, foreign), forged.toString('base64url')]) {
    const events = streams.subscribe(scope, stream, { after });
    const [reset] = await take(events, 1);
    expect(reset).toMatchObject({ type: 'stream.reset', previousCursor: null });
    const next = events.next();
    await append(stream, 1);
    expect((await next).value).toMatchObject({
      type: 'tick',
      sequence: reset!.sequence + 1,
      previousCursor: reset!.cursor,
    });
    await events.return!();
  }
  await streams.close();
});

test('a malformed cursor is refused', async () => {
  const { streams } = open();
  for (const after of ['', 'nonsense', 'A'.repeat(28) + '=', Buffer.alloc(21).toString('base64url')]) {
    expect(() => streams.subscribe(scope, 'flows', { after })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  }
  await streams.close();
});

test('a filtered subscriber keeps the chain of cursors over what it does not see, and gets a bookmark after silence', async () => {
  const { streams, append } = open({ bookmarkMs: 200 });
  const stream = flowStream(newUuid());
  const events = streams.subscribe(scope, stream, { after: null, accepts: (event) => event.type === 'wanted' });
  const [snapshot] = await take(events, 1);
  await append(stream, 2, 'noise');
  await append(stream, 1, 'wanted');
  const [wanted] = await take(events, 1);
  expect(wanted).toMatchObject({ sequence: 3, previousCursor: snapshot!.cursor });
  await append(stream, 2, 'noise');
  const [bookmark] = await take(events, 1);
  expect(bookmark).toMatchObject({ type: 'stream.bookmark', sequence: 5, previousCursor: wanted!.cursor });
  await append(stream, 1, 'wanted');
  expect((await take(events, 1))[0]).toMatchObject({ sequence: 6, previousCursor: bookmark!.cursor });
  await streams.close();
});

test('a hint for a stream that could not be opened harms nobody, and the next subscriber opens it', async () => {
  const unheard: unknown[] = [];
  const note = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', note);
  try {
    const listeners = new Set<() => void>();
    const bus = Object.assign(new InProcessBus(), {
      subscribe: (_channel: string, listener: (message: string) => void) => {
        const hint = () => listener('1');
        listeners.add(hint);
        return Promise.resolve(async () => void listeners.delete(hint));
      },
    });
    let isAway = true;
    const flaky = Object.create(database, {
      readBatch: {
        value: async (...asked: Parameters<Database['readBatch']>) => {
          if (!isAway) return database.readBatch(...asked);
          await new Promise((resolve) => setImmediate(resolve));
          for (const hint of listeners) hint();
          throw new Error('The database is away.');
        },
      },
    }) as Database;
    await using streams = new EventStreams({ database: flaky, bus, logger });
    const stream = flowStream(newUuid());
    await expect(streams.subscribe(scope, stream, { after: null }).next()).rejects.toThrow('away');
    await eventually(() => expect(listeners.size).toBe(0));
    isAway = false;
    expect((await take(streams.subscribe(scope, stream, { after: null }), 1))[0]!.type).toBe('stream.snapshot');
    await new Promise((resolve) => setImmediate(resolve));
    expect(unheard).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

test('return ends a subscription that waits, and close ends them all', async () => {
  const { streams } = open();
  const one = streams.subscribe(scope, flowStream(newUuid()), { after: null });
  await take(one, 1);
  const waiting = one.next();
  await one.return!();
  expect((await waiting).done).toBe(true);
  const two = streams.subscribe(scope, flowStream(newUuid()), { after: null });
  await take(two, 1);
  const alsoWaiting = two.next();
  await streams.close();
  expect((await alsoWaiting).done).toBe(true);
});

test('a slow reader gets everything, and a fast one does not wait for it', async () => {
  const { streams, append } = open();
  const stream = flowStream(newUuid());
  const [slow, fast] = [
    streams.subscribe(scope, stream, { after: null }),
    streams.subscribe(scope, stream, { after: null }),
  ];
  await take(slow, 1);
  await take(fast, 1);
  for (let n = 0; n < 6; n += 1) await append(stream, 100);
  expect(sequences(await take(fast, 600))).toEqual(range(1, 600));
  expect(sequences(await take(slow, 600))).toEqual(range(1, 600));
  await streams.close();
}, 60_000);

test('pages of the log go forward and backward and know their ends', async () => {
  const { append, streams } = open();
  const stream = flowStream(newUuid());
  await append(stream, 10);
  const page = async (request: Partial<Parameters<typeof eventPage>[2]>) => {
    const { statement, toPage } = eventPage(workspaceId, stream, {
      first: null,
      after: null,
      last: null,
      before: null,
      ...request,
    });
    return toPage(await database.read(scope, statement));
  };
  const first = await page({ first: 4 });
  expect(first.items.map((item) => item.event.sequence)).toEqual([1, 2, 3, 4]);
  expect(first).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const rest = await page({ first: 100, after: first.items.at(-1)!.cursor });
  expect(rest.items.map((item) => item.event.sequence)).toEqual([5, 6, 7, 8, 9, 10]);
  expect(rest).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const last = await page({ last: 3 });
  expect(last.items.map((item) => item.event.sequence)).toEqual([8, 9, 10]);
  expect(last).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const before = await page({ last: 100, before: last.items[0]!.cursor });
  expect(before.items.map((item) => item.event.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(before).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  await expect(page({ first: 1, last: 1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(page({ first: 101 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await streams.close();
});
