import { ContextVerifier } from '@tributary/auth';
import { CommandRegistry } from '@tributary/commands';
import { Subgraph, SubgraphAnswers, SubgraphServer } from '@tributary/server';
import type { GatewayOptions } from '../../src/index.js';
import { secrets } from './cluster.js';
import { LogGraph } from './logGraph.js';
import { quietLogger, startTestGateway, type TestGateway } from './testGateway.js';

export interface LogCluster extends TestGateway {
  readonly log: LogGraph;
  /** Stops the subgraph of the log, whose sockets are closed by that. */
  stop(): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
}

/** The log as a server of its own, a gateway in front. */
export async function startLogCluster(options: Partial<GatewayOptions> = {}): Promise<LogCluster> {
  const log = new LogGraph();
  const serve = (name: 'flow' | 'asset', port: number) =>
    SubgraphServer.start({
      subgraph: new Subgraph({
        name,
        answers: () =>
          Promise.resolve(new SubgraphAnswers(name, { schema: log.schemas[name], sdl: '' } as never, quietLogger)),
        commands: new CommandRegistry(),
      }),
      verifier: new ContextVerifier({ secrets }),
      logger: quietLogger,
      host: '127.0.0.1',
      port,
      requestTimeoutMs: 5_000,
      commandTimeoutMs: 5_000,
      isReady: () => Promise.resolve(true),
    });
  let flow: SubgraphServer | null = await serve('flow', 0);
  const asset = await serve('asset', 0);
  const { port } = flow;
  const at = (where: number) =>
    ({
      kind: 'http',
      url: `http://127.0.0.1:${where}/graphql`,
      wsUrl: `ws://127.0.0.1:${where}/graphql`,
    }) as const;
  const gateway = await startTestGateway({
    supergraphSdl: log.supergraphSdl,
    subgraphs: { flow: at(port), asset: at(asset.port) },
    secrets,
    ...options,
  });
  const stop = async (): Promise<void> => {
    await flow?.close();
    flow = null;
  };
  return Object.assign(gateway, {
    log,
    stop,
    start: async () => {
      flow ??= await serve('flow', port);
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.gateway.close();
      await stop();
      await asset.close();
    },
  });
}
