import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { KnownOperation } from '../operations/KnownOperation.js';
import type { OperationContext } from '../result/OperationContext.js';
import type { Engine } from './createEngine.js';

/** An operation that may be executed. */
export interface PreparedOperation {
  readonly enveloped: ReturnType<Engine['enveloped']>;
  readonly text: string;
  readonly known: KnownOperation;
  /** Those of `known`, or for a stream the same with its start in a variable. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
  readonly cost: number;
}
