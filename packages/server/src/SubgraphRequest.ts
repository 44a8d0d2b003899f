import type { DocumentNode } from 'graphql';
import type { GraphqlContext } from './GraphqlContext.js';

/** A parsed, valid operation, and who asks. */
export interface SubgraphRequest {
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly context: GraphqlContext;
}
