import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { KnownOperation } from '../operations/KnownOperation.js';
import type { EngineRequest } from './Engine.js';

/** An operation that may be executed. */
export interface PreparedOperation extends EngineRequest {
  readonly text: string;
  readonly known: KnownOperation;
  /** Those of `known`, or for a stream the same with its start in a variable. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly cost: number;
}
