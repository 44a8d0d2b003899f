import type { IncomingMessage, Server } from 'node:http';
import { GraphQLError, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { connectionHash, operationHash } from '@tributary/auth';
import { closeCodes } from '@tributary/contracts/closeCodes';
import { Deadline } from '@tributary/kernel';
import { formatError } from './formatError.js';
import type { GraphqlContext } from './GraphqlContext.js';
import type { SubgraphServerOptions } from './SubgraphServerOptions.js';
import { isKnownPeer } from './tlsPeers.js';

/** Subscriptions over graphql-ws: the socket's context and each operation's are signed, and bound to it. */
export function serveSockets(server: Server, options: SubgraphServerOptions): { dispose: () => void | Promise<void> } {
  const { subgraph, verifier, logger } = options;
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: 1_048_576,
    verifyClient: ({ req }: { req: IncomingMessage }) => !options.tls || isKnownPeer(req),
  });
  const disposable = useServer(
    {
      connectionInitWaitTimeout: 3_000,
      onConnect: ({ connectionParams }) => {
        try {
          verifier.verify(text(connectionParams?.['context']), { audience: subgraph.name, bodySha256: connectionHash });
          return true;
        } catch {
          return false;
        }
      },
      onSubscribe: (_, __, payload) => {
        const token = text((payload.extensions as Record<string, unknown> | undefined)?.['context']);
        try {
          const caller = verifier.verify(token, {
            audience: subgraph.name,
            bodySha256: operationHash({
              query: payload.query,
              variables: payload.variables,
              operationName: payload.operationName,
            }),
          });
          return {
            schema: subgraph.schema,
            document: parse(payload.query),
            variableValues: payload.variables,
            operationName: payload.operationName,
            contextValue: { ...caller, deadline: Deadline.in(options.requestTimeoutMs) },
          };
        } catch (error) {
          const refusal =
            error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
          return [formatError(refusal, '', logger)];
        }
      },
      execute: (args) => run(args),
      subscribe: (args) => run(args),
    },
    sockets,
  );
  function run(args: { document: unknown; variableValues?: unknown; operationName?: unknown; contextValue?: unknown }) {
    return subgraph.execute({
      document: args.document as never,
      variables: args.variableValues as Record<string, unknown>,
      operationName: (args.operationName ?? undefined) as string | undefined,
      context: args.contextValue as GraphqlContext,
    }) as never;
  }
  return {
    dispose: async () => {
      for (const socket of sockets.clients) socket.close(closeCodes.drain, 'This process is shutting down.');
      await disposable.dispose();
    },
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
