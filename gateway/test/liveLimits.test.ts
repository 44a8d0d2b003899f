import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import type { IdentityService } from '../src/index.js';
import { OperationRate } from '../src/protocols/sockets/OperationRate.js';
import { eventStream, HttpStream, multipart } from './support/eventStream.js';
import { startLogGateway } from './support/logGraph.js';
import { eventually, RawSocket } from './support/sockets.js';
import { owner } from './support/testGateway.js';

const query = 'subscription ($after: Cursor) { flowProgress(flowId: 1, after: $after) { type sequence cursor pad } }';

/** Tokens that name a person: `Bearer <person>`. */
const people: IdentityService = {
  authenticate: async ({ authorization }) => {
    const [, id] = authorization?.split(' ') ?? [];
    if (!id) throw new CodedError('INVALID_CREDENTIALS', 'Nobody.');
    return { principal: { ...owner, actor: { kind: 'user', id } }, expiresAt: null };
  },
};
const as = (person: string) => ({ authorization: `Bearer ${person}` });

describe('how many sockets and streams there may be', () => {
  test('of one person: sockets, server-sent events and multipart count alike, and one that goes makes room', async () => {
    await using it = await startLogGateway({ identity: people, settings: { live: { perPerson: 3 } } });
    const watch = (accept: string) => HttpStream.open(it.url, accept, { body: { query }, headers: as('ann') });
    const socket = await RawSocket.open(it.wsUrl, as('ann'));
    const streams = [await watch(eventStream), await watch(multipart)];
    await eventually(() => streams.every(({ events }) => events.length === 1));

    const refusedSocket = await RawSocket.open(it.wsUrl, as('ann'));
    expect(await refusedSocket.closed).toEqual({ code: 4443, reason: 'QUOTA_EXCEEDED' });
    const overQuota = { extensions: { code: 'QUOTA_EXCEEDED', details: { limit: 'socketsPerPerson', most: 3 } } };
    const refused = await watch(eventStream);
    await eventually(() => refused.ended === 'completed');
    expect(refused.events).toMatchObject([{ data: { errors: [overQuota] } }]);
    const asParts = await fetch(it.url, {
      method: 'POST',
      headers: { ...as('ann'), 'content-type': 'application/json', accept: multipart },
      body: JSON.stringify({ query }),
    });
    expect(await asParts.json()).toMatchObject({ errors: [overQuota] });
    await using other = await RawSocket.open(it.wsUrl, as('bob'));
    expect(other.received).toEqual([]);
    expect((await it.ask({ query: '{ flow(id: 1) { id } }' }, as('ann'))).body.data).toEqual({ flow: { id: '1' } });

    streams[0]!.stop();
    await socket[Symbol.asyncDispose]();
    await eventually(() => it.log.openStreams === 1);
    await using again = await RawSocket.open(it.wsUrl, as('ann'));
    again.subscribe('1', { query });
    await again.next('next', '1');
    streams[1]!.stop();
  });

  test('of one workspace, whoever they are', async () => {
    await using it = await startLogGateway({ identity: people, settings: { live: { perWorkspace: 2 } } });
    await using ann = await RawSocket.open(it.wsUrl, as('ann'));
    await using bob = await RawSocket.open(it.wsUrl, as('bob'));
    const cleo = await RawSocket.open(it.wsUrl, as('cleo'));
    expect(await cleo.closed).toEqual({ code: 4443, reason: 'QUOTA_EXCEEDED' });
    expect([ann, bob].map(({ received }) => received)).toEqual([[], []]);
  });

  test('of one socket: the 51st subscription is refused alone', async () => {
    await using it = await startLogGateway();
    await using socket = await RawSocket.open(it.wsUrl, as('good'));
    for (let id = 1; id <= 51; id += 1) socket.subscribe(String(id), { query });
    expect(await socket.next('error', '51')).toMatchObject({
      payload: [{ extensions: { code: 'QUOTA_EXCEEDED', details: { limit: 'operations', most: 50 } } }],
    });
    await socket.next('next', '50');
  });
});

describe('how fast operations may come', () => {
  test('60 at once, and then 20 a second', () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    try {
      const rate = new OperationRate(60, 20);
      for (let n = 0; n < 60; n += 1) expect(rate.take()).toBeNull();
      expect(rate.take()).toBe(1);
      jest.advanceTimersByTime(1_000);
      for (let n = 0; n < 20; n += 1) expect(rate.take()).toBeNull();
      expect(rate.take()).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test.each([
    [20, 0],
    [21, 5],
  ])('%i a second kept up for 5 s: %i are refused', (perSecond, refused) => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
    try {
      const rate = new OperationRate(60, 20);
      let waits = 0;
      for (let n = 0; n < perSecond * 5; n += 1) {
        if (rate.take() !== null) waits += 1;
        jest.advanceTimersByTime(1_000 / perSecond);
      }
      expect(waits).toBe(refused);
    } finally {
      jest.useRealTimers();
    }
  });
});

/** Bytes that wait to be sent in this process, of the connections that were accepted since. */
class SendBuffers implements Disposable {
  private readonly sockets: Socket[] = [];
  private readonly remember = (message: unknown): void =>
    void this.sockets.push((message as { socket: Socket }).socket);

  constructor() {
    channel('net.server.socket').subscribe(this.remember);
  }

  get bytes(): number {
    return this.sockets.reduce((sum, { writableLength }) => sum + writableLength, 0);
  }

  [Symbol.dispose](): void {
    channel('net.server.socket').unsubscribe(this.remember);
  }
}

/** Of an event in these tests: its padding, and a little around it. */
const eventBytes = 21_000;

describe('a client that stops reading', () => {
  test('holds one message over graphql-ws, however much happens', async () => {
    await using it = await startLogGateway({ settings: { sockets: { keepAliveMs: 60_000 } } });
    using buffers = new SendBuffers();
    const socket = await RawSocket.open(it.wsUrl, as('good'));
    socket.subscribe('1', { query });
    await socket.next('next', '1');
    socket.socket.pause();
    for (let n = 0; n < 600; n += 1) {
      it.log.append();
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => buffers.bytes > 0, 10_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(buffers.bytes).toBeLessThan(2 * eventBytes);
    socket.socket.terminate();
  }, 20_000);

  test.each([
    ['server-sent events', eventStream],
    ['multipart', multipart],
  ])(
    'holds one message over %s, and is dropped when it takes nothing between two heartbeats',
    async (_name, accept) => {
      await using it = await startLogGateway({ settings: { sockets: { keepAliveMs: 400 }, live: { perPerson: 1 } } });
      using buffers = new SendBuffers();
      const asked = request(it.url, {
        method: 'POST',
        headers: { ...as('good'), accept, 'content-type': 'application/json' },
      });
      asked.on('error', () => undefined);
      it.log.append(600);
      asked.end(JSON.stringify({ query, variables: { after: 'c0' } }));
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.on('error', () => undefined);
      response.pause();
      it.log.append(600);
      await eventually(() => buffers.bytes > 0, 10_000);
      for (let n = 0; n < 10; n += 1) {
        expect(buffers.bytes).toBeLessThan(2 * eventBytes);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await eventually(() => it.log.openStreams === 0);
      const next = await HttpStream.open(it.url, accept, { body: { query } });
      await eventually(() => next.events.length === 1);
      expect(JSON.stringify(next.events[0]!.data)).toContain('stream.snapshot');
      next.stop();
      asked.destroy();
    },
    20_000,
  );
});
