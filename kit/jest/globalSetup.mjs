import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFromSource } from './importFromSource.mjs';

/**
 * One PostgreSQL for the whole run, started when the first test asks for a database: a run of pure tests never pays for
 * it. It lives in jest's main process, which outlives all workers; they ask for its address over loopback, by a path that
 * nobody can guess.
 */
// jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default async function globalSetup() {
  // Suites start the product again and again: its code is compiled once for all of them.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'tributary-test-code');
  const secret = `/${randomBytes(16).toString('hex')}`;
  let cluster = null;
  const server = createServer(async (request, response) => {
    if (request.url !== secret) return response.writeHead(404).end();
    try {
      cluster ??= startCluster();
      response.end((await cluster).url());
    } catch (error) {
      response.writeHead(500).end(error.message);
    }
  });
  // A test file asks seldom: a connection that is closed for idleness would be closed just as the next one asks.
  server.keepAliveTimeout = 0;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  process.env.TRIBUTARY_TEST_CLUSTER = `http://127.0.0.1:${server.address().port}${secret}`;
  globalThis.tributaryTestRun = {
    async close() {
      server.close();
      server.closeAllConnections();
      delete process.env.TRIBUTARY_TEST_CLUSTER;
      await cluster?.then(
        (started) => started.destroy(),
        () => undefined,
      );
    },
  };
}

async function startCluster() {
  const { startTestCluster } = await importFromSource(new URL('../src/servers/testCluster.ts', import.meta.url));
  return startTestCluster();
}
