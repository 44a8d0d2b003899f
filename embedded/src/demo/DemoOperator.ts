import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SubgraphName } from '@tributary/contracts/subgraphs';
import type { Principal } from '@tributary/contracts/principal';
import { Deadline } from '@tributary/kernel';
import type { Subgraph } from '@tributary/server';
import { parse } from 'graphql';

const askMs = 20_000;
const lookMs = 50;

/** The person of a demo workspace who makes its samples: asks the graph what anybody may ask who is signed in. */
export class DemoOperator {
  private readonly principal: Principal;

  constructor(
    private readonly subgraphs: readonly Subgraph[],
    /** Bare uuids. */
    { workspaceId, operatorId }: { readonly workspaceId: string; readonly operatorId: string },
    /** When it gives up waiting: a start does not hang on a sample. */
    private readonly until: number,
  ) {
    this.principal = { workspaceId, actor: { kind: 'user', id: operatorId }, role: 'OPERATOR', scopes: null };
  }

  /** The answer to the first field of an operation. Throws when anything of it was refused. */
  async ask<Answer>(name: SubgraphName, operation: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const subgraph = this.subgraphs.find((each) => each.name === name)!;
    const context = { principal: this.principal, requestId: randomUUID(), deadline: Deadline.in(askMs) };
    const answer = await subgraph.execute({ document: parse(operation), variables, context });
    if (!('data' in answer)) throw new Error(`A sample of the ${name} subgraph was answered by a stream.`);
    if (answer.errors) throw new Error(`A sample was refused by the ${name} subgraph: ${answer.errors[0]?.message}`);
    return Object.values(answer.data!)[0] as Answer;
  }

  /** What `look` finds as soon as it finds something; null when that takes too long. */
  async waitFor<Found>(look: () => Promise<Found | null>): Promise<Found | null> {
    for (;;) {
      const found = await look();
      if (found !== null || Date.now() >= this.until) return found;
      await delay(lookMs);
    }
  }
}
