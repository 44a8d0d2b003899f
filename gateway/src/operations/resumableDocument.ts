import {
  Kind,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { StreamField } from './streamFields.js';
import type { StreamPosition } from '../result/StreamPosition.js';

/** A subscription to a stream in the two forms that are sent to its subgraph. Both ask for the position of each event. */
export interface ResumableDocument {
  /** Begins where the client asked for. */
  readonly first: DocumentNode;
  /** Goes on behind the cursor in the variable `afterVariable`. */
  readonly resumed: DocumentNode;
  readonly afterVariable: string;
  /** Takes the position out of an event and leaves what was asked for. Null when the event has none. */
  split(
    data: Record<string, unknown>,
  ): { readonly position: StreamPosition; readonly data: Record<string, unknown> } | null;
}

/** Null when the document, one fetch of a query plan, does not subscribe to a stream. */
export function resumableDocument(
  document: DocumentNode,
  streams: ReadonlyMap<string, StreamField>,
): ResumableDocument | null {
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const fields =
    operation?.selectionSet.selections.filter((selection): selection is FieldNode => selection.kind === Kind.FIELD) ??
    [];
  const root = fields.find((field) => streams.has(field.name.value));
  if (!operation || String(operation.operation) !== 'subscription' || !root?.selectionSet) return null;
  const stream = streams.get(root.name.value)!;
  const taken = namesIn(document);
  const keys = {
    sequence: free('_sequence', taken),
    cursor: free('_cursor', taken),
    previousCursor: free('_previousCursor', taken),
  };
  const afterVariable = free('_after', taken);
  const positioned: FieldNode = {
    ...root,
    selectionSet: {
      ...root.selectionSet,
      selections: [
        ...root.selectionSet.selections,
        ...Object.entries(keys).map(([name, alias]) => aliased(name, alias)),
      ],
    },
  };
  const resumed: FieldNode = {
    ...positioned,
    arguments: [
      ...(root.arguments ?? []).filter(({ name }) => name.value !== 'after'),
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'after' },
        value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: afterVariable } },
      },
    ],
  };
  const variable: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: afterVariable } },
    type: stream.afterType,
    directives: [] as ConstDirectiveNode[],
  };
  const rootKey = root.alias?.value ?? root.name.value;
  return {
    first: withRoot(document, operation, root, positioned, []),
    resumed: withRoot(document, operation, root, resumed, [variable]),
    afterVariable,
    split(data) {
      const event = data[rootKey];
      if (typeof event !== 'object' || event === null) return null;
      const {
        [keys.sequence]: sequence,
        [keys.cursor]: cursor,
        [keys.previousCursor]: previousCursor,
        ...asked
      } = event as Record<string, unknown>;
      if (typeof sequence !== 'number' || typeof cursor !== 'string') return null;
      return {
        position: { sequence, cursor, previousCursor: typeof previousCursor === 'string' ? previousCursor : null },
        data: { ...data, [rootKey]: asked },
      };
    },
  };
}

function withRoot(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  before: FieldNode,
  after: FieldNode,
  added: readonly VariableDefinitionNode[],
): DocumentNode {
  const changed: OperationDefinitionNode = {
    ...operation,
    selectionSet: {
      ...operation.selectionSet,
      selections: operation.selectionSet.selections.map((selection) => (selection === before ? after : selection)),
    },
  };
  const definitions = document.definitions.map((definition) => (definition === operation ? changed : definition));
  const used = usedVariables({ ...document, definitions });
  const declared = [...(operation.variableDefinitions ?? []), ...added];
  const complete: OperationDefinitionNode = {
    ...changed,
    variableDefinitions: declared.filter(({ variable }) => used.has(variable.name.value)),
  };
  return {
    ...document,
    definitions: definitions.map((definition) => (definition === changed ? complete : definition)),
  };
}

function usedVariables(document: DocumentNode): Set<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: (variable) => void used.add(variable.name.value),
  });
  return used;
}

function namesIn(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  visit(document, { Name: (name) => void names.add(name.value) });
  return names;
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name)) name += '_';
  return name;
}

function aliased(name: string, alias: string): FieldNode {
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: alias }, name: { kind: Kind.NAME, value: name } };
}
