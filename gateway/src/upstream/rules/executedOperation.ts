import {
  getOperationAST,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { EngineContext, OperationContext } from '../../result/OperationContext.js';
import { rootFieldsOf } from '../../operations/rootFields.js';

export interface ExecutedOperation {
  readonly operation: OperationDefinitionNode;
  readonly rootFields: readonly FieldNode[];
  readonly schema: GraphQLSchema;
  readonly context: OperationContext;
}

interface HookArguments {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly contextValue: EngineContext;
}

/** What a hook around execution wants to know of its operation; `args` are those that the engine hands to the hook. */
export function executedOperation(args: unknown): ExecutedOperation {
  const { schema, document, operationName, contextValue } = args as HookArguments;
  const operation = getOperationAST(document, operationName);
  // OperationRunner has refused a document without a clear operation.
  if (!operation) throw new Error('There is no operation to execute.');
  return { operation, rootFields: rootFieldsOf(document, operation), schema, context: contextValue.tributary };
}
