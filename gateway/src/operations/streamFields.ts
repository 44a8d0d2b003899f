import {
  Kind,
  print,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';

/** A field of Subscription whose events are numbered and can be taken up again behind any of them. */
export interface StreamField {
  readonly name: string;
  /** Its argument `after`, as it is declared. */
  readonly afterType: TypeNode;
  /** Its page form, a field of Query. Null: it has none. */
  readonly page: PageField | null;
}

/** A field of Query that gives the events of a stream as a page: the stream's own arguments and `first`, and the same event as its node. */
export interface PageField {
  readonly name: string;
  /** Its argument `first`, as it is declared. */
  readonly firstType: TypeNode;
}

const positionFields = ['sequence', 'cursor', 'previousCursor'];

/** The streams of a supergraph, by name: subscription fields with an argument `after` whose events have sequence, cursor and previousCursor. */
export function streamFieldsOf(supergraph: DocumentNode): ReadonlyMap<string, StreamField> {
  const types = new Map<string, ObjectTypeDefinitionNode>();
  let [query, subscription] = ['Query', 'Subscription'];
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) types.set(definition.name.value, definition);
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const { operation, type } of definition.operationTypes) {
      if (String(operation) === 'query') query = type.name.value;
      if (String(operation) === 'subscription') subscription = type.name.value;
    }
  }
  const queries = types.get(query)?.fields ?? [];
  const streams = new Map<string, StreamField>();
  for (const field of types.get(subscription)?.fields ?? []) {
    const afterType = field.arguments?.find(({ name }) => name.value === 'after')?.type;
    const event = types.get(namedType(field));
    if (!afterType || !event || !positionFields.every((name) => hasField(event, name))) continue;
    const page = queries.find((each) => isPageOf(each, field, types));
    const firstType = page && typesOfArguments(page).get('first');
    streams.set(field.name.value, {
      name: field.name.value,
      afterType,
      page: page && firstType ? { name: page.name.value, firstType } : null,
    });
  }
  return streams;
}

function isPageOf(
  page: FieldDefinitionNode,
  stream: FieldDefinitionNode,
  types: ReadonlyMap<string, ObjectTypeDefinitionNode>,
): boolean {
  const edges = types.get(namedType(page))?.fields?.find(({ name }) => name.value === 'edges');
  const node = edges && types.get(namedType(edges))?.fields?.find(({ name }) => name.value === 'node');
  if (!node || namedType(node) !== namedType(stream)) return false;
  const wanted = typesOfArguments(stream);
  const given = typesOfArguments(page);
  return (
    given.has('first') &&
    given.size === wanted.size + 1 &&
    [...wanted].every(([name, type]) => given.has(name) && print(given.get(name)!) === print(type))
  );
}

function typesOfArguments(field: FieldDefinitionNode): ReadonlyMap<string, TypeNode> {
  return new Map(field.arguments?.map(({ name, type }) => [name.value, type]));
}

function hasField(type: ObjectTypeDefinitionNode, wanted: string): boolean {
  return type.fields?.some(({ name }) => name.value === wanted) ?? false;
}

function namedType(field: FieldDefinitionNode): string {
  return print(field.type).replace(/[[\]!]/g, '');
}
