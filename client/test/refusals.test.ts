import { describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { TributaryError } from '../src/index.js';
import type { FlowEvent } from '../src/index.js';
import { clientOf, readTo, upTo } from './quickClient.js';
import { forever, honest, refusal, ScriptedServer } from './scriptedServer.js';

describe('authority', () => {
  test('is asked for before every connection, so that an expired token is replaced', async () => {
    let tokens = 0;
    await using server = await ScriptedServer.start(async function* ({ after, number, socket }) {
      yield* honest(after, number);
      if (number < 3) socket.close(4440, 'expired');
      await forever();
    });
    using client = clientOf(server, { authorization: async () => `token-${(tokens += 1)}` });
    expect(await readTo(client.flowProgress('flow_1'), 3)).toEqual(upTo(3));
    expect(server.greetings).toEqual([1, 2, 3].map((number) => ({ authorization: `Bearer token-${number}` })));
  });

  test('may be a key', async () => {
    await using server = await ScriptedServer.start(({ after }) => honest(after, 1));
    using client = clientOf(server, { authorization: undefined, apiKey: () => 'a-key' });
    expect(await readTo(client.flowProgress('flow_1'), 1)).toEqual([1]);
    expect(server.greetings).toEqual([{ apiKey: 'a-key' }]);
  });

  test('that cannot be had just now is asked for again; a TributaryError says that it never will', async () => {
    let asked = 0;
    await using server = await ScriptedServer.start(({ after }) => honest(after, 1));
    using client = clientOf(server, {
      authorization: () => {
        asked += 1;
        if (asked < 3) throw new Error('The network is down.');
        if (asked > 3) throw new TributaryError('INVALID_CREDENTIALS', 'The session is over.');
        return 'Bearer good';
      },
    });
    expect(await readTo(client.flowProgress('flow_1'), 1)).toEqual([1]);
    expect(server.greetings).toEqual([{ authorization: 'Bearer good' }]);
    await eventually(() => expect(server.openSockets).toBe(0));
    await expect(client.flowProgress('flow_1').next()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('that does not come is not waited for without end', async () => {
    let asked = 0;
    await using server = await ScriptedServer.start(({ after }) => honest(after, 1));
    using client = clientOf(server, {
      connectTimeoutMs: 50,
      authorization: () => ((asked += 1) === 1 ? forever() : 'Bearer good'),
    });
    expect(await readTo(client.flowProgress('flow_1'), 1)).toEqual([1]);
  });

  test.each(['INVALID_CREDENTIALS', 'INVALID_API_KEY'])(
    'that is refused with %s ends every iteration, and is not tried again',
    async (code) => {
      await using server = await ScriptedServer.start(
        ({ after }) => honest(after, 1),
        (socket) => socket.close(4401, code),
      );
      using client = clientOf(server);
      const both = [client.flowProgress('flow_1'), client.flowUpdates()];
      for (const answer of await Promise.allSettled(both.map((events) => events.next()))) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'TributaryError', code } });
      }
      expect(await both[0]!.next()).toEqual({ value: undefined, done: true });
      expect(server.greetings).toHaveLength(1);
    },
  );

  test('that stays expired however often it is refreshed is given up', async () => {
    await using server = await ScriptedServer.start(
      ({ after }) => honest(after, 1),
      (socket) => socket.close(4403, 'EXPIRED_TOKEN'),
    );
    using client = clientOf(server);
    await expect(client.flowProgress('flow_1').next()).rejects.toMatchObject({ code: 'EXPIRED_TOKEN' });
    expect(server.greetings).toHaveLength(3);
  });
});

describe('a refused subscription', () => {
  test.each(['RESOURCE_NOT_FOUND', 'INSUFFICIENT_PERMISSIONS', 'INVALID_INPUT'])(
    'ends with %s, and disturbs no other',
    async (code) => {
      await using server = await ScriptedServer.start(async function* ({ after, variables }) {
        if (variables['flowId'] === 'flow_2') yield* refusal(code);
        yield* honest(after, 1);
        await forever();
      });
      using client = clientOf(server);
      const other = client.flowProgress('flow_1');
      await other.next();
      await expect(client.flowProgress('flow_2').next()).rejects.toMatchObject({
        code,
        errors: [{ extensions: { code } }],
      });
      expect((await other.next()).value).toMatchObject({ sequence: 1 });
      expect(server.subscribers).toHaveLength(2);
    },
  );

  test('is delivered what came before its error', async () => {
    await using server = await ScriptedServer.start(async function* ({ after }) {
      yield* honest(after, 3);
      yield* refusal('INSUFFICIENT_PERMISSIONS');
    });
    using client = clientOf(server);
    const seen: FlowEvent[] = [];
    await expect(readTo(client.flowProgress('flow_1'), 99, seen)).rejects.toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    });
    expect(seen.map((event) => event.sequence)).toEqual([0, 1, 2, 3]);
  });

  test.each(['SERVICE_UNAVAILABLE', 'DATABASE_ERROR', 'INTERNAL_ERROR'])(
    'is tried again from its cursor after %s',
    async (code) => {
      await using server = await ScriptedServer.start(async function* ({ after, number }) {
        yield* honest(after, number);
        if (number < 4) yield* refusal(code);
        await forever();
      });
      using client = clientOf(server);
      expect(await readTo(client.flowProgress('flow_1'), 4)).toEqual(upTo(4));
      expect(server.maxSockets).toBe(1);
    },
  );

  test('waits as long as it is told to', async () => {
    await using server = await ScriptedServer.start(async function* ({ after, number }) {
      if (number === 1) yield* refusal('RATE_LIMIT_EXCEEDED', { retryAfterSeconds: 0.3 });
      yield* honest(after, 1);
      await forever();
    });
    using client = clientOf(server);
    const began = performance.now();
    await client.flowProgress('flow_1').next();
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  });

  test('is given up when the server fails at it again and again', async () => {
    await using server = await ScriptedServer.start(() => refusal('INTERNAL_ERROR'));
    using client = clientOf(server);
    await expect(client.flowProgress('flow_1').next()).rejects.toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(server.subscribers).toHaveLength(6);
  });
});
