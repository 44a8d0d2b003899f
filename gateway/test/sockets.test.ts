import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { StoredOperations } from '../src/index.js';
import { eventually, RawSocket } from './support/sockets.js';
import { startTestGateway } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };
const codeOf = (message: Record<string, unknown>) =>
  (message['payload'] as { extensions: { code: string } }[])[0]!.extensions.code;

describe('graphql-ws to clients', () => {
  test('the graphql-ws client watches a subscription with its joins, and queries beside it', async () => {
    await using it = await startTestGateway();
    const client = createClient({ url: it.wsUrl, webSocketImpl: WebSocket, connectionParams: signedIn });
    const seen: unknown[] = [];
    for await (const event of client.iterate({
      query: 'subscription { ticks(count: 3) { sequence flow { name assets { id } } } }',
    }))
      seen.push(event);
    expect(seen).toMatchObject([
      { data: { ticks: { sequence: 1, flow: { name: 'flow 1', assets: [{ id: 'a1' }] } } } },
      {
        data: { ticks: { sequence: 2, flow: { name: 'flow 2', assets: null } } },
        errors: [{ path: ['ticks', 'flow', 'assets'], extensions: { code: 'DATABASE_ERROR' } }],
      },
      { data: { ticks: { sequence: 3, flow: { name: 'flow 3', assets: [{ id: 'a3' }] } } } },
    ]);
    expect(seen[2]).not.toHaveProperty('errors');
    for await (const result of client.iterate({ query: '{ flow(id: 7) { name } }' }))
      expect(result).toEqual({ data: { flow: { name: 'flow 7' } } });
    await client.dispose();
  });

  test.each([
    ['authorization', { authorization: 'Bearer good' }],
    ['Authorization', { Authorization: 'Bearer good' }],
    ['apiKey', { apiKey: 'good-key' }],
    ['x-api-key', { 'x-api-key': 'good-key' }],
  ])('connection_init may carry %s', async (_name, payload) => {
    await using it = await startTestGateway();
    await using socket = await RawSocket.open(it.wsUrl, payload);
    socket.subscribe('1', { query: '{ flow(id: 1) { id } }' });
    expect(await socket.next('next', '1')).toMatchObject({ payload: { data: { flow: { id: '1' } } } });
  });

  test.each([
    ['a wrong token', { authorization: 'Bearer wrong' }, 4401, 'INVALID_CREDENTIALS'],
    ['an expired token', { authorization: 'Bearer expired' }, 4403, 'EXPIRED_TOKEN'],
    ['an unknown key', { apiKey: 'x' }, 4401, 'INVALID_API_KEY'],
    ['a token that is no text', { authorization: 1 }, 4401, 'INVALID_CREDENTIALS'],
    ['a token that cannot be checked just now', { authorization: 'Bearer down' }, 4403, 'SERVICE_UNAVAILABLE'],
  ])(
    '%s closes: with 4401 when it can never do, else with 4403, and the code as reason',
    async (_title, payload, code, reason) => {
      await using it = await startTestGateway();
      await using socket = await RawSocket.open(it.wsUrl, payload);
      expect(await socket.closed).toEqual({ code, reason });
      expect(socket.received).toEqual([]);
    },
  );

  test.each([
    ['authorization', { authorization: 'Bearer good' }],
    ['x-api-key', { 'x-api-key': 'good-key' }],
  ])(
    'the request that opens a socket may carry %s, for clients whose connection_init brings nothing',
    async (_name, headers) => {
      await using it = await startTestGateway();
      await using socket = await RawSocket.open(it.wsUrl, null, headers);
      socket.subscribe('1', { query: '{ flow(id: 1) { id } }' });
      expect(await socket.next('next', '1')).toMatchObject({ payload: { data: { flow: { id: '1' } } } });
    },
  );

  test('connection_init goes before the request that opened the socket, and a cookie never counts', async () => {
    await using it = await startTestGateway();
    await using wrong = await RawSocket.open(it.wsUrl, null, { authorization: 'Bearer wrong' });
    expect(await wrong.closed).toEqual({ code: 4401, reason: 'INVALID_CREDENTIALS' });
    await using right = await RawSocket.open(it.wsUrl, signedIn, { authorization: 'Bearer wrong' });
    right.subscribe('1', { query: '{ flow(id: 1) { id } }' });
    expect(await right.next('next', '1')).toMatchObject({ payload: { data: { flow: { id: '1' } } } });
    await using cookie = await RawSocket.open(it.wsUrl, null, {
      cookie: 'authorization=Bearer good; tributary_refresh=x',
    });
    cookie.subscribe('1', { query: 'subscription { ticks(count: 1) { sequence } }' });
    expect(codeOf(await cookie.next('error', '1'))).toBe('INVALID_CREDENTIALS');
  });

  test('without credentials a socket opens, and its operations answer INVALID_CREDENTIALS', async () => {
    await using it = await startTestGateway();
    await using socket = await RawSocket.open(it.wsUrl, null);
    socket.subscribe('1', { query: 'subscription { ticks(count: 1) { sequence } }' });
    expect(codeOf(await socket.next('error', '1'))).toBe('INVALID_CREDENTIALS');
    expect(it.graph.calls).toEqual([]);
  });

  test('bad operations get an error of their own and disturb no other', async () => {
    await using it = await startTestGateway();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('good', { query: 'subscription { ticks(count: 5, everyMs: 30) { sequence } }' });
    socket.subscribe('syntax', { query: 'subscription {' });
    socket.subscribe('validation', { query: '{ nothing }' });
    socket.subscribe('coercion', { query: 'query($id: ID!) { flow(id: $id) { id } }' });
    socket.subscribe('empty', { query: '' });
    socket.subscribe('large', {
      query: `{ flow(id: 1) { ${Array.from({ length: 40 }, (_n, i) => `a${i}: id`).join(' ')} } }`,
    });
    expect(codeOf(await socket.next('error', 'syntax'))).toBe('INVALID_INPUT');
    expect(codeOf(await socket.next('error', 'validation'))).toBe('INVALID_INPUT');
    expect(codeOf(await socket.next('error', 'coercion'))).toBe('MISSING_REQUIRED_FIELD');
    expect(codeOf(await socket.next('error', 'empty'))).toBe('INVALID_INPUT');
    expect(codeOf(await socket.next('error', 'large'))).toBe('OPERATION_TOO_COMPLEX');
    expect(await socket.all('good')).toHaveLength(6);
  });

  test('the protocol’s own rules are kept: 4401, 4408, 4409, 4429, 4400', async () => {
    await using it = await startTestGateway({ settings: { sockets: { initMs: 150 } } });
    const early = await RawSocket.open(it.wsUrl);
    early.subscribe('1', { query: '{ whoAmI }' });
    expect((await early.closed).code).toBe(4401);
    expect((await (await RawSocket.open(it.wsUrl)).closed).code).toBe(4408);
    const twice = await RawSocket.open(it.wsUrl, signedIn);
    twice.subscribe('1', { query: 'subscription { quiet { sequence } }' });
    twice.subscribe('1', { query: 'subscription { quiet { sequence } }' });
    expect((await twice.closed).code).toBe(4409);
    const again = await RawSocket.open(it.wsUrl, signedIn);
    again.send({ type: 'connection_init' });
    expect((await again.closed).code).toBe(4429);
    const nonsense = await RawSocket.open(it.wsUrl, signedIn);
    nonsense.send('{');
    expect((await nonsense.closed).code).toBe(4400);
  });

  test('a quiet subscription ends upstream when its client completes it, and when the client goes', async () => {
    await using it = await startTestGateway();
    const socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { quiet { sequence } }' });
    socket.subscribe('2', { query: 'subscription { quiet { sequence } }' });
    await eventually(() => it.graph.openStreams === 2);
    socket.send({ id: '1', type: 'complete' });
    await eventually(() => it.graph.openStreams === 1);
    socket.socket.terminate();
    await eventually(() => it.graph.openStreams === 0);
  });

  test('a stream that breaks ends with its error, and shows no event twice', async () => {
    await using it = await startTestGateway();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { broken { sequence } }' });
    expect(await socket.all('1')).toMatchObject([
      { type: 'next', payload: { data: { broken: { sequence: 1 } } } },
      { type: 'error', payload: [{ message: 'The log could not be read.', extensions: { code: 'DATABASE_ERROR' } }] },
    ]);
  });

  test('a socket is pinged, and dropped when it has not answered by the next ping', async () => {
    await using it = await startTestGateway({ settings: { sockets: { keepAliveMs: 400 } } });
    await using lively = await RawSocket.open(it.wsUrl, signedIn);
    let pings = 0;
    lively.socket.on('ping', () => (pings += 1));
    const silent = new WebSocket(it.wsUrl, 'graphql-transport-ws', { autoPong: false });
    const [code] = (await once(silent, 'close')) as [number];
    expect(code).toBe(1006);
    await eventually(() => pings >= 3);
    expect(lively.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('a token that expires closes its socket with 4440', async () => {
    await using it = await startTestGateway();
    await using socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer short' });
    expect(await socket.closed).toEqual({ code: 4440, reason: 'expired' });
  });

  test('a session that is revoked closes its socket with 4441', async () => {
    let revoked = false;
    const { testIdentity } = await import('./support/testGateway.js');
    const { CodedError } = await import('@tributary/contracts/errors');
    await using it = await startTestGateway({
      identity: {
        authenticate: async (credentials) => {
          if (revoked) throw new CodedError('INVALID_CREDENTIALS', 'This session was ended.');
          return testIdentity.authenticate(credentials);
        },
      },
    });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    revoked = true;
    expect((await socket.closed).code).toBe(4441);
  });

  test('a burst over the bucket is RATE_LIMIT_EXCEEDED, too many at once are QUOTA_EXCEEDED', async () => {
    await using it = await startTestGateway({ settings: { sockets: { operations: 2, burst: 4, refillPerSecond: 1 } } });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    for (const id of ['1', '2', '3', '4', '5']) socket.subscribe(id, { query: 'subscription { quiet { sequence } }' });
    expect(codeOf(await socket.next('error', '3'))).toBe('QUOTA_EXCEEDED');
    expect(codeOf(await socket.next('error', '5'))).toBe('RATE_LIMIT_EXCEEDED');
  });

  test('a page of another site cannot open a socket unless its origin is configured', async () => {
    await using it = await startTestGateway({ settings: { corsOrigins: ['https://console.example'] } });
    await expect(RawSocket.open(it.wsUrl, signedIn, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await using ours = await RawSocket.open(it.wsUrl, signedIn, { origin: 'https://console.example' });
    expect(ours.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('a message over 64 KB closes with 1009', async () => {
    await using it = await startTestGateway();
    const socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: '{ whoAmI }', variables: { pad: 'x'.repeat(70_000) } });
    expect((await socket.closed).code).toBe(1009);
  });

  test('a stored operation runs by its id', async () => {
    const storedOperations = new StoredOperations();
    storedOperations.addManifest(
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          {
            id: 'ticks',
            body: 'subscription T($n: Int!) { ticks(count: $n) { sequence } }',
            name: 'T',
            type: 'subscription',
          },
        ],
      },
      'test',
    );
    await using it = await startTestGateway({ storedOperations, settings: { storedOperationsOnly: true } });
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { documentId: 'ticks', variables: { n: 2 } });
    expect(await socket.all('1')).toHaveLength(3);
    socket.subscribe('2', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ticks' } }, variables: { n: 1 } });
    expect(await socket.all('2')).toHaveLength(2);
    socket.subscribe('3', { documentId: 'nothing' });
    expect(codeOf(await socket.next('error', '3'))).toBe('OPERATION_NOT_STORED');
    socket.subscribe('4', { query: '{ whoAmI }' });
    expect(codeOf(await socket.next('error', '4'))).toBe('OPERATION_NOT_STORED');
  });
});
