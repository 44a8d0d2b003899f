import type { Transport } from '@graphql-mesh/transport-common';
import type { GatewaySecrets } from '@tributary/auth';
import type { Logger } from '@tributary/observability';
import type { SubgraphConnection } from '../connections.js';
import { createHttpExecutor } from './createHttpExecutor.js';
import { createInProcessExecutor } from './createInProcessExecutor.js';

export interface SubgraphTransportOptions {
  readonly subgraphs: Readonly<Record<string, SubgraphConnection>>;
  /** Needed as soon as one connection is over HTTP. */
  readonly secrets: GatewaySecrets | null;
  readonly logger: Logger;
}

/** The engine's way to a subgraph: by function call or by network, as its connection says. */
export function createSubgraphTransport(options: SubgraphTransportOptions): Transport {
  return {
    getSubgraphExecutor(payload) {
      const connection = options.subgraphs[payload.subgraphName];
      if (!connection)
        throw new Error(
          `The supergraph names a subgraph "${payload.subgraphName}" that the gateway has no connection to.`,
        );
      if (connection.kind === 'inProcess') return createInProcessExecutor(connection);
      if (!options.secrets) throw new Error('A gateway with subgraphs over HTTP needs a gateway secret.');
      return createHttpExecutor({ payload, connection, secrets: options.secrets, logger: options.logger });
    },
  };
}
