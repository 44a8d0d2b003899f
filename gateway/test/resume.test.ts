import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, print } from 'graphql';
import { resumableDocument } from '../src/operations/resumableDocument.js';
import { streamFieldsOf } from '../src/operations/streamFields.js';
import { LogGraph, startLogGateway } from './support/logGraph.js';
import { eventually, RawSocket } from './support/sockets.js';

const signedIn = { authorization: 'Bearer good' };
const settings = { live: { shared: false } };
const sequencesOf = (socket: RawSocket, id = '1') =>
  socket.received
    .filter((message) => message['type'] === 'next' && message['id'] === id)
    .map(
      (message) => (message['payload'] as { data: { flowProgress: { sequence: number } } }).data.flowProgress.sequence,
    );
const upTo = (last: number) => Array.from({ length: last + 1 }, (_none, index) => index);

describe('what is asked of a subgraph for a stream', () => {
  const streams = streamFieldsOf(parse(new LogGraph().supergraphSdl));

  test('streams are known by their shape', () => {
    expect([...streams.keys()]).toEqual(['flowProgress', 'flowUpdates']);
  });

  test('the position is asked for under names that the client does not use', () => {
    const text =
      'subscription ($_after: ID!, $from: Cursor) { flowProgress(flowId: $_after, after: $from) { _cursor: type _sequence: who } }';
    const { first, resumed, afterVariable } = resumableDocument(parse(text), streams)!;
    expect(print(first).replace(/\s+/g, ' ')).toBe(
      'subscription ($_after: ID!, $from: Cursor) { flowProgress(flowId: $_after, after: $from) { _cursor: type _sequence: who _sequence_: sequence _cursor_: cursor _previousCursor: previousCursor } }',
    );
    expect(afterVariable).toBe('_after_');
    expect(print(resumed).replace(/\s+/g, ' ')).toBe(
      'subscription ($_after: ID!, $_after_: Cursor) { flowProgress(flowId: $_after, after: $_after_) { _cursor: type _sequence: who _sequence_: sequence _cursor_: cursor _previousCursor: previousCursor } }',
    );
  });

  test('other subscriptions are left as they are', () => {
    expect(resumableDocument(parse('subscription { ticks }'), streams)).toBeNull();
    expect(resumableDocument(parse('{ flow(id: 1) { id } }'), streams)).toBeNull();
  });
});

