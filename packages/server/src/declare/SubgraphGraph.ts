import type { ClassType } from 'type-graphql';
import type { Reference } from '../Reference.js';

/** What resolves a subgraph's part of the graph. */
export interface GraphqlParts {
  /** Instances of the type-graphql resolver classes, with their services inside. */
  readonly resolvers: readonly object[];
  /** Types that no field of this subgraph reaches by itself. */
  readonly types?: readonly ClassType[];
}

/** A subgraph's part of the graph: what its `graphql/` folder has. */
export interface SubgraphGraph<Services> {
  readonly parts: (services: Services) => GraphqlParts;
  /** By GraphQL type name: every entity of its schema that has a key. */
  readonly references: Readonly<Record<string, Reference<Services>>>;
}
