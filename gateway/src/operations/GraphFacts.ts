import type { DocumentNode, GraphQLSchema } from 'graphql';
import { streamFieldsOf, type StreamField } from './streamFields.js';

/** What of the graph decides about operations: the same for as long as a gateway runs. */
export interface GraphFacts {
  readonly schema: GraphQLSchema;
  /** Subscription fields that can be resumed, by name. */
  readonly streams: ReadonlyMap<string, StreamField>;
}

/** `schema`: what clients see of the supergraph. */
export function readGraphFacts(supergraph: DocumentNode, schema: GraphQLSchema): GraphFacts {
  return { schema, streams: streamFieldsOf(supergraph) };
}
