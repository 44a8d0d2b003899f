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
}

const positionFields = ['sequence', 'cursor', 'previousCursor'];

/** The streams of a supergraph, by name: subscription fields with an argument `after` whose events have sequence, cursor and previousCursor. */
export function streamFieldsOf(supergraph: DocumentNode): ReadonlyMap<string, StreamField> {
  const types = new Map<string, ObjectTypeDefinitionNode>();
  let subscription = 'Subscription';
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) types.set(definition.name.value, definition);
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    const named = definition.operationTypes.find(({ operation }) => String(operation) === 'subscription');
    if (named) subscription = named.type.name.value;
  }
  const streams = new Map<string, StreamField>();
  for (const field of types.get(subscription)?.fields ?? []) {
    const afterType = field.arguments?.find(({ name }) => name.value === 'after')?.type;
    const event = types.get(namedType(field));
    const names = new Set(event?.fields?.map(({ name }) => name.value));
    if (afterType && positionFields.every((name) => names.has(name)))
      streams.set(field.name.value, { name: field.name.value, afterType });
  }
  return streams;
}

function namedType(field: FieldDefinitionNode): string {
  return print(field.type).replace(/[[\]!]/g, '');
}
