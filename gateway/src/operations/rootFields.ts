import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fields at the top of an operation, fragments opened. Skipped ones (`@skip`, `@include`) count too. */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldNode[] {
  const fields: FieldNode[] = [];
  const opened = new Set<string>();
  const collect = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        fields.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!opened.has(selection.name.value)) {
        opened.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return fields;
}

/** `__schema` and `__type` tell of the schema; `__typename` tells nothing and belongs to neither side. */
export function isSchemaField(field: FieldNode): boolean {
  return field.name.value === '__schema' || field.name.value === '__type';
}

/** Whether the operation asks about the schema and nothing else. */
export function isIntrospection(fields: readonly FieldNode[]): boolean {
  return fields.some(isSchemaField) && fields.every((field) => field.name.value.startsWith('__'));
}
