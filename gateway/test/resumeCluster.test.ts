import { describe, expect, test } from '@jest/globals';
import { startLogCluster } from './support/logCluster.js';
import { eventually, RawSocket } from './support/sockets.js';

const signedIn = { authorization: 'Bearer good' };
const sequencesOf = (socket: RawSocket) =>
  socket.received
    .filter((message) => message['type'] === 'next')
    .map(
      (message) => (message['payload'] as { data: { flowProgress: { sequence: number } } }).data.flowProgress.sequence,
    );
const upTo = (last: number) => Array.from({ length: last + 1 }, (_none, index) => index);

describe('a stream of a subgraph in another process', () => {
  test.each([true, false])(
    'goes on behind its last event when the subgraph is stopped and started (shared: %s)',
    async (shared) => {
      await using it = await startLogCluster({ settings: { live: { shared } } });
      const sockets = await Promise.all([1, 2, 3].map(() => RawSocket.open(it.wsUrl, signedIn)));
      const query = 'subscription { flowProgress(flowId: 1) { sequence flow { assets { id } } } }';
      for (const socket of sockets) socket.subscribe('1', { query });
      await eventually(() => sockets.every((socket) => socket.received.length === 1));
      for (let round = 1; round <= 2; round += 1) {
        it.log.append(5);
        if (round === 1) await eventually(() => sequencesOf(sockets[0]!).length > 2);
        await it.stop();
        it.log.append(5);
        await it.start();
      }
      await eventually(() => sockets.every((socket) => sequencesOf(socket).at(-1) === 20), 8_000);
      for (const socket of sockets) {
        expect(sequencesOf(socket)).toEqual(upTo(20));
        expect(socket.received.every((message) => message['type'] === 'next')).toBe(true);
        expect(JSON.stringify(socket.received)).not.toContain('errors');
        await socket[Symbol.asyncDispose]();
      }
      await eventually(() => it.log.openStreams === 0);
    },
  );

  test('gives up its upstream while its client does not read, and loses nothing by that', async () => {
    await using it = await startLogCluster({ settings: { live: { shared: false } } });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { flowProgress(flowId: 1) { sequence pad } }' });
    await eventually(() => socket.received.length === 1);
    socket.socket.pause();
    it.log.append(1_500);
    await eventually(() => it.log.openStreams === 0, 10_000);
    socket.socket.resume();
    await eventually(() => sequencesOf(socket).at(-1) === 1_500, 15_000);
    expect(sequencesOf(socket)).toEqual(upTo(1_500));
    expect(it.log.opened.length).toBeGreaterThan(1);
  });
});
