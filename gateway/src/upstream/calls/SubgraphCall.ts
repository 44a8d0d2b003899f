import type { DocumentNode, ExecutionResult } from 'graphql';
import type { CallLimit } from './CallLimit.js';
import type { EngineContext } from '../EngineContext.js';

/** One call of a subgraph, as an engine makes it. The document is the same object each time that its plan runs. */
export interface SubgraphCall {
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly operationType?: string | undefined;
  readonly context?: EngineContext | undefined;
}

type CallAnswer = ExecutionResult | AsyncIterable<ExecutionResult>;

export type CallSubgraph = (call: SubgraphCall) => Promise<CallAnswer> | CallAnswer;

/** Carries one try of a call to its subgraph. Throws CallFailure when it brings no answer. */
export type CarryCall = (call: SubgraphCall, limit: CallLimit) => Promise<CallAnswer>;

/** What is done around each call of a subgraph. `next` is the call itself, with the policies inside of this one around it. */
export type CallPolicy = (next: CallSubgraph, subgraph: string) => CallSubgraph;

/** The call with all policies around it, the first of them innermost. */
export function withPolicies(call: CallSubgraph, subgraph: string, policies: readonly CallPolicy[]): CallSubgraph {
  return policies.reduce((next, policy) => policy(next, subgraph), call);
}
