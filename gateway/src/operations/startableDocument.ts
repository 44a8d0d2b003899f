import {
  Kind,
  visit,
  type ArgumentNode,
  type ConstValueNode,
  type DocumentNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { OperationParts } from './OperationParts.js';
import type { StreamField } from './streamFields.js';

/** An operation that subscribes to a stream, with the variable that says where it begins. */
export interface StartableDocument {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly afterVariable: string;
}

/**
 * The same operation with its start in a variable, also when the client wrote it into the document or left it out: only
 * so can it go on behind any event. What was written stays as the variable's default. Null: it subscribes to no stream.
 */
export function startableDocument(
  { document, definition: operation, rootFields }: Pick<OperationParts, 'document' | 'definition' | 'rootFields'>,
  streams: ReadonlyMap<string, StreamField>,
): StartableDocument | null {
  const [root, ...others] = rootFields;
  const stream = root && others.length === 0 ? streams.get(root.name.value) : undefined;
  if (!root || !stream) return null;
  const written = root.arguments?.find(({ name }) => name.value === 'after');
  if (written?.value.kind === Kind.VARIABLE) return { document, operation, afterVariable: written.value.name.value };
  const name = freeName(document);
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
  const argument: ArgumentNode = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'after' }, value: variable };
  const definition: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable,
    type: stream.afterType,
    ...(written && written.value.kind !== Kind.NULL ? { defaultValue: written.value as ConstValueNode } : {}),
  };
  const changed = visit(document, {
    Field: (field) =>
      field === root
        ? { ...field, arguments: [...(field.arguments ?? []).filter((each) => each !== written), argument] }
        : undefined,
    OperationDefinition: {
      leave: (each, _key, _parent, path) =>
        document.definitions[path[1] as number] === operation
          ? { ...each, variableDefinitions: [...(each.variableDefinitions ?? []), definition] }
          : undefined,
    },
  });
  const place = document.definitions.indexOf(operation);
  return { document: changed, operation: changed.definitions[place] as OperationDefinitionNode, afterVariable: name };
}

function freeName(document: DocumentNode): string {
  const taken = new Set<string>();
  visit(document, { Name: ({ value }) => void taken.add(value) });
  let name = 'after';
  while (taken.has(name)) name += '_';
  return name;
}
