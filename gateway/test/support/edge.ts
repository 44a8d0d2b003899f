import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEdge, StoredOperations, type SettingsOverrides, type UsedOperations } from '../../src/index.js';
import { secrets } from './cluster.js';
import { TestGraph } from './graph.js';
import { quietLogger, testIdentity } from './testGateway.js';

/** An edge in front of a router that answers what `answer` says, and remembers what it was asked. */
export async function startEdge(
  answer: (body: { query: string }) => unknown,
  settings: SettingsOverrides = {},
  usedOperations?: UsedOperations,
) {
  const received: { headers: IncomingMessage['headers']; body: { query: string; variables?: unknown } }[] = [];
  const router = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { query: string };
      received.push({ headers: request.headers, body });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(body)));
    });
  });
  await new Promise<void>((resolve) => router.listen(0, '127.0.0.1', resolve));
  const storedOperations = new StoredOperations();
  storedOperations.addManifest(
    { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'one', body: '{ whoAmI }' }] },
    'test',
  );
  const edge = createEdge({
    routerUrl: `http://127.0.0.1:${(router.address() as AddressInfo).port}/`,
    supergraphSdl: new TestGraph().supergraphSdl,
    secrets,
    identity: testIdentity,
    settings,
    storedOperations,
    ...(usedOperations ? { usedOperations } : {}),
    logger: quietLogger,
  });
  const { port } = await edge.listen({ host: '127.0.0.1', port: 0 });
  return {
    edge,
    received,
    url: `http://127.0.0.1:${port}/graphql`,
    [Symbol.asyncDispose]: async () => {
      await edge.close();
      router.closeAllConnections();
      router.close();
    },
  };
}
