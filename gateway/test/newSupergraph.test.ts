import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { followSupergraph } from '../src/followSupergraph.js';
import { startLogGateway } from './support/logGraph.js';
import { eventually, RawSocket } from './support/sockets.js';
import { post, quietLogger } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };
const query = 'subscription ($after: Cursor) { flowProgress(flowId: 1, after: $after) { type sequence cursor } }';
const sequencesOf = ({ received }: RawSocket, id: string) =>
  received
    .filter((message) => message['type'] === 'next' && message['id'] === id)
    .map(
      (message) => (message['payload'] as { data: { flowProgress: { sequence: number } } }).data.flowProgress.sequence,
    );

/** The same graph with a field more, and with one that is gone. */
const grown = (sdl: string) =>
  sdl.replace(/type Query([^{]*)\{/, 'type Query$1{\n  added: String @join__field(graph: FLOW)');
const shrunk = (sdl: string) => sdl.replace(/^ {2}type: String.*$/gm, '');

describe('a gateway that is given a new supergraph while it runs', () => {
  test.each([true, false])('goes on with open subscriptions at their sequence (shared: %s)', async (shared) => {
    await using it = await startLogGateway({ settings: { live: { shared }, budgets: { requests: 3 } } });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query });
    await eventually(() => sequencesOf(socket, '1').length === 1);
    it.log.append();
    await eventually(() => sequencesOf(socket, '1').at(-1) === 1);
    for (let round = 0; round < 5; round += 1) {
      const serving = it.gateway.serveSupergraph(grown(it.log.supergraphSdl));
      it.log.append();
      await serving;
      it.log.append();
    }
    await eventually(() => sequencesOf(socket, '1').at(-1) === 11);
    expect(sequencesOf(socket, '1')).toEqual(Array.from({ length: 12 }, (_none, index) => index));
    expect(socket.received.filter(({ type }) => type === 'error' || type === 'complete')).toEqual([]);
    await eventually(() => it.log.openStreams === 1);
  });

  test('answers by the new one, and tells a subscription that is not valid any more why it ends', async () => {
    await using it = await startLogGateway();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query });
    await eventually(() => sequencesOf(socket, '1').length === 1);
    await it.gateway.serveSupergraph(shrunk(it.log.supergraphSdl));
    await eventually(() => socket.received.some(({ type }) => type === 'error' || type === 'complete'));
    expect(JSON.stringify(socket.received)).toContain('INVALID_INPUT');
    await it.gateway.serveSupergraph(grown(it.log.supergraphSdl));
    const { body } = await post(it.url, { query: '{ __typename added }' }, signedIn);
    expect(JSON.stringify(body)).not.toContain('Cannot query field');
  });

  test('keeps the one that it has where the new one cannot be read or asks for a subgraph that it does not reach', async () => {
    await using it = await startLogGateway();
    await expect(it.gateway.serveSupergraph('type {')).rejects.toThrow();
    await expect(
      it.gateway.serveSupergraph(it.log.supergraphSdl.replace('name: "flow"', 'name: "other"')),
    ).rejects.toThrow(/no connection/);
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query });
    await eventually(() => sequencesOf(socket, '1').length === 1);
  });

  test('reads the file again when it was written, and not what it serves already', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-supergraph-'));
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, 'first');
    const served: string[] = [];
    const gateway = { serveSupergraph: async (sdl: string) => void served.push(sdl) };
    const unfollow = followSupergraph({ file, sdl: 'first', gateway, logger: quietLogger });
    try {
      writeFileSync(file, 'second');
      await eventually(() => served.length === 1);
      process.emit('SIGHUP');
      expect(served).toEqual(['second']);
    } finally {
      unfollow();
      rmSync(folder, { recursive: true });
    }
  });
});
