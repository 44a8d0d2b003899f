import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '@tributary/contracts/principal';
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

const statusOfFlow = parse('query ($id: ID!) { flow(id: $id) { status } }');

/** A discovery of a sample, and for whom it runs. */
export interface SampleFlow {
  readonly id: string;
  readonly principal: Principal;
}

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
 * query shows, a flow has really found. Answers what it started.
 */
export async function seedDemo(database: Database, flow: Subgraph): Promise<SampleFlow[]> {
  const samples: SampleFlow[] = [];
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
      samples.push({ id: flowIdOf(answer), principal: context.principal });
    }
  }
  return samples;
}

/** Resolves when the sample flows have ended, or after `patienceMs`: a start does not hang on a sample. */
export async function samplesDone(flow: Subgraph, samples: readonly SampleFlow[], patienceMs = 30_000): Promise<void> {
  const until = Date.now() + patienceMs;
  for (const { id, principal } of samples) {
    while (Date.now() < until) {
      const context = { principal, requestId: randomUUID(), deadline: Deadline.in(10_000) };
      const answer = await flow.execute({ document: statusOfFlow, variables: { id }, context });
      const flowOf = 'data' in answer ? (answer.data?.['flow'] as { readonly status: string } | null) : null;
      if (!flowOf || ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(flowOf.status)) break;
      await delay(100);
    }
  }
}

function flowIdOf(answer: unknown): string {
  const { data } = answer as { readonly data: { readonly startDiscovery: { readonly flow: { readonly id: string } } } };
  return data.startDiscovery.flow.id;
}
