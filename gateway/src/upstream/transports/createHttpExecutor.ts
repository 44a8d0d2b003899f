import type { Executor, TransportGetSubgraphExecutorOptions } from '@graphql-mesh/transport-common';
import httpTransport from '@graphql-mesh/transport-http';
import type { GatewaySecrets } from '@tributary/auth';
import type { Logger } from '@tributary/observability';
import type { HttpConnection } from '../connections.js';
import { SubgraphSocket } from './SubgraphSocket.js';

export interface HttpExecutorOptions {
  readonly payload: TransportGetSubgraphExecutorOptions;
  readonly connection: HttpConnection;
  readonly secrets: GatewaySecrets;
  readonly logger: Logger;
}

export interface HttpExecutor extends Executor {
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The engine's HTTP transport for queries and mutations, our own socket for subscriptions.
 *
 * The transport could share one fetch between equal queries in flight, but then the first caller who hangs up fails the
 * others, and it copies every answer with structuredClone, shared or not. So it is off.
 */
export function createHttpExecutor(options: HttpExecutorOptions): HttpExecutor {
  const { connection, payload } = options;
  const execute = httpTransport.getSubgraphExecutor({
    ...payload,
    transportEntry: {
      kind: 'http',
      subgraph: payload.subgraphName,
      location: connection.url,
      options: { deduplicateInflightRequests: false },
    },
  });
  const socket = new SubgraphSocket({
    subgraph: payload.subgraphName,
    url: connection.wsUrl,
    tls: connection.tls ?? null,
    secrets: options.secrets,
    logger: options.logger,
  });
  const executor: Executor = (request) =>
    request.operationType === 'subscription' ? (socket.subscribe(request) as never) : execute(request);
  return Object.assign(executor, { [Symbol.asyncDispose]: () => socket.close() });
}
