import type { Executor } from '@graphql-mesh/transport-common';

/** What is done around each call of a subgraph. `next` is the call itself, with the policies inside of this one around it. */
export type CallPolicy = (next: Executor, subgraph: string) => Executor;

/** The call with all policies around it, the first of them innermost. */
export function withPolicies(call: Executor, subgraph: string, policies: readonly CallPolicy[]): Executor {
  return policies.reduce((next, policy) => policy(next, subgraph), call);
}
