import type { DocumentNode, ExecutionResult, GraphQLError } from 'graphql';

/** One call of a subgraph, as its plan has it. The document is the same object each time. */
export interface PlannedCall {
  readonly subgraph: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly operationType: 'query' | 'mutation' | 'subscription';
}

export type CallAnswer = ExecutionResult | AsyncIterable<ExecutionResult>;

/** One operation, or one event of a subscription, on its way through a plan. */
export interface PlanRun {
  /** By planned key. Grows with each answer. */
  data: Record<string, unknown>;
  readonly errors: GraphQLError[];
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  call(call: PlannedCall, variables: Record<string, unknown> | undefined): Promise<CallAnswer> | CallAnswer;
}

/** A part of a plan. It never throws: what fails is in the run's errors. */
export type Step = (run: PlanRun) => Promise<void> | undefined;
