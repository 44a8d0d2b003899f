import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database } from '@tributary/data';
import { appendEvents, eventPage, EventStreams, InProcessBus, retireEvents } from '@tributary/events';
import { flowStream } from '@tributary/contracts/events';
import type { StreamEvent } from '@tributary/events';
import type { StreamId } from '@tributary/contracts/events';
import { eventually, startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';

let cluster: Awaited<ReturnType<typeof startTestDatabase>>;
let database: Database;
let databaseRows: AsyncDisposable;
let admin: pg.Client;
const logger = createLogger({ name: 'test', level: 'silent' });
const week = 7 * 24 * 3_600_000;
const bus = new InProcessBus();
const beforeLastWeek = () => new Date(Date.now() - week);

beforeAll(async () => {
  cluster = await startTestDatabase();
  admin = new pg.Client({ connectionString: cluster.superuserUrl });
  await admin.connect();
  database = await Database.open({ url: cluster.appUrl, entities: [], logger, poolSize: 8, hints: bus });
  databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
}, 60_000);
afterAll(async () => {
  await databaseRows[Symbol.asyncDispose]();
  await database.close();
  await bus.close();
  await admin.end();
  await cluster[Symbol.asyncDispose]();
});

describe('retireEvents', () => {
  let workspaceId: string;
  let streams: EventStreams;
  beforeEach(() => {
    workspaceId = newUuid();
    streams = new EventStreams({ database, bus, logger, safetyPollMs: 50 });
  });
  afterEach(async () => {
    await streams.close();
  });

  const append = (stream: StreamId, count: number) =>
    database.withWorkspace({ workspaceId }, async (transaction) => {
      const events = Array.from({ length: count }, (_, n) => ({ type: 'tick', payload: { n } }));
      appendEvents(transaction, stream, events);
      await Promise.resolve();
    });
  const age = (stream: StreamId, upTo: number) =>
    admin.query(
      `update event set at = at - interval '8 days' where workspace_id = $1 and stream_id = $2 and seq <= $3`,
      [workspaceId, stream, upTo],
    );
  const held = async (stream: StreamId) => {
    const { rows } = await admin.query<{ min: number; rows: number[] }>(
      `select h.min_seq::int as min, array(select seq::int from event e where e.workspace_id = $1 and e.stream_id = $2 order by seq) as rows
       from stream_head h where workspace_id = $1 and stream_id = $2`,
      [workspaceId, stream],
    );
    return rows[0]!;
  };
  const watch = (stream: StreamId, after: string | null) => streams.subscribe({ workspaceId }, stream, { after });

  async function take(events: AsyncIterableIterator<StreamEvent>, count: number): Promise<StreamEvent[]> {
    const taken: StreamEvent[] = [];
    while (taken.length < count) taken.push((await events.next()).value as StreamEvent);
    return taken;
  }

  /** The cursors of events 0 (before the first) to `count`, of a stream that was empty. */
  async function fill(stream: StreamId, count: number): Promise<string[]> {
    const events = watch(stream, null);
    const [snapshot] = await take(events, 1);
    await append(stream, count);
    const all = await take(events, count);
    await events.return?.();
    return [snapshot!, ...all].map(({ cursor }) => cursor);
  }

  test('an old cursor gets one reset and goes on; one that has missed nothing goes on as if nothing had happened', async () => {
    const cursors = await fill('flows', 10);
    await age('flows', 6);
    expect(await retireEvents(database, beforeLastWeek())).toEqual({ retired: 6, deleted: 5 });
    expect(await held('flows')).toEqual({ min: 7, rows: [6, 7, 8, 9, 10] });

    for (const sequence of [0, 1, 5]) {
      const events = watch('flows', cursors[sequence]!);
      const [reset] = await take(events, 1);
      expect(reset).toMatchObject({ type: 'stream.reset', sequence: 10, previousCursor: null, cursor: cursors[10] });
      expect(reset!.payload).toMatchObject({ reason: 'POSITION_GONE' });
      await events.return?.();
    }
    const [next] = await take(watch('flows', cursors[6]!), 1);
    expect(next).toMatchObject({ type: 'tick', sequence: 7, previousCursor: cursors[6] });
  });

  test('the last event of a stream that fell silent still resumes, and what comes after it is delivered', async () => {
    const cursors = await fill('alerts', 4);
    await age('alerts', 4);
    await retireEvents(database, beforeLastWeek());
    expect(await held('alerts')).toEqual({ min: 5, rows: [4] });
    const events = watch('alerts', cursors[4]!);
    await append('alerts', 2);
    expect((await take(events, 2)).map(({ sequence }) => sequence)).toEqual([5, 6]);
    const [snapshot] = await take(watch('alerts', null), 1);
    expect(snapshot).toMatchObject({ type: 'stream.snapshot', sequence: 6 });
  });

  test('a flow keeps its history: replay ends, the pages stay', async () => {
    const stream = flowStream(newUuid());
    const cursors = await fill(stream, 30);
    await age(stream, 30);
    expect(await retireEvents(database, beforeLastWeek())).toEqual({ retired: 30, deleted: 0 });
    const [reset] = await take(watch(stream, cursors[3]!), 1);
    expect(reset).toMatchObject({ type: 'stream.reset', sequence: 30 });
    const request = { first: 100, after: cursors[3]!, last: null, before: null };
    const { statement, toPage } = eventPage(workspaceId, stream, request);
    const page = toPage(await database.read({ workspaceId }, statement));
    expect(page.items.map(({ event }) => event.sequence)).toEqual(Array.from({ length: 27 }, (_, n) => n + 4));
  });

  test('what a durable consumer has still to read stays, however old', async () => {
    await append('flows', 10);
    await age('flows', 10);
    await admin.query(
      `insert into consumer_position (workspace_id, consumer, stream_id, seq) values ($1, 'c', 'flows', 4)`,
      [workspaceId],
    );
    await retireEvents(database, beforeLastWeek());
    expect(await held('flows')).toEqual({ min: 5, rows: [4, 5, 6, 7, 8, 9, 10] });
    await admin.query('update consumer_position set seq = 10 where workspace_id = $1', [workspaceId]);
    await retireEvents(database, beforeLastWeek());
    expect(await held('flows')).toEqual({ min: 11, rows: [10] });
  });

  test('finds every old stream of every workspace, page by page, and leaves young ones alone', async () => {
    const young = newUuid();
    await admin.query(
      `with streams as (select gen_random_uuid() as workspace_id, 'flow:' || gen_random_uuid() as stream_id from generate_series(1, 1200)),
       heads as (insert into stream_head (workspace_id, stream_id, last_seq) select workspace_id, stream_id, 2 from streams)
       insert into event (workspace_id, stream_id, seq, event_id, type, payload, at)
       select workspace_id, stream_id, n, gen_random_uuid(), 'tick', '{}', now() - interval '8 days' from streams, generate_series(1, 2) n`,
    );
    await admin.query(`insert into stream_head (workspace_id, stream_id, last_seq) values ($1, 'flows', 1)`, [young]);
    await admin.query(
      `insert into event (workspace_id, stream_id, seq, event_id, type, payload) values ($1, 'flows', 1, gen_random_uuid(), 'tick', '{}')`,
      [young],
    );
    expect(await retireEvents(database, beforeLastWeek())).toEqual({ retired: 2_400, deleted: 0 });
    expect(await retireEvents(database, beforeLastWeek())).toEqual({ retired: 0, deleted: 0 });
  }, 30_000);

  test('while one process is at it, another leaves at once', async () => {
    await append('flows', 3);
    await age('flows', 3);
    await admin.query('begin');
    await admin.query(`select pg_advisory_xact_lock(7203003, hashtext('event retention'))`);
    expect(await retireEvents(database, beforeLastWeek())).toEqual({ retired: 0, deleted: 0 });
    await admin.query('rollback');
    expect(await retireEvents(database, beforeLastWeek())).toEqual({ retired: 3, deleted: 2 });
  });

  test('with writers, readers and two processes that retire at once, a reader sees each event once and in order or is reset', async () => {
    const start = (await take(watch('flows', null), 1))[0]!.cursor;
    let writing = true;
    const writers = [0, 1].map(async () => {
      for (let turn = 0; turn < 40; turn += 1) await append('flows', 20);
    });
    // Everything is old at once here, so what is retired comes right up to what is being written and read.
    const retiring = [0, 1].map(async () => {
      while (writing) await retireEvents(database, new Date(Date.now() - 15));
    });
    const last = 1_600;
    let resets = 0;
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      let cursor = start;
      let sequence = 0;
      while (sequence < last) {
        const events = watch('flows', cursor);
        // Leaves now and then, so that it is behind when it comes back.
        for (let n = 0; n < 50 * (reader + 1) && sequence < last; n += 1) {
          const event = (await events.next()).value as StreamEvent;
          if (event.type === 'stream.reset') resets += 1;
          else {
            expect(event.sequence).toBe(sequence + 1);
            expect(event.previousCursor).toBe(cursor);
          }
          expect(event.sequence).toBeGreaterThanOrEqual(sequence);
          ({ cursor, sequence } = event);
        }
        await events.return?.();
        // One stays away until its place is gone.
        if (reader === 0 && sequence < last)
          await eventually(async () => expect((await held('flows')).min).toBeGreaterThan(sequence + 1));
      }
    });
    await Promise.all([...writers, ...readers]);
    writing = false;
    await Promise.all(retiring);
    expect(resets).toBeGreaterThan(0);
    const { rows } = await held('flows');
    expect(rows.at(-1)).toBe(last);
  }, 60_000);

  test('a process that slept while its place was retired resets its subscribers and goes on', async () => {
    const itsBus = new InProcessBus();
    await using asleep = new EventStreams({ database, bus: itsBus, logger, safetyPollMs: 60_000 });
    const events = asleep.subscribe({ workspaceId }, 'flows', { after: null });
    await take(events, 1);
    await append('flows', 5);
    await age('flows', 5);
    await retireEvents(database, beforeLastWeek());
    await append('flows', 2);
    itsBus.publish(`event:${workspaceId}:stream:flows`, '7');
    const [reset] = await take(events, 1);
    expect(reset).toMatchObject({ type: 'stream.reset', sequence: 7 });
    await append('flows', 1);
    itsBus.publish(`event:${workspaceId}:stream:flows`, '8');
    expect((await take(events, 1))[0]).toMatchObject({ type: 'tick', sequence: 8, previousCursor: reset!.cursor });
  });
});
