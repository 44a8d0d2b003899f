import { randomUUID } from 'node:crypto';
import type { Database } from '@tributary/data';
import { Deadline } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { Subgraph } from '@tributary/server';
import { demoPassword, seedDemoPeople } from '@tributary/subgraph-workspace';
import { parse } from 'graphql';
import { demoSources } from './demoSources.js';

const startDiscovery = parse(
  'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }',
);

/** Whom the sandbox offers to sign in as. */
export const demoPeople = ['owner', 'admin', 'operator', 'viewer'].flatMap((role) =>
  ['acme', 'globex'].map((slug) => ({
    label: `${role} of ${slug}`,
    email: `${role}@${slug}.example`,
    password: demoPassword,
  })),
);

/**
 * The demo workspaces, and in each that is new a discovery of a small sample estate, started as its operator would: whatever the first
 * query shows, a flow has really found.
 */
export async function seedDemo(database: Database, flow: Subgraph): Promise<void> {
  for (const workspace of await seedDemoPeople(database)) {
    if (!workspace.created) continue;
    const context: RequestContext = {
      principal: {
        workspaceId: workspace.workspaceId,
        actor: { kind: 'user', id: workspace.operatorId },
        role: 'OPERATOR',
        scopes: null,
      },
      requestId: randomUUID(),
      deadline: Deadline.in(10_000),
    };
    for (const source of demoSources(workspace.slug)) {
      const answer = await flow.execute({
        document: startDiscovery,
        variables: {
          input: { name: source.title, source: { name: source.name, format: source.format, content: source.content } },
        },
        context,
      });
      if ('errors' in answer && answer.errors)
        throw new Error(`The sample discovery ${source.name} was refused: ${answer.errors[0]?.message}`);
    }
  }
}
