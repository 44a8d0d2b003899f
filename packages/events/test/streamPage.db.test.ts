import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { flowStream } from '@tributary/contracts/events';
import type { StreamId } from '@tributary/contracts/events';
import { Database } from '@tributary/data';
import { appendEvents, EventStreams, InProcessBus, readStreamPage, retireEvents } from '@tributary/events';
import type { LoggedEvent, StreamEvent, StreamPage } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import { createLogger } from '@tributary/observability';

let cluster: Awaited<ReturnType<typeof startTestDatabase>>;
let database: Database;
let databaseRows: AsyncDisposable;
let admin: pg.Client;
let streams: EventStreams;
const logger = createLogger({ name: 'test', level: 'silent' });
const bus = new InProcessBus();
const week = 7 * 24 * 3_600_000;

beforeAll(async () => {
  cluster = await startTestDatabase();
  admin = new pg.Client({ connectionString: cluster.superuserUrl });
  await admin.connect();
  database = await Database.open({ url: cluster.appUrl, entities: [], logger, poolSize: 4, hints: bus });
  databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
  streams = new EventStreams({ database, bus, logger, safetyPollMs: 50 });
}, 60_000);
afterAll(async () => {
  await streams.close();
  await databaseRows[Symbol.asyncDispose]();
  await database.close();
  await bus.close();
  await admin.end();
  await cluster[Symbol.asyncDispose]();
});

describe('a page of a stream', () => {
  let workspaceId: string;
  beforeEach(() => {
    workspaceId = newUuid();
  });

  const append = (stream: StreamId, count: number) =>
    database.withWorkspace({ workspaceId }, async (transaction) => {
      const events = Array.from({ length: count }, (_, n) => ({ type: 'tick', payload: { n } }));
      appendEvents(transaction, stream, events);
      await Promise.resolve();
    });
  const page = (stream: StreamId, first: number, after: string | null, accepts?: (event: LoggedEvent) => boolean) =>
    readStreamPage(database, { workspaceId }, stream, { first, after, ...(accepts ? { accepts } : {}) });
  const sequences = ({ items }: StreamPage) => items.map(({ sequence }) => sequence);
  const retire = async (stream: StreamId, upTo: number) => {
    await admin.query(
      `update event set at = at - interval '8 days' where workspace_id = $1 and stream_id = $2 and seq <= $3`,
      [workspaceId, stream, upTo],
    );
    await retireEvents(database, new Date(Date.now() - week));
  };
  async function watched(stream: StreamId, after: string, count: number): Promise<StreamEvent[]> {
    const events = streams.subscribe({ workspaceId }, stream, { after });
    const seen: StreamEvent[] = [];
    while (seen.length < count) seen.push((await events.next()).value as StreamEvent);
    await events.return?.();
    return seen;
  }

  test('has the events that a subscription from the same cursor has, and its cursors are good for both', async () => {
    await append('flows', 30);
    const begin = await page('flows', 5, null);
    expect(sequences(begin)).toEqual([1, 2, 3, 4, 5]);
    const live = await watched('flows', begin.endCursor, 25);
    const paged: StreamEvent[] = [];
    let after = begin.endCursor;
    for (;;) {
      const next = await page('flows', 7, after);
      paged.push(...next.items);
      after = next.endCursor;
      if (!next.hasNextPage) break;
    }
    expect(paged).toEqual(live);
    expect(await page('flows', 3, live[9]!.cursor)).toMatchObject({ items: live.slice(10, 13) });
  });

  test('ends where it was read up to, also when the filter let nothing through', async () => {
    await append('flows', 600);
    const nothing = await page('flows', 10, null, () => false);
    expect(nothing).toMatchObject({ items: [], hasNextPage: false });
    await append('flows', 1);
    expect(sequences(await page('flows', 10, nothing.endCursor))).toEqual([601]);
    const some = await page('flows', 2, null, ({ payload }) => Number(payload['n']) % 250 === 0);
    expect(sequences(some)).toEqual([1, 251]);
    expect(some.hasNextPage).toBe(true);
    expect(some.items[1]!.previousCursor).toBe(some.items[0]!.cursor);
  });

  test('looks at no more than a part of a long log, and goes on from there', async () => {
    for (let n = 0; n < 5; n += 1) await append('flows', 500);
    const part = await page('flows', 10, null, () => false);
    expect(part).toMatchObject({ items: [], hasNextPage: true });
    const rest = await page('flows', 100, part.endCursor);
    expect(rest.items[0]!.sequence).toBeGreaterThan(2_000);
    expect(rest.items[0]!.sequence).toBeLessThan(2_500);
  });

  test('of an empty stream has a cursor to go on from', async () => {
    const empty = await page('flows', 10, null);
    expect(empty).toMatchObject({ items: [], hasNextPage: false, hasPreviousPage: false });
    await append('flows', 2);
    expect(sequences(await page('flows', 10, empty.endCursor))).toEqual([1, 2]);
  });

  test('says which numbers are missing when the log no longer holds them, and goes on behind them', async () => {
    await append('flows', 20);
    const old = await page('flows', 4, null);
    await retire('flows', 12);
    const after = await page('flows', 3, old.endCursor);
    expect(after.items.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['stream.reset', 12],
      ['tick', 13],
      ['tick', 14],
    ]);
    expect(after.items[0]!.payload).toEqual({ reason: 'POSITION_GONE', fromSequence: 5, toSequence: 12 });
    expect(sequences(await page('flows', 3, after.items[0]!.cursor))).toEqual([13, 14, 15]);
    expect(sequences(await page('flows', 2, null))).toEqual([13, 14]);
  });

  test('of one flow shows its whole history', async () => {
    const stream = flowStream(newUuid());
    await append(stream, 10);
    const begin = await page(stream, 2, null);
    await retire(stream, 8);
    expect(sequences(await page(stream, 3, begin.endCursor))).toEqual([3, 4, 5]);
  });

  test.each(['another stream', 'another workspace', 'a made-up place'])('refuses a cursor of %s', async (whose) => {
    await append('flows', 3);
    await append('alerts', 3);
    const mine = (await page('flows', 1, null)).endCursor;
    const other = newUuid();
    const foreign = {
      'another stream': async () => (await page('alerts', 1, null)).endCursor,
      'another workspace': async () =>
        (await readStreamPage(database, { workspaceId: other }, 'flows', { first: 1, after: null })).endCursor,
      'a made-up place': async () => {
        const bytes = Buffer.from(mine, 'base64url');
        bytes.writeUIntBE(2, 9, 6);
        return Promise.resolve(bytes.toString('base64url'));
      },
    }[whose]!;
    await expect(page('flows', 1, await foreign())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test.each([0, 101])('refuses a size of %s', async (first) => {
    await expect(page('flows', first, null)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
