import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';

export interface DocumentMeasures {
  /** `@…` anywhere in the document. */
  readonly directives: number;
  /** Fields that stand in one selection a second time or more, under the same name. Validation compares each with each. */
  readonly repeatedFields: number;
  /** Named ones. Validation compares each with each. */
  readonly fragments: number;
}

/** Measures a document as it is written, each fragment once. */
export function measureDocument(document: DocumentNode): DocumentMeasures {
  let directives = 0;
  let repeatedFields = 0;
  let fragments = 0;

  const measure = (selectionSet: SelectionSetNode, seen: Set<string>): void => {
    for (const selection of selectionSet.selections) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        if (seen.has(key)) repeatedFields += 1;
        seen.add(key);
        if (selection.selectionSet) measure(selection.selectionSet, new Set());
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        measure(selection.selectionSet, seen);
      }
    }
  };

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments += 1;
    directives += definition.directives?.length ?? 0;
    for (const variable of definition.variableDefinitions ?? []) directives += variable.directives?.length ?? 0;
    measure(definition.selectionSet, new Set());
  }
  return { directives, repeatedFields, fragments };
}
