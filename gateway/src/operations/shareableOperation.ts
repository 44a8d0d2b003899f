import {
  getNamedType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './fragmentsOf.js';
import type { GraphFacts } from './GraphFacts.js';
import { rootFieldsOf } from './rootFields.js';

/** What of an operation does not depend on who sent it: found once for a document. */
export interface ShareableOperation {
  /** The variable that `after` comes from; null when the document has no `after`. */
  readonly afterVariable: string | null;
  readonly rootKey: string;
  /** Under which names the event's previousCursor was asked for. */
  readonly previousCursorKeys: readonly string[];
}

/**
 * Whether watchers may share an operation: it subscribes to one stream, unconditionally; where it begins is left to a
 * variable that serves nothing else; and it reaches nothing personal. Null: they may not.
 */
export function shareableOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { schema, streams, perViewer }: Pick<GraphFacts, 'schema' | 'streams' | 'perViewer'>,
): ShareableOperation | null {
  const fragments = fragmentsOf(document);
  const [root, ...others] = rootFieldsOf(operation, fragments);
  if (!root?.selectionSet || others.length > 0 || !streams.has(root.name.value)) return null;
  if ((root.directives?.length ?? 0) > 0 || operation.selectionSet.selections[0] !== root) return null;
  const after = root.arguments?.find(({ name }) => name.value === 'after')?.value;
  if (after && after.kind !== Kind.VARIABLE && after.kind !== Kind.NULL) return null;
  const afterVariable = after?.kind === Kind.VARIABLE ? after.name.value : null;
  if (afterVariable !== null && !isFree(document, operation, afterVariable)) return null;
  if (isPersonal(schema, perViewer, document)) return null;
  return {
    afterVariable,
    rootKey: root.alias?.value ?? root.name.value,
    previousCursorKeys: keysOf(fragments, root, 'previousCursor'),
  };
}

/** Nullable, without a default, and used in one place. */
function isFree(document: DocumentNode, operation: OperationDefinitionNode, name: string): boolean {
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  if (!definition || definition.defaultValue || definition.type.kind === Kind.NON_NULL_TYPE) return false;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: (variable) => {
      if (variable.name.value === name) uses += 1;
    },
  });
  return uses === 1;
}

/** Whether it reaches a type whose content depends on the person that asks. */
function isPersonal(schema: GraphQLSchema, perViewer: ReadonlySet<string>, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let personal = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        const type = types.getType();
        if (type && perViewer.has(getNamedType(type).name)) personal = true;
      },
      InlineFragment: () => {
        const type = types.getType();
        if (type && perViewer.has(getNamedType(type).name)) personal = true;
      },
      FragmentDefinition: ({ typeCondition }) => {
        if (perViewer.has(typeCondition.name.value)) personal = true;
      },
    }),
  );
  return personal;
}

function keysOf(fragments: ReadonlyMap<string, FragmentDefinitionNode>, root: FieldNode, name: string): string[] {
  const keys = new Set<string>();
  const collect = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet);
      } else if (selection.name.value === name) keys.add(selection.alias?.value ?? name);
    }
  };
  collect(root.selectionSet!);
  return [...keys];
}
