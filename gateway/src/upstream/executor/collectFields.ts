import {
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { TypeConditions } from './TypeConditions.js';

/** A document's fragments, and what decides on its @skip and @include. */
export interface SelectionContext {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly types: TypeConditions;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The fields that an object of this type answers, by key, in the order of the document, with all that is asked of each. */
export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  typeName: string,
  context: SelectionContext,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const opened = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, context.variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = fields.get(key);
        if (known) known.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        // What it holds is there already.
        if (opened.has(selection.name.value)) continue;
        opened.add(selection.name.value);
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      if (fragment && (condition === undefined || context.types.meantBy([condition]).has(typeName)))
        collect(fragment.selectionSet);
    }
  };
  selectionSets.forEach(collect);
  return fields;
}

function isIncluded({ directives = [] }: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  return directives.every((directive) => {
    if (directive.name.value === 'skip') return !holds(directive, variables);
    return directive.name.value !== 'include' || holds(directive, variables);
  });
}

function holds({ arguments: given = [] }: DirectiveNode, variables: Readonly<Record<string, unknown>>): boolean {
  const value = given.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value] === true;
  return value?.kind === Kind.BOOLEAN && value.value;
}
