import { createHook } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import { startTestCluster } from './support/cluster.js';
import { eventually, RawSocket } from './support/sockets.js';
import { owner } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };

describe('subgraphs in processes of their own', () => {
  test('a query over both subgraphs, with the principal of its caller', async () => {
    await using it = await startTestCluster();
    const { body } = await it.ask(
      { query: '{ whoAmI flow(id: 1) { name assets { title } } }' },
      { 'x-request-id': 'r-7' },
    );
    expect(body.errors).toBeUndefined();
    expect(JSON.parse(body.data!['whoAmI'] as string)).toEqual(owner);
    expect(body.data!['flow']).toEqual({ name: 'flow 1', assets: [{ title: 'asset of 1' }] });
  });

  test('errors keep code, message, details and request id over HTTP', async () => {
    await using it = await startTestCluster();
    const { body } = await it.ask({ query: '{ refuse flows { assets { id } } crash }' }, { 'x-request-id': 'r-8' });
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          message: 'It has changed meanwhile.',
          path: ['refuse'],
          extensions: expect.objectContaining({
            code: 'RESOURCE_CONFLICT',
            details: { reason: 'version' },
            requestId: 'r-8',
          }),
        }),
        expect.objectContaining({
          message: 'The assets of this flow are locked.',
          path: ['flows', 1, 'assets'],
          extensions: expect.objectContaining({ code: 'DATABASE_ERROR', details: { retry: true } }),
        }),
        expect.objectContaining({ path: ['crash'], extensions: expect.objectContaining({ code: 'INTERNAL_ERROR' }) }),
      ]),
    );
  });

  test('a subgraph answers nobody without a signed context', async () => {
    await using it = await startTestCluster();
    const response = await fetch(`http://127.0.0.1:${it.ports.flow}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    });
    expect(response.status).toBe(401);
  });

  test('subscriptions come over one socket per subgraph, joins are fetched for each event', async () => {
    await using it = await startTestCluster();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    for (const id of ['1', '2', '3'])
      socket.subscribe(id, {
        query: 'subscription T($n: Int!) { ticks(count: $n) { sequence flow { name assets { id } } } }',
        variables: { n: 3 },
      });
    const all = await Promise.all(['1', '2', '3'].map((id) => socket.all(id)));
    for (const messages of all) {
      expect(messages.map((message) => message['type'])).toEqual(['next', 'next', 'next', 'complete']);
      expect(messages[2]).toMatchObject({
        payload: { data: { ticks: { sequence: 3, flow: { name: 'flow 3', assets: [{ id: 'a3' }] } } } },
      });
      expect(messages[1]).toMatchObject({ payload: { errors: [{ extensions: { code: 'DATABASE_ERROR' } }] } });
      expect(messages[2]!['payload'] as object).not.toHaveProperty('errors');
    }
  });

  test('a client that completes or goes ends its subscription upstream', async () => {
    await using it = await startTestCluster();
    const socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { quiet { sequence } }' });
    socket.subscribe('2', { query: 'subscription { quiet { sequence } }' });
    await eventually(() => it.upstream.openStreams === 2);
    socket.send({ id: '1', type: 'complete' });
    await eventually(() => it.upstream.openStreams === 1);
    socket.socket.terminate();
    await eventually(() => it.upstream.openStreams === 0);
  });

  test('a subgraph that cannot be reached costs its own fields only, and is named in extensions.degraded', async () => {
    await using it = await startTestCluster();
    await it.stop('asset');
    const { body, status } = await it.ask({ query: '{ flow(id: 1) { name assets { id } } asset(id: 2) { id } }' });
    expect(status).toBe(200);
    expect(body.data).toEqual({ flow: { name: 'flow 1', assets: null }, asset: null });
    expect(body.errors!.map((error) => error.extensions.code)).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
    expect(body.extensions!.degraded).toEqual([
      { subgraph: 'asset', reason: 'unreachable', retryAfterSeconds: expect.any(Number) },
    ]);
    expect(JSON.stringify(body)).not.toContain('127.0.0.1');
    const ready = await fetch(it.url.replace('/graphql', '/health/ready'));
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'degraded', degraded: ['asset'] }]);
  });

  test('a subgraph that stops ends its subscriptions with SERVICE_UNAVAILABLE, and the client’s socket stays', async () => {
    await using it = await startTestCluster();
    await using socket = await RawSocket.open(it.wsUrl, signedIn);
    socket.subscribe('1', { query: 'subscription { ticks(count: 1000, everyMs: 20) { sequence } }' });
    await socket.next('next', '1');
    await it.stop('flow');
    expect(await socket.next('error', '1')).toMatchObject({
      payload: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    socket.subscribe('2', { query: '{ asset(id: 1) { id } }' });
    expect(await socket.next('next', '2')).toMatchObject({ payload: { data: { asset: { id: '1' } } } });
  });

  test('without any reachable subgraph the gateway is not ready', async () => {
    await using it = await startTestCluster();
    await Promise.all([it.stop('flow'), it.stop('asset')]);
    expect((await fetch(it.url.replace('/graphql', '/health/ready'))).status).toBe(503);
  });

  test('a gateway that has closed leaves no timer behind, also right after its last subscription', async () => {
    const timers = new Map<number, NodeJS.Timeout>();
    const hook = createHook({
      init: (id, type, _trigger, resource) => type === 'Timeout' && timers.set(id, resource as NodeJS.Timeout),
      destroy: (id) => timers.delete(id),
    }).enable();
    {
      await using it = await startTestCluster();
      await using socket = await RawSocket.open(it.wsUrl, signedIn);
      socket.subscribe('1', { query: 'subscription { ticks(count: 1) { sequence } }' });
      await socket.all('1');
    }
    // Its own timer is gone by the time that `eventually` looks.
    await eventually(() => [...timers.values()].every((timer) => !timer.hasRef()), 2_000);
    hook.disable();
  });
});
