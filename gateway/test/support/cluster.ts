import { ContextVerifier, parseGatewaySecrets } from '@tributary/auth';
import { CommandRegistry, type MutualTls } from '@tributary/commands';
import { Subgraph, SubgraphAnswers, SubgraphServer } from '@tributary/server';
import type { GatewayOptions } from '../../src/index.js';
import { TestGraph } from './graph.js';
import { quietLogger, startTestGateway, type TestGateway } from './testGateway.js';

export const secrets = parseGatewaySecrets('0123456789abcdef0123456789abcdef-test');

export interface TestCluster extends TestGateway {
  readonly upstream: TestGraph;
  stop(subgraph: 'flow' | 'asset'): Promise<void>;
  readonly ports: Readonly<Record<'flow' | 'asset', number>>;
}

/** The two subgraphs as servers of their own, each behind a signed context, and a gateway in front. */
export async function startTestCluster(
  options: Partial<GatewayOptions> = {},
  /** What subgraphs and gateway show each other; null for plain HTTP. */
  tls: { readonly subgraphs: MutualTls; readonly gateway: MutualTls | null } | null = null,
): Promise<TestCluster> {
  const upstream = new TestGraph();
  const start = (name: 'flow' | 'asset') => {
    const graph = { schema: upstream.schemas[name], sdl: '' } as never;
    const subgraph = new Subgraph({
      name,
      answers: () => Promise.resolve(new SubgraphAnswers(name, graph, quietLogger)),
      commands: new CommandRegistry(),
    });
    return SubgraphServer.start({
      subgraph,
      verifier: new ContextVerifier({ secrets }),
      logger: quietLogger,
      tls: tls?.subgraphs ?? null,
      host: '127.0.0.1',
      port: 0,
      requestTimeoutMs: 5_000,
      commandTimeoutMs: 5_000,
      isReady: () => Promise.resolve(true),
    });
  };
  const servers = { flow: await start('flow'), asset: await start('asset') };
  const connectionOf = (name: 'flow' | 'asset') =>
    ({
      kind: 'http',
      url: `${tls ? 'https' : 'http'}://127.0.0.1:${servers[name].port}/graphql`,
      wsUrl: `${tls ? 'wss' : 'ws'}://127.0.0.1:${servers[name].port}/graphql`,
      tls: tls?.gateway ?? null,
    }) as const;
  const gateway = await startTestGateway({
    subgraphs: { flow: connectionOf('flow'), asset: connectionOf('asset') },
    secrets,
    ...options,
  });
  const stopped = new Set<string>();
  const stop = async (name: 'flow' | 'asset') => {
    if (stopped.has(name)) return;
    stopped.add(name);
    await servers[name].close();
  };
  return Object.assign(gateway, {
    upstream,
    ports: { flow: servers.flow.port, asset: servers.asset.port },
    stop,
    [Symbol.asyncDispose]: async () => {
      await gateway.gateway.close();
      await Promise.all([stop('flow'), stop('asset')]);
    },
  });
}
