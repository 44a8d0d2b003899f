import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { WebSocket, WebSocketServer } from 'ws';
import type { ClientEvents, FormattedResult } from '../src/result/operationOutcome.js';
import { JointWrites } from '../src/protocols/sockets/JointWrites.js';
import { SocketEvents } from '../src/protocols/sockets/SocketEvents.js';

/** The events of a stream that ends. */
async function* eventsOf(results: readonly FormattedResult[]): AsyncGenerator<FormattedResult, void, void> {
  yield* results;
}

const given = (results: readonly FormattedResult[]): ClientEvents => Object.assign(eventsOf(results), { cursor: null });

async function connect(writes = new JointWrites()) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (data: Buffer, isBinary: boolean) => received.push(isBinary ? 'binary' : data.toString()));
  const opened = once(client, 'open');
  const [socket, request] = (await connected) as [WebSocket, { socket: Duplex }];
  await opened;
  const writing = { socket, connection: request.socket };
  const close = async () => {
    client.terminate();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, received, writing, writes, socket, [Symbol.asyncDispose]: close };
}

/** A result with which the message of subscription `id` has so many bytes. */
function resultOfMessage(length: number, id: string): FormattedResult {
  const empty = Buffer.byteLength(JSON.stringify({ id, type: 'next', payload: { data: '' } }));
  return { data: 'x'.repeat(length - empty) };
}

test.each([60, 125, 126, 127, 4_096, 65_535, 65_536, 65_537, 1_000_000])(
  'a message of %i bytes arrives whole, and what ws writes keeps its place behind it',
  async (length) => {
    await using it = await connect();
    const id = 'é"1';
    const results = [resultOfMessage(length, id), { data: 'Grüße 💥' }, resultOfMessage(length, id)];
    const messages = results.map((payload) => JSON.stringify({ id, type: 'next', payload }));
    expect(Buffer.byteLength(messages[0]!)).toBe(length);
    await new SocketEvents(id, given(results), it.writing, it.writes).next();
    it.socket.send('complete');
    it.socket.close(1000);
    const [code] = (await once(it.client, 'close')) as [number];
    expect(it.received).toEqual([...messages, 'complete']);
    expect(code).toBe(1000);
  },
);

test('clients that share events get each of them whole, whoever of them does not read for a while', async () => {
  const writes = new JointWrites();
  await using stalled = await connect(writes);
  await using other = await connect(writes);
  await using third = await connect(writes);
  const results = Array.from({ length: 40 }, (_none, n) => ({ data: `${n} ${'ü'.repeat(200_000)}` }));
  const all = [stalled, other, third];
  // Their ids differ in length.
  const ids = ['1', '22', 'three-hundred-and-thirty-three'.repeat(10)];
  stalled.client.pause();
  const written = all.map((it, n) => new SocketEvents(ids[n]!, given(results), it.writing, it.writes).next());
  await Promise.all(written.slice(1));
  await eventually(() => expect(third.received).toHaveLength(results.length));
  expect(stalled.received.length).toBeLessThan(results.length);
  stalled.client.resume();
  await Promise.all(written);
  await eventually(() => expect(all.map(({ received }) => received.length)).toEqual([40, 40, 40]));
  for (const [n, { received }] of all.entries())
    expect(received).toEqual(results.map((payload) => JSON.stringify({ id: ids[n], type: 'next', payload })));
});

test('a frame that a connection has yet to take is not made into that of the next client', async () => {
  const writes = new JointWrites();
  await using busy = await connect(writes);
  await using idle = await connect(writes);
  // Takes nothing at all for now.
  busy.writing.connection.cork();
  const result = { data: 'the same for both' };
  const written = [busy, idle].map((it, n) =>
    new SocketEvents(`client ${n}`, given([result]), it.writing, it.writes).next(),
  );
  await written[1];
  await eventually(() => expect(idle.received).toHaveLength(1));
  busy.writing.connection.uncork();
  await written[0];
  await eventually(() => expect(busy.received).toHaveLength(1));
  expect([...busy.received, ...idle.received].map((text) => JSON.parse(text) as object)).toEqual([
    { id: 'client 0', type: 'next', payload: result },
    { id: 'client 1', type: 'next', payload: result },
  ]);
});

test('nothing is written to a socket that is closing, and its stream goes on to its end', async () => {
  await using it = await connect();
  it.socket.close(4442, 'drain');
  await new SocketEvents('1', given([{ data: 1 }, { data: 2 }]), it.writing, it.writes).next();
  const [code] = (await once(it.client, 'close')) as [number];
  expect(code).toBe(4442);
  expect(it.received).toEqual([]);
});

test('a frame that waits when its connection breaks does not hold up its stream', async () => {
  await using it = await connect();
  const events = new SocketEvents('1', given([{ data: 'x'.repeat(50_000_000) }]), it.writing, it.writes);
  const written = events.next();
  it.client.pause();
  it.client.terminate();
  expect(await written).toEqual({ value: undefined, done: true });
});
