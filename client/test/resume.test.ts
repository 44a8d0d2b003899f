import { describe, expect, test } from '@jest/globals';
import { eventually, Random, startTcpProxy } from '@tributary/kit';
import { WebSocket as WsWebSocket } from 'ws';
import type { FlowEvent, WebSocketClass } from '../src/index.js';
import { clientOf, quick, readTo, upTo } from './quickClient.js';
import { cursorOf, forever, honest, refusal, ScriptedServer } from './scriptedServer.js';
import type { ScriptedEvent } from './scriptedServer.js';

const implementations: [string, WebSocketClass | undefined][] = [
  ['the built-in WebSocket', undefined],
  ['the WebSocket of ws', WsWebSocket],
];

describe.each(implementations)('a subscription, with %s', (_name, webSocketImpl) => {
  test('begins with a snapshot and gives every event', async () => {
    await using server = await ScriptedServer.start(({ after }) => honest(after, 5));
    using client = clientOf(server, { webSocketImpl });
    const seen: FlowEvent[] = [];
    expect(await readTo(client.flowProgress('flow_1'), 5, seen)).toEqual(upTo(5));
    expect(seen[0]).toMatchObject({ type: 'stream.snapshot', previousCursor: null });
  });

  test('goes on behind the cursor that its reader kept', async () => {
    await using server = await ScriptedServer.start(({ after }) => honest(after, 5));
    using client = clientOf(server, { webSocketImpl });
    expect(await readTo(client.flowProgress('flow_1', { after: cursorOf(3) }), 5)).toEqual([4, 5]);
  });

  test.each([
    ['is cut off', undefined],
    ['is told that the token expired', 4440],
    ['is told that the session was revoked', 4441],
    ['is told that the gateway is stopped', 4442],
    ['is closed as if all were well', 1000],
  ])('comes back with its last cursor when it %s', async (_what, code) => {
    await using server = await ScriptedServer.start(async function* ({ after, number, socket }) {
      for await (const event of honest(after, 9)) {
        yield event;
        if (number > 3 || event.sequence % 3 !== 0 || event.sequence === 0) continue;
        if (code) socket.close(code);
        else socket.terminate();
        await forever();
      }
      await forever();
    });
    using client = clientOf(server, { webSocketImpl });
    expect(await readTo(client.flowProgress('flow_1'), 9)).toEqual(upTo(9));
    expect(server.maxSockets).toBe(1);
    const lost = client.states.filter((state) => state.status === 'waiting');
    expect(lost.length).toBeGreaterThanOrEqual(2);
    if (code) expect(lost[0]).toMatchObject({ attempt: 1, closeCode: code });
  });

  test('begins again when the connection came to nothing before the first event', async () => {
    await using server = await ScriptedServer.start(async function* ({ after, number, socket }) {
      if (number < 4) socket.terminate();
      yield* honest(after, 2);
      await forever();
    });
    using client = clientOf(server, { webSocketImpl });
    expect(await readTo(client.flowProgress('flow_1'), 2)).toEqual([1, 2]);
  });

  test('waits while nobody listens', async () => {
    const server = await ScriptedServer.start(({ after }) => honest(after, 2));
    const { url } = server;
    await server[Symbol.asyncDispose]();
    using client = clientOf({ url }, { webSocketImpl, retry: { ...quick.retry, maxAttempts: 3 } });
    await expect(client.flowProgress('flow_1').next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(client.states.filter((state) => state.status === 'waiting').map((state) => state.attempt)).toEqual([
      1, 2, 3,
    ]);
  });

  test('gives up a server that takes connections and says nothing, in every stage', async () => {
    await using server = await ScriptedServer.start(({ after }) => honest(after, 4));
    await using proxy = await startTcpProxy(server.port);
    using client = clientOf(
      { url: `ws://127.0.0.1:${proxy.port}/graphql` },
      { webSocketImpl, connectTimeoutMs: 200, pingAfterMs: 50, pongTimeoutMs: 50 },
    );
    proxy.stall();
    const events = client.flowProgress('flow_1');
    const first = events.next();
    await eventually(() =>
      expect(client.states.filter((state) => state.status === 'waiting').length).toBeGreaterThan(1),
    );
    await proxy.resume();
    expect((await first).value).toMatchObject({ type: 'stream.snapshot' });
    proxy.stall();
    await eventually(() => expect(client.states.at(-1)!.status).not.toBe('connected'));
    await proxy.resume();
    expect(await readTo(events, 4)).toEqual(upTo(4));
  });

  test.each(upTo(12))(
    'survives every mixture of cuts, repeats, gaps, early ends and refusals: seed %i',
    async (seed) => {
      const last = 300;
      let faults = 0;
      await using server = await ScriptedServer.start(async function* ({ after, socket, number }) {
        const random = new Random(seed * 1_000 + number);
        let held: ScriptedEvent | null = null;
        for await (const event of honest(after, last)) {
          const dice = random.next();
          if (dice < 0.16) faults += 1;
          if (dice < 0.02) return;
          else if (dice < 0.04) yield* refusal('SERVICE_UNAVAILABLE');
          else if (dice < 0.06) socket.terminate();
          else if (dice < 0.08) socket.close(4442);
          else if (dice < 0.11) yield event;
          // Never the last: only by what follows can anybody see that something is missing.
          else if (dice < 0.13 && event.sequence < last) continue;
          else if (dice < 0.16 && held) yield held;
          yield event;
          held = event;
        }
        await forever();
      });
      using client = clientOf(server, { webSocketImpl, retry: { minDelayMs: 1, maxDelayMs: 5 } });
      expect(await readTo(client.flowProgress('flow_1'), last)).toEqual(upTo(last));
      expect(faults).toBeGreaterThan(10);
      expect(server.maxSockets).toBeLessThanOrEqual(2);
    },
  );

  test('frees the socket when the last subscription has ended, and opens another for the next', async () => {
    await using server = await ScriptedServer.start(async function* ({ after }) {
      yield* honest(after, 2);
      await forever();
    });
    using client = clientOf(server, { webSocketImpl });
    const one = client.flowProgress('flow_1');
    const two = client.flowUpdates({ filter: { kind: ['discovery'] } });
    const three = client.alertUpdates();
    await Promise.all([one.next(), two.next(), three.next()]);
    expect([server.maxSockets, server.running]).toEqual([1, 3]);
    expect([(await one.next()).value, (await one.next()).value]).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
    const waiting = readTo(one, 99);
    await one.return!();
    expect(await waiting).toEqual([]);
    await two.return!();
    await eventually(() => expect(server.running).toBe(1));
    expect(server.openSockets).toBe(1);
    await three.return!();
    await eventually(() => expect([server.running, server.openSockets]).toEqual([0, 0]));
    expect(client.states.at(-1)).toEqual({ status: 'idle' });
    expect(await readTo(client.flowProgress('flow_1'), 2)).toEqual([1, 2]);
    expect(server.maxSockets).toBe(1);
  });

  test('ends without an error when it is aborted, and when the client is closed', async () => {
    await using server = await ScriptedServer.start(async function* ({ after }) {
      yield* honest(after, 1);
      await forever();
    });
    const client = clientOf(server, { webSocketImpl });
    const leaving = new AbortController();
    const aborted = readTo(client.flowProgress('flow_1', { signal: leaving.signal }), 99);
    const closed = readTo(client.flowProgress('flow_1'), 99);
    await eventually(() => expect(server.running).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    leaving.abort();
    expect(await aborted).toEqual([1]);
    client.close();
    expect(await closed).toEqual([1]);
    await eventually(() => expect([server.running, server.openSockets]).toEqual([0, 0]));
    expect(await readTo(client.flowProgress('flow_1'), 99)).toEqual([]);
    expect(client.states.at(-1)).toEqual({ status: 'closed' });
  });
});
