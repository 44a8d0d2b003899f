import { describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { isReset } from '../src/index.js';
import type { FlowEvent } from '../src/index.js';
import { clientOf, readTo, upTo } from './quickClient.js';
import { cursorOf, forever, honest, logged, resetAt, ScriptedServer, snapshotAt } from './scriptedServer.js';

describe('what follows the last event', () => {
  test('is delivered, and an exact repeat is not', async () => {
    await using server = await ScriptedServer.start(async function* () {
      for (const event of [snapshotAt(0), snapshotAt(0), logged(1), logged(1), logged(2)]) yield event;
      await forever();
    });
    using client = clientOf(server);
    const seen: FlowEvent[] = [];
    await readTo(client.flowProgress('flow_1'), 2, seen);
    expect(seen.map((event) => event.sequence)).toEqual([0, 1, 2]);
    expect(server.subscribers).toHaveLength(1);
  });

  test('is asked for again when there is a gap, which nobody gets to see', async () => {
    await using server = await ScriptedServer.start(async function* ({ after, number }) {
      if (number === 1) for (const event of [snapshotAt(0), logged(1), logged(3), logged(4)]) yield event;
      else yield* honest(after, 4);
      await forever();
    });
    using client = clientOf(server);
    expect(await readTo(client.flowProgress('flow_1'), 4)).toEqual(upTo(4));
    expect(server.subscribers.map(({ after }) => after)).toEqual([null, cursorOf(1)]);
    await eventually(() => expect(server.running).toBe(0));
  });

  test('is not an old event, nor one from a stream that skips its snapshot', async () => {
    await using server = await ScriptedServer.start(async function* ({ after, number }) {
      if (number === 1) yield logged(1);
      else if (number === 2) for (const event of [snapshotAt(0), logged(1), logged(2), logged(1)]) yield event;
      else yield* honest(after, 3);
      await forever();
    });
    using client = clientOf(server);
    expect(await readTo(client.flowProgress('flow_1'), 3)).toEqual(upTo(3));
    expect(server.subscribers.map(({ after }) => after)).toEqual([null, null, cursorOf(2)]);
  });

  test('is waited for longer each time while the server keeps leaving something out', async () => {
    await using server = await ScriptedServer.start(async function* () {
      yield logged(5);
      await forever();
    });
    using client = clientOf(server, { retry: { minDelayMs: 1000, maxDelayMs: 1000 } });
    void client.flowProgress('flow_1', { after: cursorOf(1) }).next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.subscribers.length).toBeLessThan(8);
  });

  test('after a reset is what follows the reset, which the reader is told of', async () => {
    await using server = await ScriptedServer.start(async function* () {
      for (const event of [resetAt(40), logged(41), resetAt(50), logged(51)]) yield event;
      await forever();
    });
    using client = clientOf(server);
    const seen: FlowEvent[] = [];
    expect(await readTo(client.flowProgress('flow_1', { after: cursorOf(1) }), 51, seen)).toEqual([41, 51]);
    expect(seen.filter(isReset).map((event) => event.data.reason)).toEqual(['POSITION_GONE', 'POSITION_GONE']);
  });

  test('after a bookmark is what follows the bookmark', async () => {
    await using server = await ScriptedServer.start(async function* ({ after, number }) {
      if (number === 1) {
        for (const event of [
          snapshotAt(0),
          logged(1),
          logged(7, { type: 'stream.bookmark', previousCursor: cursorOf(1) }),
        ])
          yield event;
        return;
      }
      yield* honest(after, 8);
      await forever();
    });
    using client = clientOf(server);
    expect(await readTo(client.flowUpdates(), 8)).toEqual([1, 8]);
    expect(server.subscribers[1]!.after).toBe(cursorOf(7));
  });

  test('comes with the errors of what could not be joined', async () => {
    const errors = [
      {
        message: 'Alerts are away.',
        path: ['flowProgress', 'flow', 'alerts'],
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ];
    await using server = await ScriptedServer.start(async function* () {
      yield snapshotAt(0);
      yield logged(1, { errors });
      await forever();
    });
    using client = clientOf(server);
    const seen: FlowEvent[] = [];
    await readTo(client.flowProgress('flow_1', { selection: 'flow { alerts(first: 1) { nodes { id } } }' }), 1, seen);
    expect(seen.map((event) => event.errors)).toEqual([undefined, errors]);
  });

  test('is not piled up for a reader who is slow', async () => {
    await using server = await ScriptedServer.start(async function* ({ after }) {
      yield* honest(after, 500);
      await forever();
    });
    using client = clientOf(server, { maxUnread: 32 });
    const events = client.flowProgress('flow_1');
    await events.next();
    await eventually(() => expect([server.subscribers.length, server.running]).toEqual([1, 0]));
    expect(await readTo(events, 500)).toEqual(upTo(500));
    expect(server.subscribers.length).toBeGreaterThan(2);
  });
});
