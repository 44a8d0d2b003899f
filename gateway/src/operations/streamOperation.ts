import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { GraphFacts } from './GraphFacts.js';
import type { OperationParts } from './OperationParts.js';
import { shareableOperation, type ShareableOperation } from './shareableOperation.js';
import { startableDocument } from './startableDocument.js';

/** A subscription to a stream, ready to begin behind any of its events. */
export interface StreamOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variable that says where it begins. */
  readonly afterVariable: string;
  /** Null: each watcher needs an execution of its own. */
  readonly share: ShareableOperation | null;
}

/** Null: it subscribes to no stream. */
export function streamOperation(known: OperationParts, graph: GraphFacts): StreamOperation | null {
  const start = startableDocument(known, graph.streams);
  if (!start) return null;
  return { ...start, share: shareableOperation(start.document, start.operation, graph) };
}
