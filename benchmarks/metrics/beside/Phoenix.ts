import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, startTestCluster } from '@tributary/kit';
import { isTaken, type Rival } from './Rival.ts';

const range = 'timeRange: { start: $from, end: $to }';

/**
 * Arize Phoenix from pip (`pip install 'arize-phoenix[pg]'`), by its python, on a PostgreSQL of its own, which forgoes durability. It stores
 * what it takes in a moment later, so it is asked how much that is.
 */
export async function startPhoenix(python: string): Promise<Rival> {
  await using opened = new AsyncDisposableStack();
  const cluster = opened.adopt(await startTestCluster(), (open) => open.destroy());
  const folder = opened.adopt(mkdtempSync(join(tmpdir(), 'tributary-phoenix-')), (path) =>
    rmSync(path, { recursive: true, force: true }),
  );
  const [port, grpcPort] = [await freePort(), await freePort()];
  const child = spawn(python, ['-m', 'phoenix.server.main', 'serve'], {
    env: {
      PATH: process.env['PATH'],
      PHOENIX_SQL_DATABASE_URL: cluster.url().replace(/^postgres:/, 'postgresql:'),
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: String(port),
      PHOENIX_GRPC_PORT: String(grpcPort),
      PHOENIX_WORKING_DIR: folder,
      PHOENIX_TELEMETRY_ENABLED: 'false',
      PHOENIX_ALLOW_EXTERNAL_RESOURCES: 'false',
      PHOENIX_LOGGING_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  opened.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
  const origin = `http://127.0.0.1:${port}`;
  await eventually(() => fetch(`${origin}/healthz`).then(isTaken), { timeoutMs: 900_000, intervalMs: 500 });

  const ask = async (query: string, variables: object = {}): Promise<any> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: { message: string }[] };
    if (errors) throw new Error(`Phoenix answered: ${errors[0]!.message}`);
    return data;
  };
  const project = async (): Promise<{ id: string; traceCount: number } | null> => {
    const { projects } = await ask('{ projects { edges { node { id name traceCount } } } }');
    const nodes = projects.edges.map((edge: { node: { name: string } }) => edge.node);
    return nodes.find(({ name }: { name: string }) => name === 'default') ?? null;
  };
  const ofProject = (fields: string) => async (from: Date, to: Date) => {
    const known = (await project())!;
    return ask(
      `query ($id: ID!, $from: DateTime!, $to: DateTime!) { node(id: $id) { ... on Project { ${fields} } } }`,
      {
        id: known.id,
        from: from.toISOString(),
        to: to.toISOString(),
      },
    );
  };
  const owned = opened.move();
  return {
    name: 'Arize Phoenix',
    send: async (body) =>
      isTaken(
        await fetch(`${origin}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf' },
          body: new Uint8Array(body),
        }),
      ),
    count: async () => (await project())?.traceCount ?? 0,
    questions: {
      'cost and tokens': ofProject(`tokenCountTotal(${range}) costSummary(${range}) { total { cost tokens } }`),
      'p95 by day': ofProject(
        `traceLatencyMsPercentileTimeSeries(${range}, timeBinConfig: { scale: DAY }) { data { timestamp p95 } }`,
      ),
      'models by cost': ofProject(`topModelsByCost(${range}) { name }`),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
