import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { InterruptibleEvents } from '../src/live/InterruptibleEvents.js';
import type { ClientEvents, FormattedResult } from '../src/operations/operationOutcome.js';
import { JointWrites } from '../src/sockets/JointWrites.js';
import { SocketEvents } from '../src/sockets/SocketEvents.js';

/** The events of a stream that ends. */
class Given extends InterruptibleEvents<FormattedResult> implements ClientEvents {
  readonly cursor = null;
  constructor(private readonly results: FormattedResult[]) {
    super();
  }
  async next(): Promise<IteratorResult<FormattedResult, void>> {
    const value = this.results.shift();
    return value ? { value, done: false } : { value: undefined, done: true };
  }
  async return(): Promise<IteratorResult<FormattedResult, void>> {
    return { value: undefined, done: true };
  }
}

async function connect() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (data: Buffer, isBinary: boolean) => received.push(isBinary ? 'binary' : data.toString()));
  const opened = once(client, 'open');
  const [socket, request] = (await connected) as [WebSocket, { socket: Duplex }];
  await opened;
  const writing = { socket, connection: request.socket, writes: new JointWrites() };
  const close = async () => {
    client.terminate();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, received, socket, writing, [Symbol.asyncDispose]: close };
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
    await new SocketEvents(id, new Given([...results]), it.writing).next();
    it.socket.send('complete');
    it.socket.close(1000);
    const [code] = (await once(it.client, 'close')) as [number];
    expect(it.received).toEqual([...messages, 'complete']);
    expect(code).toBe(1000);
  },
);

test('nothing is written to a socket that is closing, and its stream goes on to its end', async () => {
  await using it = await connect();
  it.socket.close(4442, 'drain');
  await new SocketEvents('1', new Given([{ data: 1 }, { data: 2 }]), it.writing).next();
  const [code] = (await once(it.client, 'close')) as [number];
  expect(code).toBe(4442);
  expect(it.received).toEqual([]);
});

test('a frame that waits when its connection breaks does not hold up its stream', async () => {
  await using it = await connect();
  const events = new SocketEvents('1', new Given([{ data: 'x'.repeat(50_000_000) }]), it.writing);
  const written = events.next();
  it.client.pause();
  it.client.terminate();
  expect(await written).toEqual({ value: undefined, done: true });
});
