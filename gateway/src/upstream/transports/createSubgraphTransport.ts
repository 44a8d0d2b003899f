import type { Transport } from '@graphql-mesh/transport-common';
import type { GatewaySecrets } from '@tributary/auth';
import type { Logger } from '@tributary/observability';
import { withPolicies, type CallPolicy } from '../calls/CallPolicy.js';
import type { SubgraphConnection } from '../connections.js';
import { createHttpExecutor } from './createHttpExecutor.js';
import { createInProcessExecutor } from './createInProcessExecutor.js';

export interface SubgraphTransportOptions {
  readonly subgraphs: Readonly<Record<string, SubgraphConnection>>;
  /** Needed as soon as one connection is over HTTP. */
  readonly secrets: GatewaySecrets | null;
  /** Around each call, the first innermost. */
  readonly policies: readonly CallPolicy[];
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
      const { policies, secrets, logger } = options;
      const { subgraphName } = payload;
      if (connection.kind === 'inProcess')
        return withPolicies(createInProcessExecutor(connection), subgraphName, policies);
      if (!secrets) throw new Error('A gateway with subgraphs over HTTP needs a gateway secret.');
      const executor = createHttpExecutor({ payload, connection, secrets, logger });
      const close = () => executor[Symbol.asyncDispose]();
      return Object.assign(withPolicies(executor, subgraphName, policies), { [Symbol.asyncDispose]: close });
    },
  };
}
