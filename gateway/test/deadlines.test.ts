import { describe, expect, test } from '@jest/globals';
import { eventually } from './support/sockets.js';
import { startTestGateway } from './support/testGateway.js';
import { startTestCluster } from './support/cluster.js';

describe('deadlines', () => {
  test('a call that takes longer than it may costs its own fields only', async () => {
    const taken: number[] = [];
    const askOnce = async () => {
      await using it = await startTestGateway({ settings: { timeouts: { subgraphMs: 100 } } });
      const started = performance.now();
      const { body } = await it.ask({ query: '{ slow(ms: 5000) asset(id: 1) { id } }' });
      taken.push(performance.now() - started);
      return body;
    };
    // The shortest of some: what others took of the machine is not held against the gateway.
    const [body] = [await askOnce(), await askOnce(), await askOnce()];
    expect(Math.min(...taken)).toBeLessThan(2_000);
    expect(body.data).toEqual({ slow: null, asset: { id: '1' } });
    expect(body.errors).toMatchObject([
      { path: ['slow'], extensions: { code: 'SERVICE_UNAVAILABLE', details: { subgraph: 'flow', reason: 'timeout' } } },
    ]);
    expect(body.extensions!.degraded).toEqual([
      { subgraph: 'flow', reason: 'timeout', retryAfterSeconds: expect.any(Number) },
    ]);
  });

  test('the whole operation has a limit too, and each call is given what is left', async () => {
    await using it = await startTestGateway({ settings: { timeouts: { operationMs: 400 } } });
    await it.ask({ query: '{ slow(ms: 5000) flow(id: 1) { assets { id } } }' });
    for (const call of it.graph.calls) expect(call.context.deadline.remaining()).toBeLessThanOrEqual(400);
  });

  test('over HTTP a client that goes, or a limit, aborts the request to the subgraph', async () => {
    await using it = await startTestCluster({ settings: { timeouts: { subgraphMs: 150 } } });
    const { body } = await it.ask({ query: '{ slow(ms: 2000) }' });
    expect(body.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect(body.extensions!.degraded).toMatchObject([{ subgraph: 'flow', reason: 'timeout' }]);
  });

  test('a client that hangs up aborts its calls', async () => {
    const { graph, seen } = await signalsSeen();
    expect(seen.aborted).toBe(false);
    graph.abort();
    await eventually(() => seen.aborted);
  });
});

async function signalsSeen(): Promise<{ graph: AbortController; seen: { aborted: boolean } }> {
  const controller = new AbortController();
  const seen = { aborted: false };
  let called = false;
  const it = await startTestGateway({
    subgraphs: {
      flow: {
        kind: 'inProcess',
        execute: (request) => {
          called = true;
          return new Promise((resolve) => {
            request.signal!.addEventListener('abort', () => {
              seen.aborted = true;
              resolve({ data: { whoAmI: null } });
              void it.gateway.close();
            });
          });
        },
      },
      asset: { kind: 'inProcess', execute: () => ({ data: {} }) },
    },
  });
  fetch(it.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer good' },
    body: '{"query":"{ whoAmI }"}',
    signal: controller.signal,
  }).catch(() => undefined);
  await eventually(() => called);
  return { graph: controller, seen };
}
