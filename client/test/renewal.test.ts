import { describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import type { WebSocket } from 'ws';
import { TributaryError } from '../src/index.js';
import { clientOf, upTo } from './quickClient.js';
import { forever, honest, ScriptedServer } from './scriptedServer.js';

/** A server whose tokens hold for `seconds`, which remembers the credentials that pings brought and answers them with `answer`. */
async function startServer(seconds: number, answer: (socket: WebSocket, count: number) => object | null) {
  const renewed: string[] = [];
  const server = await ScriptedServer.start(
    async function* ({ after }) {
      yield* honest(after, 1);
      await forever();
    },
    (socket) => {
      socket.on('message', (data) => {
        const { type, payload } = JSON.parse((data as Buffer).toString()) as {
          type: string;
          payload?: { authorization?: string };
        };
        if (type !== 'ping' || !payload?.authorization) return;
        renewed.push(payload.authorization);
        const pong = answer(socket, renewed.length);
        if (pong) socket.send(JSON.stringify({ type: 'pong', payload: pong }));
      });
      return { expiresInSeconds: seconds };
    },
  );
  return Object.assign(server, { renewed });
}

describe('a token that expires', () => {
  test('is replaced over the open socket in time, again and again, and nothing is interrupted', async () => {
    await using server = await startServer(0.8, () => ({ expiresInSeconds: 0.8 }));
    let asked = 0;
    using client = clientOf(server, { authorization: () => `token ${(asked += 1)}` });
    const events = client.flowProgress('flow_1');
    await events.next();
    await events.next();
    await eventually(() => expect(server.renewed.length).toBeGreaterThanOrEqual(3));
    expect(server.renewed.slice(0, 3)).toEqual(upTo(4, 2).map((n) => `token ${n}`));
    expect(server.greetings).toEqual([{ authorization: 'token 1' }]);
    expect(server.subscribers).toHaveLength(1);
  });

  test('is asked for again when whoever hands out tokens fails, or the server could not check one', async () => {
    await using server = await startServer(1, (_socket, count) =>
      count === 1 ? { refusal: 'SERVICE_UNAVAILABLE' } : { expiresInSeconds: 600 },
    );
    let asked = 0;
    using client = clientOf(server, {
      authorization: () => {
        asked += 1;
        if (asked === 2) throw new Error('away');
        return `token ${asked}`;
      },
    });
    const events = client.flowProgress('flow_1');
    await events.next();
    await eventually(() => expect(server.renewed).toEqual(['token 3', 'token 4']));
    expect(server.subscribers).toHaveLength(1);
  });

  test('that the server will not have ends what is open, with its code', async () => {
    await using server = await startServer(0.8, (socket) => {
      socket.close(4403, 'INVALID_CREDENTIALS');
      return null;
    });
    using client = clientOf(server, { authorization: () => 'good' });
    const events = client.flowProgress('flow_1');
    await events.next();
    await events.next();
    const refused = await events.next().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TributaryError);
    expect(refused).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('is left alone when it is a text, or when the socket has gone', async () => {
    await using server = await startServer(0.6, () => null);
    let asked = 0;
    using text = clientOf(server, { authorization: 'a.token' });
    using left = clientOf(server, { authorization: () => `token ${(asked += 1)}` });
    await text.flowProgress('flow_1').next();
    const events = left.flowProgress('flow_1');
    await events.next();
    await events.return!();
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(server.renewed).toEqual([]);
    expect(asked).toBe(1);
  });
});
