import { createGateway, type Gateway } from '../../../src/index.js';
import { HttpStream, eventStream } from '../eventStream.js';
import { post, quietLogger, testIdentity, type Answer } from '../testGateway.js';
import { mirrorEvents, type MirrorGraph } from './MirrorGraph.js';

type Result = Answer['body'];

export interface MirrorGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  /** One answer, or all events of a subscription. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Result[]>;
}

/** A gateway over the subgraphs of a mirror graph, without limits on what is asked. */
export async function startMirrorGateway(
  graph: MirrorGraph,
  executor: 'own' | 'shipped' = 'own',
): Promise<MirrorGateway> {
  const most = 1_000_000;
  const gateway = await createGateway({
    supergraphSdl: graph.supergraphSdl,
    subgraphs: graph.subgraphs,
    identity: testIdentity,
    logger: quietLogger,
    settings: {
      executor,
      suggestions: true,
      limits: {
        tokens: most,
        depth: 30,
        aliases: most,
        fields: most,
        rootFields: most,
        repeatedFields: most,
        cost: most * 1_000,
      },
      budgets: { requests: 0, cost: 0, workspaceRequests: 0, workspaceCost: 0 },
    },
  });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    gateway,
    ask: async (query, variables) => {
      if (!query.startsWith('subscription'))
        return [(await post(url, { query, variables }, { authorization: 'Bearer good' })).body];
      return eventsOf(await HttpStream.open(url, eventStream, { body: { query, variables } }));
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

async function eventsOf(stream: HttpStream): Promise<Result[]> {
  while (stream.ended === null && stream.events.length < mirrorEvents)
    await new Promise((resolve) => setTimeout(resolve, 2));
  stream.stop();
  return stream.events.map(({ data }) => data as Result);
}
