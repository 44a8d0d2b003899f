import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { parse } from 'graphql';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { buildSchemaSync, createResolversMap } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { checkAction } from './Allow.js';
import { takeDirectResolvers } from './directResolvers.js';
import type { ResolversByType } from './directResolvers.js';
import { schemaExtension, withListSizes } from './graphDirectives.js';
import type { GraphqlContext } from './GraphqlContext.js';

/** Loads the entity that a gateway's representation names; null when it is not in this workspace. */
export type ReferenceResolver = (
  reference: { readonly id: string },
  context: GraphqlContext,
  info: GraphQLResolveInfo,
) => unknown;

export interface FederatedSchemaOptions {
  /** Instances of the type-graphql resolver classes, with their services inside. */
  readonly resolvers: readonly object[];
  /** Entities that only `_entities` reaches. */
  readonly orphanedTypes?: readonly ClassType[];
  /** By GraphQL type name. */
  readonly references: Readonly<Record<string, ReferenceResolver>>;
}

export interface FederatedSchema {
  readonly schema: GraphQLSchema;
  /** What `_service` answers and what the supergraph is composed of. */
  readonly sdl: string;
  /** As type-graphql built it: still carries the action of each field. */
  readonly declared: GraphQLSchema;
}

/** Turns type-graphql resolver classes into a Federation 2 subgraph. */
export function buildFederatedSchema(options: FederatedSchemaOptions): FederatedSchema {
  const instances = new Map(options.resolvers.map((resolver) => [resolver.constructor, resolver]));
  const declared = buildSchemaSync({
    resolvers: options.resolvers.map((resolver) => resolver.constructor) as [Function, ...Function[]],
    orphanedTypes: [...(options.orphanedTypes ?? [])],
    container: { get: (resolverClass: Function) => instances.get(resolverClass) },
    authChecker: checkAction,
    validate: false,
    skipCheck: true,
    // type-graphql asks for one as soon as there is a subscription; ours all have a `subscribe` of their own.
    pubSub: { publish: () => undefined, subscribe: () => nothing() },
  });
  describeRoots(declared);
  const resolvers = createResolversMap(declared) as unknown as GraphQLResolverMap<GraphqlContext>;
  takeDirectResolvers(resolvers as ResolversByType, options.orphanedTypes ?? [], (resolverClass) =>
    instances.get(resolverClass),
  );
  for (const [typeName, resolve] of Object.entries(options.references)) {
    const entry = resolvers[typeName] as Record<string, unknown> | undefined;
    if (!entry) throw new Error(`${typeName} has a reference resolver but is not in the schema.`);
    entry['__resolveReference'] = (
      reference: { id: string; __typename: string },
      context: GraphqlContext,
      info: GraphQLResolveInfo,
    ) => withTypename(resolve(reference, context, info), typeName);
  }
  const typeDefs = withListSizes(parse(`${schemaExtension}\n${printSchemaWithDirectives(declared)}`));
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);
  return { schema, sdl: printSubgraphSchema(schema), declared };
}

/** type-graphql makes the root types of the resolvers' fields, and takes no words for them. */
function describeRoots(schema: GraphQLSchema): void {
  const roots = [
    [schema.getQueryType(), 'What can be read.'],
    [schema.getMutationType(), 'What can be changed: each field takes one input and answers a payload of its own.'],
    [schema.getSubscriptionType(), 'What can be watched.'],
  ] as const;
  for (const [type, description] of roots) if (type) type.description = description;
}

async function* nothing(): AsyncGenerator<never> {}

/** `_entities` finds the type of what comes back by its __typename. */
async function withTypename(found: unknown, typeName: string): Promise<unknown> {
  const entity = await found;
  return typeof entity === 'object' && entity !== null
    ? Object.assign(Object.create(Object.getPrototypeOf(entity) as object) as object, entity, { __typename: typeName })
    : null;
}
