import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { KnownOperation } from '../operations/KnownOperation.js';
import type { OperationContext } from '../result/OperationContext.js';
import type { CallSubgraph } from './calls/SubgraphCall.js';

/** An operation that is valid, for whom it runs, and with variables as they came. */
export interface EngineRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
  /** Keeps what is found out about the operation's fetches. */
  readonly known?: KnownOperation;
}

export interface ValidationOptions {
  readonly maxErrors: number;
  readonly hideSuggestions: boolean;
}

/** Plans operations over the supergraph and runs their plans. */
export interface Engine {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  validate(document: DocumentNode, options: ValidationOptions): readonly GraphQLError[];
  execute(request: EngineRequest): Promise<ExecutionResult>;
  /** A result where the subscription is refused. */
  subscribe(request: EngineRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
  close(): Promise<void>;
}

/** What an engine is made of: the same for ours and for the one as shipped. */
export interface EngineParts {
  /** Composed by `npm run schema`. */
  readonly supergraphSdl: string;
  readonly callerOf: (subgraph: string) => CallSubgraph;
}
