import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { counter, metricsSnapshot } from '@tributary/observability';
import { eventStream, HttpStream, multipart } from './support/eventStream.js';
import { eventually, RawSocket } from './support/sockets.js';
import { createGateway } from '../src/index.js';
import { quietLogger, startTestGateway, testIdentity } from './support/testGateway.js';

describe('health, drain and close', () => {
  test('it is live and ready once it listens, and figures are served', async () => {
    await using it = await startTestGateway();
    const get = (path: string) => fetch(it.url.replace('/graphql', path));
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', degraded: [] }]);
    await it.ask({ query: '{ whoAmI }' });
    expect(await (await get('/metrics')).text()).toContain('tributary_gateway_operation_seconds');
  });

  test('figures of a worker without a port are shown with its own, in one scrape', async () => {
    counter('test_seen_total', 'Things seen.').inc(3);
    const told = structuredClone(await metricsSnapshot());
    await using it = await startTestGateway({ otherMetrics: () => [told] });
    const figures = await (await fetch(it.url.replace('/graphql', '/metrics'))).text();
    expect(figures).toContain('test_seen_total 6');
    expect(figures).toContain('tributary_gateway_operation_seconds');
  });

  test('a missing part that it cannot do without is 503, another is named and 200', async () => {
    const readyWith = async (essential: boolean) => {
      await using it = await startTestGateway({
        readinessChecks: async () => [{ part: 'postgresql', ready: false, essential }],
      });
      const response = await fetch(it.url.replace('/graphql', '/health/ready'));
      return [response.status, await response.json()];
    };
    expect(await readyWith(true)).toEqual([503, { status: 'unavailable', degraded: ['postgresql'] }]);
    expect(await readyWith(false)).toEqual([200, { status: 'degraded', degraded: ['postgresql'] }]);
  });

  test('a drain closes sockets with 4442 and finishes what is in flight', async () => {
    await using it = await startTestGateway();
    const socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer good' });
    socket.subscribe('1', { query: 'subscription { quiet { sequence } }' });
    await eventually(() => it.graph.openStreams === 1);
    const slow = it.ask({ query: '{ slow(ms: 300) }' });
    await eventually(() => it.graph.calls.length === 2);
    const started = performance.now();
    const drained = it.gateway.drain();
    expect(await socket.closed).toEqual({ code: 4442, reason: 'drain' });
    expect((await slow).body.data).toEqual({ slow: 'done' });
    await drained;
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect(fetch(it.url)).rejects.toThrow();
    expect(it.graph.openStreams).toBe(0);
  });

  test.each([
    ['server-sent events', eventStream],
    ['multipart', multipart],
  ])(
    '%s say that they are drained, and are cut rather than completed, so that clients come back',
    async (_name, accept) => {
      await using it = await startTestGateway();
      const stream = await HttpStream.open(it.url, accept, { body: { query: 'subscription { quiet { sequence } }' } });
      await eventually(() => it.graph.openStreams === 1);
      await it.gateway.close();
      await eventually(() => stream.ended !== null);
      expect(stream.ended).toBe('cut');
      expect(stream.received.at(-1)).toMatchObject({
        type: 'next',
        data: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', details: { reason: 'drain' } } }] },
      });
      await eventually(() => it.graph.openStreams === 0);
    },
  );

  test('a stream that is asked for after a drain is told of it in the same way', async () => {
    await using it = await startTestGateway();
    const server = createServer((request, response) => void it.gateway.handle(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await it.gateway.drain();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const stream = await HttpStream.open(url, eventStream, { body: { query: 'subscription { quiet { sequence } }' } });
    await eventually(() => stream.ended !== null);
    expect(stream.ended).toBe('cut');
    expect(stream.events).toMatchObject([{ data: { errors: [{ extensions: { details: { reason: 'drain' } } }] } }]);
    expect(it.graph.openStreams).toBe(0);
    server.close();
  });

  test('a taken port is refused with EADDRINUSE', async () => {
    await using it = await startTestGateway();
    const { port } = it.gateway.addresses[0]!;
    const silent = { kind: 'inProcess', execute: () => Promise.resolve({}) } as const;
    await using other = await createGateway({
      supergraphSdl: it.graph.supergraphSdl,
      subgraphs: { flow: silent, asset: silent },
      identity: testIdentity,
      logger: quietLogger,
    });
    await expect(other.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('the engine leaves signals to the process', async () => {
    const before = process.listenerCount('SIGTERM');
    await using it = await startTestGateway();
    await it.ask({ query: '{ whoAmI }' });
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
