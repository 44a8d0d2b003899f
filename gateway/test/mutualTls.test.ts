import { request } from 'node:https';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Deadline } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import { existingCommand } from '@tributary/contracts/commands';
import { HttpCommandClient, readTlsConfig, type MutualTls } from '@tributary/commands';
import { makeCertificates } from './support/certificates.js';
import { secrets, startTestCluster } from './support/cluster.js';
import { RawSocket } from './support/sockets.js';

let ours: MutualTls;
let strangers: MutualTls;
beforeAll(() => {
  ours = makeCertificates();
  strangers = makeCertificates();
});

const signedIn = { authorization: 'Bearer good' };
/** Somebody who believes our authority, and shows what they have. */
const statusOf = (port: number, path: string, shown: { cert?: string; key?: string } = {}): Promise<number | string> =>
  new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, method: path === '/graphql' ? 'POST' : 'GET', ca: ours.ca };
    const sent = request({ ...options, ...shown, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end();
  });
const context = {
  principal: systemPrincipal('01900000-0000-7000-8000-000000000001', 'test'),
  requestId: 'r',
  deadline: Deadline.in(5_000),
};

describe('mutual TLS between gateway and subgraphs', () => {
  test('carries queries, subscriptions and probes', async () => {
    await using it = await startTestCluster({}, { subgraphs: ours, gateway: ours });
    const { body } = await it.ask({ query: '{ flow(id: 1) { name assets { title } } }' });
    expect(body).toEqual({ data: { flow: { name: 'flow 1', assets: [{ title: 'asset of 1' }] } } });
    const socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('s', { query: 'subscription { ticks(count: 1) { sequence } }' });
    expect(await socket.next('next')).toMatchObject({ payload: { data: { ticks: { sequence: 1 } } } });
    socket.socket.close();
    await socket.closed;
    const ready = await fetch(it.url.replace('/graphql', '/health/ready'));
    expect(await ready.json()).toEqual({ status: 'ready', degraded: [] });
  });

  test('a client without a certificate, or with a stranger’s, is served nothing but health and figures', async () => {
    await using it = await startTestCluster({}, { subgraphs: ours, gateway: ours });
    const { cert, key } = strangers;
    for (const shown of [{}, { cert, key }]) {
      expect(await statusOf(it.ports.flow, '/graphql', shown)).toBe(401);
      expect(await statusOf(it.ports.flow, '/internal/revocations', shown)).toBe(401);
      expect(await statusOf(it.ports.flow, '/health/ready', shown)).toBe(200);
    }
    const command = (tls: MutualTls | null) =>
      new HttpCommandClient({ urls: { flow: `https://127.0.0.1:${it.ports.flow}` }, secrets, tls })
        .call(existingCommand.flow, { ids: [] }, context)
        .catch((error: { code: string }) => error.code);
    // The authority that a client believes decides, too: a stranger's client does not believe us.
    expect(await command(strangers)).toBe('SERVICE_UNAVAILABLE');
    expect(await command({ ...strangers, ca: ours.ca })).toBe('INVALID_CREDENTIALS');
    expect(await command(ours)).toBe('RESOURCE_NOT_FOUND');
  });

  test('a gateway without a certificate opens no socket and gets no answer', async () => {
    await using it = await startTestCluster({}, { subgraphs: ours, gateway: { ...strangers, ca: ours.ca } });
    const { body } = await it.ask({ query: '{ flow(id: 1) { name } }' });
    expect([body.data?.['flow'] ?? null, body.errors?.length]).toEqual([null, 1]);
    expect(it.upstream.calls).toEqual([]);
    const socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('s', { query: 'subscription { ticks(count: 1) { sequence } }' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(socket.received.filter(({ type }) => type === 'next')).toEqual([]);
    socket.socket.close();
    await socket.closed;
  });

  test('needs all three settings, and URLs that do not go round it', () => {
    const all = { TLS_CERT: 'a', TLS_KEY: 'b', TLS_CA: 'c' };
    expect(readTlsConfig({}, {})).toBeNull();
    expect(readTlsConfig({ flow: 'https://flow:4001' }, all)).toEqual({ cert: 'a', key: 'b', ca: 'c' });
    expect(() => readTlsConfig({}, { TLS_CERT: 'a' })).toThrow(/all three/);
    expect(() => readTlsConfig({ flow: 'http://flow:4001' }, all)).toThrow(/SUBGRAPH_FLOW_URL/);
  });
});
