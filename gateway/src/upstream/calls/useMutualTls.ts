import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { createTlsFetch } from '@tributary/commands';
import type { SubgraphConnection } from '../connections.js';

/** Requests to a subgraph show this process's certificate, where its connection has one. */
export function useMutualTls(subgraphs: Readonly<Record<string, SubgraphConnection>>): GatewayPlugin {
  const fetches = new Map<string, typeof fetch>();
  for (const [name, connection] of Object.entries(subgraphs))
    if (connection.kind === 'http' && connection.tls) fetches.set(name, createTlsFetch(connection.tls));
  if (fetches.size === 0) return {};
  return {
    onFetch({ executionRequest, setFetchFn }) {
      const withCertificate = fetches.get(executionRequest?.subgraphName ?? '');
      if (withCertificate) setFetchFn((url, init) => withCertificate(url, init));
    },
  };
}
