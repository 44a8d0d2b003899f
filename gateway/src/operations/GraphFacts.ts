import type { DocumentNode, GraphQLSchema } from 'graphql';
import { readGraphDirectives, type GraphDirectives } from './graphDirectives.js';
import { streamFieldsOf, type StreamField } from './streamFields.js';

/** What of the graph decides about operations: the same for as long as a supergraph is served. */
export interface GraphFacts extends GraphDirectives {
  readonly schema: GraphQLSchema;
  /** Subscription fields that can be resumed, by name. */
  readonly streams: ReadonlyMap<string, StreamField>;
}

/** `schema`: what clients see of the supergraph. Throws a ConfigError when the supergraph lacks a directive that it must have. */
export function readGraphFacts(supergraph: DocumentNode, schema: GraphQLSchema): GraphFacts {
  return { ...readGraphDirectives(supergraph), schema, streams: streamFieldsOf(supergraph) };
}
