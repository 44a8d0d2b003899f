import type { GatewaySecrets } from '@tributary/auth';
import type { Logger } from '@tributary/observability';
import { limitCalls } from '../calls/limitCalls.js';
import { withPolicies, type CallPolicy, type CallSubgraph, type CarryCall } from '../calls/SubgraphCall.js';
import type { HttpConnection, SubgraphConnection } from '../connections.js';
import { carryInProcess } from './carryInProcess.js';
import { HttpCarrier } from './HttpCarrier.js';
import { SubgraphSocket } from './SubgraphSocket.js';

export interface OpenSubgraphsOptions {
  readonly subgraphs: Readonly<Record<string, SubgraphConnection>>;
  /** Needed as soon as one connection is over HTTP. */
  readonly secrets: GatewaySecrets | null;
  /** Of one try, in milliseconds. */
  readonly callMs: number;
  /** Around each call, the first innermost. */
  readonly policies: readonly CallPolicy[];
  readonly logger: Logger;
}

/** The engine's ways to its subgraphs. */
export interface OpenSubgraphs {
  /** Throws for a subgraph that there is no connection to. */
  callerOf(subgraph: string): CallSubgraph;
  close(): Promise<void>;
}

/** Opens the way to each subgraph, by function call or by network as its connection says. Throws when one is over HTTP and there is no secret. */
export function openSubgraphs(options: OpenSubgraphsOptions): OpenSubgraphs {
  const closers: (() => Promise<void>)[] = [];
  const callers = new Map<string, CallSubgraph>();
  for (const [name, connection] of Object.entries(options.subgraphs)) {
    const carry =
      connection.kind === 'inProcess' ? carryInProcess(connection) : overNetwork(name, connection, options, closers);
    callers.set(name, withPolicies(limitCalls(options.callMs, carry), name, options.policies));
  }
  return {
    callerOf(subgraph) {
      const caller = callers.get(subgraph);
      if (!caller)
        throw new Error(`The supergraph names a subgraph "${subgraph}" that the gateway has no connection to.`);
      return caller;
    },
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

/** HTTP for queries and mutations, one socket for all subscriptions. */
function overNetwork(
  subgraph: string,
  connection: HttpConnection,
  { secrets, logger }: OpenSubgraphsOptions,
  closers: (() => Promise<void>)[],
): CarryCall {
  if (!secrets) throw new Error('A gateway with subgraphs over HTTP needs a gateway secret.');
  const http = new HttpCarrier({ subgraph, connection, secrets });
  const socket = new SubgraphSocket({ subgraph, url: connection.wsUrl, tls: connection.tls ?? null, secrets, logger });
  closers.push(
    () => http.close(),
    () => socket.close(),
  );
  return async (call, limit) =>
    call.operationType === 'subscription' ? socket.subscribe(call, limit) : http.carry(call, limit);
}
