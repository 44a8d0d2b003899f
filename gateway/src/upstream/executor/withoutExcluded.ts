import { Kind, visit, type DirectiveNode, type DocumentNode, type SelectionNode } from 'graphql';

/**
 * The same operations without what `@skip(if: true)` and `@include(if: false)` exclude whoever asks. The planner knows no
 * selection with nothing in it: there it finds `__typename`, which nobody is shown.
 */
export function withoutExcluded(document: DocumentNode): DocumentNode {
  const unlessExcluded = (selection: SelectionNode) => (selection.directives?.some(excludes) ? null : undefined);
  return visit(document, {
    Field: unlessExcluded,
    InlineFragment: unlessExcluded,
    FragmentSpread: unlessExcluded,
    SelectionSet: {
      leave: (selectionSet) =>
        selectionSet.selections.length === 0
          ? { ...selectionSet, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }] }
          : undefined,
    },
  });
}

function excludes({ name, arguments: given = [] }: DirectiveNode): boolean {
  const value = given.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind !== Kind.BOOLEAN) return false;
  return name.value === 'skip' ? value.value : name.value === 'include' && !value.value;
}
