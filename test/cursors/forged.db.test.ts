import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { isCodedError } from '@tributary/contracts/errors';
import { newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { Database } from '@tributary/data';
import { appendEvents, eventPage, EventStreams, InProcessBus, retireEvents } from '@tributary/events';
import { flowStream } from '@tributary/contracts/events';
import type { StreamEvent } from '@tributary/events';
import type { StreamId } from '@tributary/contracts/events';
import { startTestDatabase } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import type { TestDatabase } from '@tributary/kit';
import { forgeCursors } from '../../prove/cursors/forgeCursors.ts';
import type { ForgedCursor } from '../../prove/cursors/forgeCursors.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const [mine, theirs] = [newUuid(), newUuid()];
const count = 60;
const stale = 20;

describe('a cursor that the stream does not hold', () => {
  let cluster: TestDatabase;
  let database: Database;
  let databaseRows: AsyncDisposable;
  let admin: pg.Client;
  const bus = new InProcessBus();
  let streams: EventStreams;

  beforeAll(async () => {
    cluster = await startTestDatabase();
    admin = new pg.Client({ connectionString: cluster.superuserUrl });
    await admin.connect();
    database = await Database.open({ url: cluster.appUrl, entities: [], logger, poolSize: 4, hints: bus });
    databaseRows = giveRowsToWorkspaces(database, cluster.superuserUrl);
    streams = new EventStreams({ database, bus, logger, safetyPollMs: 60_000 });
  });
  afterAll(async () => {
    await streams.close();
    await databaseRows[Symbol.asyncDispose]();
    await database.close();
    await admin.end();
    await cluster[Symbol.asyncDispose]();
  });

  const append = (workspaceId: string, stream: StreamId, events: number) =>
    database.withWorkspace({ workspaceId }, async (transaction) => {
      const whose = workspaceId === mine ? 'mine' : 'canary';
      appendEvents(
        transaction,
        stream,
        Array.from({ length: events }, () => ({ type: 'tick', payload: { whose } })),
      );
      await Promise.resolve();
    });
  const next = async (events: AsyncIterator<StreamEvent>) => (await events.next()).value as StreamEvent;

  /** The cursors of a new stream of `count` events. */
  async function fill(workspaceId: string, stream: StreamId): Promise<string[]> {
    const events = streams.subscribe({ workspaceId }, stream, { after: null });
    await next(events);
    await append(workspaceId, stream, count);
    const cursors: string[] = [];
    while (cursors.length < count) cursors.push((await next(events)).cursor);
    await events.return?.();
    return cursors;
  }

  async function attack(stream: StreamId, seed: number) {
    const all = await fill(mine, stream);
    await admin.query(
      `update event set at = at - interval '8 days' where workspace_id = $1 and stream_id = $2 and seq <= $3`,
      [mine, stream, stale],
    );
    await retireEvents(database, new Date(Date.now() - 7 * 86_400_000));
    const otherStreams = await fill(mine, flowStream(newUuid()));
    const otherWorkspaces = [...(await fill(theirs, stream)), ...(await fill(theirs, flowStream(newUuid())))];
    // Event `stale` itself can still be gone on from.
    const genuine = {
      own: all.slice(stale - 1),
      otherStreams,
      otherWorkspaces,
      stale: all.slice(0, stale - 1),
      lists: ['WyJmbG93cyIsMV0'],
    };
    return { all, forged: forgeCursors(genuine, seed) };
  }

  test.each<[StreamId, number]>([
    [flowStream(newUuid()), 11],
    ['flows', 12],
    ['alerts', 13],
  ])('gets one reset or INVALID_INPUT from a subscription to %s, and nothing of anybody else', async (stream, seed) => {
    const { all, forged } = await attack(stream, seed);
    const outcomes: Record<string, number> = {};
    for (let n = 0; n < 150; n += 1) {
      const probe: ForgedCursor = forged.next().value;
      let outcome: string;
      try {
        const events = streams.subscribe({ workspaceId: mine }, stream, { after: probe.cursor });
        const first = await next(events);
        outcome = first.type;
        expect({ ...probe, ...first }).toMatchObject({ type: 'stream.reset', previousCursor: null });
        const head = first.cursor;
        await append(mine, stream, 1);
        expect(await next(events)).toMatchObject({ type: 'tick', previousCursor: head, payload: { whose: 'mine' } });
        await events.return?.();
      } catch (error) {
        if (!isCodedError(error)) throw error;
        outcome = error.code;
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    expect(Object.keys(outcomes).sort()).toEqual(['INVALID_INPUT', 'stream.reset']);
    // What the log holds is gone on from: the probes above are not refused for another reason.
    const genuine = streams.subscribe({ workspaceId: mine }, stream, { after: all[stale]! });
    expect(await next(genuine)).toMatchObject({ type: 'tick', sequence: stale + 2 });
    await genuine.return?.();
  });

  test('is INVALID_INPUT in the pages of a flow’s history, where the old ones stay good', async () => {
    const stream = flowStream(newUuid());
    const { all, forged } = await attack(stream, 14);
    const page = async (direction: 'after' | 'before', cursor: string) => {
      const none = { first: null, after: null, last: null, before: null };
      const request =
        direction === 'after' ? { ...none, first: 5, after: cursor } : { ...none, last: 5, before: cursor };
      const { statement, toPage } = eventPage(mine, stream, request);
      return toPage(await database.read({ workspaceId: mine }, statement)).items.map(({ event }) => event.sequence);
    };
    for (let n = 0; n < 150; n += 1) {
      const { kind, cursor } = forged.next().value;
      for (const direction of ['after', 'before'] as const) {
        const answer = page(direction, cursor);
        if (all.includes(cursor)) await answer;
        else
          await expect(answer.then((items) => ({ kind, cursor, items }))).rejects.toMatchObject({
            code: 'INVALID_INPUT',
          });
      }
    }
    expect(await page('after', all[9]!)).toEqual([11, 12, 13, 14, 15]);
    expect(await page('before', all[9]!)).toEqual([5, 6, 7, 8, 9]);
  });
});
