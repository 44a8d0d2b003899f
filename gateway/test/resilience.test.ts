import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { secrets } from './support/cluster.js';
import { startTestGateway } from './support/testGateway.js';

/** A subgraph that hangs up on the first `failures` requests and then answers. */
async function flakySubgraph(failures: number): Promise<{ server: Server; url: string; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (requests <= failures) {
      request.socket.destroy();
      return;
    }
    request
      .resume()
      .on('end', () =>
        response.setHeader('content-type', 'application/json').end('{"data":{"whoAmI":"me","rename":{"id":"1"}}}'),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests: () => requests,
  };
}

async function gatewayBefore(failures: number) {
  const flaky = await flakySubgraph(failures);
  const connection = { kind: 'http', url: flaky.url, wsUrl: flaky.url.replace('http', 'ws') } as const;
  const it = await startTestGateway({ subgraphs: { flow: connection, asset: connection }, secrets });
  return {
    ...it,
    requests: flaky.requests,
    [Symbol.asyncDispose]: async () => {
      await it.gateway.close();
      flaky.server.closeAllConnections();
      flaky.server.close();
    },
  };
}

test('a subgraph that answers with what it remembers is named, in process and over HTTP', async () => {
  const degraded = [{ subgraph: 'flow', reason: 'stale', retryAfterSeconds: 1 }];
  const expected = { data: { whoAmI: 'old' }, extensions: { degraded } };
  const answer = { data: { whoAmI: 'old' }, extensions: { stale: true } };
  const inProcess = { kind: 'inProcess', execute: () => Promise.resolve(answer) } as const;
  await using near = await startTestGateway({ subgraphs: { flow: inProcess, asset: inProcess } });
  expect((await near.ask({ query: '{ whoAmI }' })).body).toEqual(expected);
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const connection = { kind: 'http', url, wsUrl: url.replace('http', 'ws') } as const;
  try {
    await using far = await startTestGateway({ subgraphs: { flow: connection, asset: connection }, secrets });
    expect((await far.ask({ query: '{ whoAmI }' })).body).toEqual(expected);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

describe('a subgraph that fails', () => {
  test('reads are tried three times', async () => {
    await using twice = await gatewayBefore(2);
    expect((await twice.ask({ query: '{ whoAmI }' })).body).toEqual({ data: { whoAmI: 'me' } });
    expect(twice.requests()).toBe(3);
    await using thrice = await gatewayBefore(3);
    expect((await thrice.ask({ query: '{ whoAmI }' })).body.errors).toMatchObject([
      { extensions: { code: 'SERVICE_UNAVAILABLE' } },
    ]);
    expect(thrice.requests()).toBe(3);
  });

  test('a mutation without an idempotency key is never repeated', async () => {
    await using it = await gatewayBefore(1);
    const { body } = await it.ask({ query: 'mutation { rename(id: 1, name: "x") { id } }' });
    expect(body.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    expect(it.requests()).toBe(1);
  });

  test('after five failures in a row calls are held back, and let through again after a second', async () => {
    await using it = await gatewayBefore(5);
    const mutation = { query: 'mutation { rename(id: 1, name: "x") { id } }' };
    for (let tries = 0; tries < 5; tries += 1) await it.ask(mutation);
    const { body } = await it.ask(mutation);
    expect(body.extensions!.degraded).toEqual([{ subgraph: 'flow', reason: 'unreachable', retryAfterSeconds: 1 }]);
    expect(it.requests()).toBe(5);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await it.ask(mutation)).body.data).toEqual({ rename: { id: '1' } });
    expect((await it.ask(mutation)).body.errors).toBeUndefined();
  });
});
