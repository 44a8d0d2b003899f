import { describe, expect, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import type { IdentityService } from '../src/index.js';
import { startLogGateway } from './support/logGraph.js';
import { eventually, RawSocket } from './support/sockets.js';
import { owner, testIdentity } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };
const query =
  'subscription ($after: Cursor) { flowProgress(flowId: 1, after: $after) { type sequence cursor previousCursor flow { assets { id } } } }';
interface Event {
  readonly type: string;
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
}
const eventsOf = (socket: RawSocket, id = '1') =>
  socket.received
    .filter((message) => message['type'] === 'next' && message['id'] === id)
    .map((message) => Object.values((message['payload'] as { data: Record<string, Event> }).data)[0]!);
const sequencesOf = (socket: RawSocket, id = '1') => eventsOf(socket, id).map(({ sequence }) => sequence);

describe('watchers of the same thing', () => {
  test('share one execution, joins included, and each gets its own id, in the bytes of an ordinary message', async () => {
    await using it = await startLogGateway();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => RawSocket.open(it.wsUrl, signedIn)));
    sockets.forEach((socket, index) => socket.subscribe(`id "${index}"`, { query }));
    await eventually(() => sockets.every((socket) => socket.received.length === 1));
    await eventually(() => it.log.openStreams === 1);
    const joins = it.log.joins;
    it.log.append();
    await eventually(() => sockets.every((socket) => socket.received.length === 2));
    expect(it.log.joins - joins).toBe(1);
    expect(it.log.opened.length).toBeLessThanOrEqual(4);
    sockets.forEach((socket, index) =>
      expect(socket.received[1]).toEqual({
        id: `id "${index}"`,
        type: 'next',
        payload: {
          data: {
            flowProgress: {
              type: 'progress',
              sequence: 1,
              cursor: 'c1',
              previousCursor: 'c0',
              flow: { assets: [{ id: 'a1' }] },
            },
          },
        },
      }),
    );
    for (const socket of sockets.slice(1)) socket.socket.terminate();
    it.log.append();
    await eventually(() => sequencesOf(sockets[0]!, 'id "0"').at(-1) === 2);
    sockets[0]!.send({ id: 'id "0"', type: 'complete' });
    await eventually(() => it.log.openStreams === 0);
    await sockets[0]![Symbol.asyncDispose]();
  });

  test('over graphql-ws and server-sent events get the same', async () => {
    await using it = await startLogGateway();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query });
    await eventually(() => socket.received.length === 1);
    const stop = new AbortController();
    const response = await fetch(it.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer good', accept: 'text/event-stream' },
      body: JSON.stringify({ query, variables: { after: 'c0' } }),
      signal: stop.signal,
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe(':\n\n');
    it.log.append();
    const [, payload] = /^id: c1\nevent: next\ndata: (.*)\n\n$/.exec((await reader.read()).value!)!;
    await eventually(() => socket.received.length === 2);
    expect(socket.received[1]!['payload']).toEqual(JSON.parse(payload!));
    expect(it.log.opened).toEqual([null]);
    const draining = it.gateway.close();
    let rest = '';
    await expect(
      (async () => {
        for (let step = await reader.read(); !step.done; step = await reader.read()) rest += step.value;
      })(),
    ).rejects.toThrow();
    expect(rest).not.toContain('event: complete');
    expect(rest).toMatch(/"code":"SERVICE_UNAVAILABLE","details":{"reason":"drain"}/);
    expect((await socket.closed).code).toBe(4442);
    await draining;
  });

  test('run for nobody in particular, with the authority that they share', async () => {
    await using it = await startLogGateway();
    await using person = await RawSocket.open(it.wsUrl, signedIn);
    await using key = await RawSocket.open(it.wsUrl, { apiKey: 'good-key' });
    for (const socket of [person, key])
      socket.subscribe('1', { query: 'subscription { flowProgress(flowId: 1) { who } }' });
    const { workspaceId } = owner;
    const actor = { kind: 'system', part: 'watchers' };
    expect(await person.next('next', '1')).toMatchObject({
      payload: { data: { flowProgress: { who: JSON.stringify(actor) } } },
    });
    await key.next('next', '1');
    expect(it.log.principals).toEqual([
      { workspaceId, actor, role: 'OWNER', scopes: null },
      { workspaceId, actor, role: 'VIEWER', scopes: ['flow.read'] },
    ]);
  });

  test('who comes back with a cursor goes on from the ring; who was away for longer reads the log and then joins', async () => {
    await using it = await startLogGateway({ settings: { live: { ringEvents: 8 } } });
    await using first = await RawSocket.open(it.wsUrl, signedIn);
    first.subscribe('1', { query });
    await eventually(() => first.received.length === 1);
    it.log.append(30);
    await eventually(() => sequencesOf(first).at(-1) === 30);
    await using second = await RawSocket.open(it.wsUrl, signedIn);
    second.subscribe('near', { query, variables: { after: 'c27' } });
    second.subscribe('far', { query, variables: { after: 'c3' } });
    await eventually(() => second.received.length === 3 + 27);
    expect(sequencesOf(second, 'near')).toEqual([28, 29, 30]);
    expect(sequencesOf(second, 'far')).toEqual(Array.from({ length: 27 }, (_none, index) => index + 4));
    it.log.append();
    await eventually(() => second.received.length === 5 + 27);
    await eventually(() => it.log.openStreams === 1);
    expect(it.log.opened.filter((after) => after !== null)).toEqual(['c3']);
  });

  test('a crowd that was away for longer reads the log together, wherever each of it stood', async () => {
    await using it = await startLogGateway({ settings: { live: { ringEvents: 32 } } });
    await using first = await RawSocket.open(it.wsUrl, signedIn);
    first.subscribe('1', { query });
    await eventually(() => first.received.length === 1);
    it.log.append(100);
    await eventually(() => sequencesOf(first).at(-1) === 100);
    const joins = it.log.joins;
    await using crowd = await RawSocket.open(it.wsUrl, signedIn);
    const behind = Array.from({ length: 40 }, (_none, index) => (index < 20 ? 5 : index - 15));
    behind.forEach((sequence, index) => crowd.subscribe(`${index}`, { query, variables: { after: `c${sequence}` } }));
    const total = behind.reduce((sum, sequence) => sum + 100 - sequence, 0);
    await eventually(() => crowd.received.length === total);
    behind.forEach((sequence, index) =>
      expect(sequencesOf(crowd, `${index}`)).toEqual(
        Array.from({ length: 100 - sequence }, (_none, place) => sequence + place + 1),
      ),
    );
    // They stand at 20 places. Each on its own, they would open 40 and join 3,500 events.
    expect(it.log.opened.filter((after) => after !== null).length).toBeLessThan(30);
    expect(it.log.joins - joins).toBeLessThan(400);
    it.log.append();
    await eventually(() => crowd.received.length === total + 40);
    await eventually(() => it.log.openStreams === 1);
  });

  test('the first event after a snapshot of a filtered stream follows that snapshot, for each watcher its own', async () => {
    await using it = await startLogGateway();
    const filtered = { query: 'subscription { flowUpdates(even: true) { type sequence before: previousCursor } }' };
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    it.log.append(2);
    socket.subscribe('a', filtered);
    await socket.next('next', 'a');
    it.log.append(1);
    socket.subscribe('b', filtered);
    expect(await socket.next('next', 'b')).toMatchObject({
      payload: { data: { flowUpdates: { sequence: 3, before: null } } },
    });
    it.log.append(1);
    expect(await socket.next('next', 'a')).toMatchObject({
      payload: { data: { flowUpdates: { sequence: 4, before: 'c2' } } },
    });
    expect(await socket.next('next', 'b')).toMatchObject({
      payload: { data: { flowUpdates: { sequence: 4, before: 'c3' } } },
    });
    it.log.append(2);
    expect(await socket.next('next', 'b')).toMatchObject({
      payload: { data: { flowUpdates: { sequence: 6, before: 'c4' } } },
    });
    expect(it.log.openStreams).toBe(1);
  });

  test('a refusal reaches each as an error of its own operation', async () => {
    await using it = await startLogGateway();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { flowProgress(flowId: "none") { type } }' });
    socket.subscribe('2', { query: 'subscription ($id: ID!) { flowProgress(flowId: $id) { type } }' });
    socket.subscribe('3', { query, variables: { after: 'nonsense' } });
    socket.subscribe('4', { query });
    const code = async (id: string) =>
      ((await socket.next('error', id))['payload'] as { extensions: { code: string } }[])[0]!.extensions.code;
    expect([await code('1'), await code('2'), await code('3')]).toEqual([
      'RESOURCE_NOT_FOUND',
      'MISSING_REQUIRED_FIELD',
      'INVALID_INPUT',
    ]);
    await socket.next('next', '4');
    expect(it.log.openStreams).toBe(1);
  });

  test('whose credentials cease to hold gets nothing after that moment, and nobody else notices', async () => {
    const revoked = new Set<string>();
    const identity: IdentityService = {
      authenticate: async (credentials) => {
        const { authorization = '' } = credentials;
        const known = await testIdentity.authenticate({ authorization: 'Bearer good' });
        const refusal = () =>
          revoked.has(authorization)
            ? new CodedError(authorization.endsWith('role') ? 'EXPIRED_TOKEN' : 'INVALID_CREDENTIALS', 'No more.')
            : null;
        return known && { ...known, refusal };
      },
    };
    await using it = await startLogGateway({ identity });
    const [stays, leaves, changes] = await Promise.all(
      ['stays', 'leaves', 'role'].map((name) => RawSocket.open(it.wsUrl, { authorization: name })),
    );
    for (const socket of [stays!, leaves!, changes!]) socket.subscribe('1', { query });
    await eventually(() => [stays!, leaves!, changes!].every((socket) => socket.received.length === 1));
    revoked.add('leaves').add('role');
    it.log.append();
    expect((await leaves!.closed).code).toBe(4441);
    expect((await changes!.closed).code).toBe(4440);
    await eventually(() => sequencesOf(stays!).length === 2);
    expect([leaves!.received.length, changes!.received.length]).toEqual([1, 1]);
    it.log.append();
    await eventually(() => sequencesOf(stays!).length === 3);
    await stays![Symbol.asyncDispose]();
  });

  test('a client that stops reading holds one message, and the others get theirs', async () => {
    await using it = await startLogGateway();
    const wide = { query: query.replace('{ type', '{ pad type') };
    await using reads = await RawSocket.open(it.wsUrl, signedIn);
    await using stalls = await RawSocket.open(it.wsUrl, signedIn);
    reads.subscribe('1', wide);
    stalls.subscribe('1', wide);
    await eventually(() => reads.received.length === 1 && stalls.received.length === 1);
    stalls.socket.pause();
    for (let round = 0; round < 8; round += 1) {
      it.log.append(80);
      await eventually(() => sequencesOf(reads).at(-1) === it.log.head, 10_000);
      reads.received.splice(0, reads.received.length - 1);
    }
    stalls.socket.resume();
    await eventually(() => sequencesOf(stalls).at(-1) === it.log.head, 15_000);
    expect(sequencesOf(stalls)).toEqual(Array.from({ length: it.log.head + 1 }, (_none, index) => index));
  });
});