describe('a stream whose upstream is lost', () => {
  test.each(['throws', 'ends', 'breaks'] as const)(
    'goes on behind its last event when upstream %s, and the client sees nothing of it',
    async (how) => {
      await using it = await startLogGateway({ settings });
      await using socket = await RawSocket.open(it.wsUrl, signedIn);
      socket.subscribe('1', { query: 'subscription { flowProgress(flowId: 1) { sequence } }' });
      await eventually(() => sequencesOf(socket).length === 1);
      for (let round = 1; round <= 4; round += 1) {
        it.log.append(2);
        if (round % 2) await eventually(() => sequencesOf(socket).length > round);
        it.log.cut(how);
        it.log.append(1);
      }
      await eventually(() => sequencesOf(socket).length === 13);
      expect(sequencesOf(socket)).toEqual(upTo(12));
      expect(socket.received.every((message) => message['type'] === 'next')).toBe(true);
      expect(JSON.stringify(socket.received[5])).toBe(
        '{"id":"1","type":"next","payload":{"data":{"flowProgress":{"sequence":5}}}}',
      );
      expect(it.log.openStreams).toBe(1);
    },
  );

  test('waits for a subgraph that is away as long as its client does, and asks no more of it once the client has gone', async () => {
    await using it = await startLogGateway({ settings });
    const socket = await RawSocket.open(it.wsUrl, signedIn);
    it.log.refusal = 'SERVICE_UNAVAILABLE';
    socket.subscribe('1', { query: 'subscription { flowProgress(flowId: 1) { sequence } }' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    it.log.refusal = null;
    await eventually(() => sequencesOf(socket).length === 1);
    it.log.refusal = 'DATABASE_ERROR';
    it.log.cut();
    it.log.append(3);
    await new Promise((resolve) => setTimeout(resolve, 300));
    it.log.refusal = null;
    await eventually(() => sequencesOf(socket).length === 4);
    expect(sequencesOf(socket)).toEqual([0, 1, 2, 3]);
    it.log.refusal = 'SERVICE_UNAVAILABLE';
    it.log.cut();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = it.log.opened.length;
    await socket[Symbol.asyncDispose]();
    it.log.refusal = null;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect([it.log.opened.length, it.log.openStreams]).toEqual([before, 0]);
  });

  test('ends with the refusal when trying again changes nothing', async () => {
    await using it = await startLogGateway({ settings });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { flowProgress(flowId: "none") { sequence } }' });
    expect(await socket.next('error', '1')).toMatchObject({
      payload: [{ extensions: { code: 'RESOURCE_NOT_FOUND' } }],
    });
    socket.subscribe('2', { query: 'subscription { flowProgress(flowId: 1) { sequence } }' });
    await socket.next('next', '2');
    it.log.refusal = 'INSUFFICIENT_PERMISSIONS';
    it.log.cut();
    expect(await socket.next('error', '2')).toMatchObject({
      payload: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }],
    });
  });

  test('a position that is gone meanwhile is told by one reset', async () => {
    await using it = await startLogGateway({ settings });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { flowProgress(flowId: 1) { type sequence previousCursor } }' });
    await socket.next('next', '1');
    it.log.oldest = 10;
    it.log.head = 11;
    it.log.cut();
    expect(await socket.next('next', '1')).toMatchObject({
      payload: { data: { flowProgress: { type: 'stream.reset', sequence: 11, previousCursor: null } } },
    });
    it.log.append();
    expect(await socket.next('next', '1')).toMatchObject({
      payload: { data: { flowProgress: { sequence: 12, previousCursor: 'c11' } } },
    });
  });
});

describe('an event whose flow cannot be read', () => {
  test('comes whole and once when that helps after four seconds, as after a restart of PostgreSQL behind a pooler', async () => {
    await using it = await startLogGateway({ settings });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { flowUpdates { sequence flow { id } } }' });
    await socket.next('next', '1');
    it.log.flowRefusal = 'SERVICE_UNAVAILABLE';
    it.log.append(2);
    await delay(4_000);
    it.log.flowRefusal = null;
    for (const sequence of [1, 2])
      expect(await socket.next('next', '1')).toMatchObject({
        payload: { data: { flowUpdates: { sequence, flow: { id: '1' } } } },
      });
  });
});

describe('an event whose parts in another subgraph cannot be had', () => {
  const query = 'subscription { flowProgress(flowId: 1) { sequence flow { name assets { id } } } }';

  test('is asked for again, and comes whole when that helps within two seconds', async () => {
    await using it = await startLogGateway({ settings });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    it.log.joinRefusal = 'DATABASE_ERROR';
    socket.subscribe('1', { query });
    await eventually(() => it.log.joins >= 3);
    it.log.joinRefusal = null;
    expect(await socket.next('next', '1')).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { flowProgress: { sequence: 0, flow: { name: 'one', assets: [{ id: 'a1' }] } } } },
    });
  });

  test('comes without them after that, with SERVICE_UNAVAILABLE; the events behind it do not queue up', async () => {
    await using it = await startLogGateway({ settings });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    it.log.joinRefusal = 'DATABASE_ERROR';
    const began = performance.now();
    socket.subscribe('1', { query });
    it.log.append(20);
    const event = await socket.next('next', '1');
    expect(performance.now() - began).toBeGreaterThan(1_400);
    expect(event).toMatchObject({
      payload: {
        data: { flowProgress: { flow: { name: 'one', assets: null } } },
        errors: [{ path: ['flowProgress', 'flow', 'assets'], extensions: { code: 'SERVICE_UNAVAILABLE' } }],
      },
    });
    it.log.append(20);
    await eventually(() => sequencesOf(socket).at(-1) === it.log.head, 1_000);
  });
});
