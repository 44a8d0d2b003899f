import { parseGatewaySecrets } from '@tributary/auth';
import { createGateway, type Gateway, type SubgraphConnection } from '@tributary/gateway';
import type { Principal } from '@tributary/contracts/principal';
import { createLogger } from '@tributary/observability';
import { Kind, parse, type ConstDirectiveNode } from 'graphql';

export type ExecutorName = 'own' | 'shipped';

/** Our gateway, whole, in front of the subgraphs that a supergraph names. Everybody is an operator; nothing is limited. */
export async function auditedGateway(audited: string, executor: ExecutorName): Promise<[Gateway, string]> {
  // The gateway refuses a graph whose Viewer is not marked, and some of the audit's have a type of that name.
  const supergraphSdl = audited.replace(/^type Viewer\b/m, 'type Viewer @perViewer');
  const most = 1_000_000;
  const gateway = await createGateway({
    supergraphSdl,
    subgraphs: subgraphsOf(supergraphSdl),
    identity: { authenticate: async () => ({ principal: operator, expiresAt: null }) },
    secrets: parseGatewaySecrets('0123456789abcdef'.repeat(4)),
    settings: {
      executor,
      introspection: true,
      limits: { depth: 100, aliases: most, fields: most, repeatedFields: most, cost: most, tokens: most },
    },
    logger: createLogger({ name: 'audit', level: 'silent' }),
  });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  return [gateway, `http://127.0.0.1:${port}/graphql`];
}

const operator: Principal = {
  workspaceId: '01900000-0000-7000-8000-000000000001',
  actor: { kind: 'user', id: '01900000-0000-7000-8000-000000000002' },
  role: 'OPERATOR',
  scopes: null,
};

function subgraphsOf(supergraphSdl: string): Record<string, SubgraphConnection> {
  const connections: Record<string, SubgraphConnection> = {};
  for (const definition of parse(supergraphSdl).definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { directives } of definition.values ?? []) {
      const graph = directives?.find(({ name }) => name.value === 'join__graph');
      if (!graph) continue;
      const url = textIn(graph, 'url');
      connections[textIn(graph, 'name')] = { kind: 'http', url, wsUrl: url.replace(/^http/, 'ws') };
    }
  }
  return connections;
}

function textIn(directive: ConstDirectiveNode, argument: string): string {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value?.kind !== Kind.STRING) throw new Error(`The supergraph says no ${argument} of a subgraph.`);
  return value.value;
}
