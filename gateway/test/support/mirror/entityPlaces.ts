import {
  getNamedType,
  isAbstractType,
  isObjectType,
  isOutputType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { requiredArguments } from './literals.js';

/** Where an operation comes to an entity. */
export interface EntityPlace {
  readonly entity: GraphQLObjectType;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** The root field with this selection at that place. */
  field(selection: string): string;
}

const longest = 4;

/** For each kind of operation, one way to each field, wherever in the graph, that answers with an entity. */
export function entityPlaces(schema: GraphQLSchema, entities: ReadonlySet<string>): EntityPlace[] {
  const places: EntityPlace[] = [];
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  for (const [kind, root] of roots) {
    const seen = new Set<string>();
    for (const field of Object.values(root?.getFields() ?? {})) {
      walk(kind, field, (selection) => selection, 1, seen);
    }
  }
  return places;

  function walk(
    kind: EntityPlace['kind'],
    field: GraphQLField<unknown, unknown>,
    wrap: (selection: string) => string,
    depth: number,
    seen: Set<string>,
  ): void {
    const type = getNamedType(field.type);
    if (!isOutputType(type)) return;
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    for (const object of possible) {
      const inside = (selection: string): string =>
        wrap(
          `${field.name}${requiredArguments(field)} { ${isAbstractType(type) ? `... on ${object.name} { ${selection} }` : selection} }`,
        );
      if (entities.has(object.name)) places.push({ entity: object, kind, field: inside });
      if (depth === longest) continue;
      for (const next of Object.values(object.getFields())) {
        const coordinate = `${object.name}.${next.name}`;
        if (seen.has(coordinate) || !isComposite(next)) continue;
        seen.add(coordinate);
        walk(kind, next, inside, depth + 1, seen);
      }
    }
  }
}

export function isComposite(field: GraphQLField<unknown, unknown>): boolean {
  const type = getNamedType(field.type);
  return isObjectType(type) || isAbstractType(type);
}
