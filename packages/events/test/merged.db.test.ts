import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { isCodedError } from '@tributary/contracts/errors';
import type { StreamId } from '@tributary/contracts/events';
import { Database } from '@tributary/data';
import { appendEvents, EventStreams, InProcessBus, readMergedPage, retireEvents } from '@tributary/events';
import type { Merge, MergedEvent } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { endConnections, Random, startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import type { TestDatabase } from '@tributary/kit';
import { createLogger } from '@tributary/observability';

const logger = createLogger({ name: 'test', level: 'silent' });
const all: readonly StreamId[] = ['flows', 'alerts', 'traces'];
const merge: Merge = { name: 'test', streams: all, folded: new Set(['traces']), leaveOut: ['large'], settleMs: 150 };
// Longer than a commit takes on a machine that has much to do: what commits later is handed out late.
const plain: Merge = { ...merge, folded: new Set(), settleMs: 2_000 };

describe('several streams as one', () => {
  let cluster: TestDatabase;
  let database: Database;
  let databaseRows: AsyncDisposable;
  /** Of those who follow: its connections are cut. */
  let reading: Database;
  let admin: pg.Client;
  const bus = new InProcessBus();
  let streams: EventStreams;

  beforeAll(async () => {
    cluster = await startTestDatabase();
    admin = new pg.Client({ connectionString: cluster.superuserUrl });
    await admin.connect();
    database = await Database.open({ url: cluster.appUrl, entities: [], logger, poolSize: 8, hints: bus });
    databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
    reading = await Database.open({
      url: cluster.appUrl,
      entities: [],
      logger,
      hints: bus,
      applicationName: 'reading',
    });
    streams = new EventStreams({ database: reading, bus, logger, safetyPollMs: 200 });
  }, 60_000);
  afterAll(async () => {
    await streams.close();
    await reading.close();
    await databaseRows[Symbol.asyncDispose]();
    await database.close();
    await admin.end();
    await cluster[Symbol.asyncDispose]();
  });

  const append = (workspaceId: string, stream: StreamId, payloads: readonly object[]) =>
    database.withWorkspace({ workspaceId }, async (transaction) => {
      appendEvents(
        transaction,
        stream,
        payloads.map((payload) => ({ type: `${stream}.tick`, payload: { ...payload, large: 'x' } })),
      );
      await Promise.resolve();
    });
  const namesOf = ({ stream, events }: Pick<MergedEvent, 'stream' | 'events'>) =>
    events.map(({ sequence }) => `${stream} ${sequence}`);
  const next = async (events: AsyncIterator<MergedEvent>) => (await events.next()).value as MergedEvent;

  /** Everything, newest first, page by page. */
  async function walk(workspaceId: string, which: Merge, first: number, of = all) {
    const items: Awaited<ReturnType<typeof readMergedPage>>['items'][number][] = [];
    for (let after: string | null = null; ;) {
      const page = await readMergedPage(database, { workspaceId }, { merge: which, streams: of, first, after });
      items.push(...page.items);
      if (!page.hasNextPage || page.items.length === 0) return items;
      after = page.items.at(-1)!.cursor;
    }
  }

  test('whoever is cut off again and again and goes on with the last cursor sees each event once, in the order that pages have', async () => {
    const [mine, theirs] = [newUuid(), newUuid()];
    const random = new Random(11);
    const perStream = 80;
    const writing = Promise.all(
      [mine, theirs].flatMap((workspaceId) =>
        all.map(async (stream) => {
          for (let n = 0; n < perStream; n += 4) {
            await append(workspaceId, stream, [{ n }, { n: n + 1 }, { n: n + 2 }, { n: n + 3 }]);
            await delay(random.next() * 15);
          }
        }),
      ),
    );
    const seen: string[] = [];
    let cursor = (
      await readMergedPage(database, { workspaceId: mine }, { merge: plain, streams: all, first: 1, after: null })
    ).streamCursor;
    let cuts = 0;
    while (seen.length < all.length * perStream) {
      const events = streams.subscribeMerged({ workspaceId: mine }, plain, all, cursor);
      const until = seen.length + 1 + Math.floor(random.next() * 12);
      try {
        while (seen.length < until && seen.length < all.length * perStream) {
          const event = await next(events);
          expect(event.previousCursor).toBe(cursor);
          seen.push(...namesOf(event));
          cursor = event.cursor;
          // As when PostgreSQL falls: whoever reads or waits at the moment gets an error.
          if (random.next() < 0.05) await endConnections(admin, { applicationName: 'reading' });
        }
      } catch (error) {
        if (!isCodedError(error)) throw error;
      }
      cuts += 1;
      await events.return?.();
    }
    await writing;
    expect(cuts).toBeGreaterThan(10);
    const inOrder = (await walk(mine, plain, 7)).toReversed().flatMap(namesOf);
    expect(inOrder).toHaveLength(all.length * perStream);
    expect(seen).toEqual(inOrder);
    for (const stream of all) {
      const numbers = seen.filter((name) => name.startsWith(`${stream} `)).map((name) => Number(name.split(' ')[1]));
      expect(numbers).toEqual(Array.from({ length: perStream }, (_, n) => n + 1));
    }
  }, 60_000);

  test('what happened in several streams within one millisecond has one order, for pages, followers and whoever goes on', async () => {
    const workspaceId = newUuid();
    const start = (
      await readMergedPage(database, { workspaceId }, { merge: plain, streams: all, first: 1, after: null })
    ).streamCursor;
    for (let n = 0; n < 4; n += 1) for (const stream of all) await append(workspaceId, stream, [{ n }, { n }]);
    await admin.query(
      `update event set at = date_trunc('milliseconds', now()) - interval '5 s' where workspace_id = $1`,
      [workspaceId],
    );
    const pages = (await walk(workspaceId, plain, 3)).toReversed().flatMap(namesOf);
    expect(pages).toEqual(
      [...all].sort().flatMap((stream) => Array.from({ length: 8 }, (_, n) => `${stream} ${n + 1}`)),
    );
    const followed: string[] = [];
    for (let cursor = start; followed.length < pages.length;) {
      // A follower for each event: it goes on behind the one before.
      const events = streams.subscribeMerged({ workspaceId }, plain, all, cursor);
      const event = await next(events);
      followed.push(...namesOf(event));
      cursor = event.cursor;
      await events.return?.();
    }
    expect(followed).toEqual(pages);
  });

  test('what happened in one minute of a folded stream is one item of a hundred events at most, cut alike for pages and followers', async () => {
    const workspaceId = newUuid();
    await append(
      workspaceId,
      'traces',
      Array.from({ length: 250 }, (_, n) => ({ n })),
    );
    await append(workspaceId, 'flows', [{ n: 0 }]);
    await admin.query(
      `update event set at = date_trunc('minute', now()) - interval '3 minutes' + case when seq > 230 then interval '70 s' else interval '1 s' end
       where workspace_id = $1 and stream_id = 'traces'`,
      [workspaceId],
    );
    await delay(plain.settleMs + 50);
    const pages = (await walk(workspaceId, merge, 2)).toReversed().map(namesOf);
    expect(pages.map((names) => [names[0], names.at(-1)])).toEqual([
      ['traces 1', 'traces 100'],
      ['traces 101', 'traces 200'],
      ['traces 201', 'traces 230'],
      ['traces 231', 'traces 250'],
      ['flows 1', 'flows 1'],
    ]);
    const [oldest] = (await walk(workspaceId, merge, 50)).toReversed();
    const events = streams.subscribeMerged({ workspaceId }, merge, all, oldest!.cursor);
    const followed: string[][] = [];
    while (followed.length < 4) {
      const event = await next(events);
      expect(event.events[0]!.payload).not.toHaveProperty('large');
      followed.push(namesOf(event));
    }
    await events.return?.();
    expect(followed).toEqual(pages.slice(1));
  });

  test('a position that a stream no longer holds resets that stream alone', async () => {
    const workspaceId = newUuid();
    await append(workspaceId, 'flows', [{ n: 0 }, { n: 1 }, { n: 2 }]);
    await delay(5);
    await append(workspaceId, 'alerts', [{ n: 0 }]);
    await delay(plain.settleMs + 50);
    const oldest = (await walk(workspaceId, plain, 10)).at(-1)!;
    await append(workspaceId, 'alerts', [{ n: 1 }]);
    await admin.query(`update event set at = at - interval '10 days' where workspace_id = $1 and stream_id = 'flows'`, [
      workspaceId,
    ]);
    await retireEvents(database, new Date(Date.now() - 86_400_000));
    const events = streams.subscribeMerged({ workspaceId }, plain, all, oldest.cursor);
    const word = await next(events);
    expect([word.type, word.lost, word.previousCursor]).toEqual(['stream.reset', ['flows'], null]);
    expect(namesOf(await next(events))).toEqual(['alerts 1']);
    expect(namesOf(await next(events))).toEqual(['alerts 2']);
    await events.return?.();
  });

  test('a reader of some of the streams sees nothing of the others, and a cursor of another workspace leads nowhere', async () => {
    const [mine, theirs] = [newUuid(), newUuid()];
    for (const workspaceId of [mine, theirs])
      for (const stream of all) await append(workspaceId, stream, [{ n: 0 }, { n: 1 }]);
    await delay(plain.settleMs + 50);
    const some = await walk(mine, plain, 10, ['alerts']);
    expect(some.flatMap(namesOf)).toEqual(['alerts 2', 'alerts 1']);
    const [foreign] = await walk(theirs, plain, 10);
    const events = streams.subscribeMerged({ workspaceId: mine }, plain, all, foreign!.cursor);
    expect((await next(events)).type).toBe('stream.reset');
    await events.return?.();
    const request = { merge: plain, streams: all, first: 5 };
    for (const after of [foreign!.cursor, some[0]!.cursor, 'AgAA', 'no cursor'])
      await expect(readMergedPage(database, { workspaceId: mine }, { ...request, after })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
  });
});
